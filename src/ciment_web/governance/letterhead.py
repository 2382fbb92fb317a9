"""How the institution heads its letters, and the sentence of its own at their foot."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ciment.canon import Json
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current_on_host
from ciment_web.governance.reading import read_object, read_text
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.letters import Letterhead, RefusalLetter, render_refusal


@dataclass(frozen=True)
class Head:
    """Address and contact, line by line; the place of the date; a sentence at the foot, or none."""

    address: tuple[str, ...]
    contact: tuple[str, ...]
    place: str
    sentence: str = ""


def head_of(institution: Institution) -> Head:
    """Return the head that counts."""
    return current_on_host(institution, LETTERHEAD).value


def preview_head(institution: Institution, head: Head, day: date) -> bytes:
    """Return a refusal that nobody asked for, under a head that nobody has signed yet (PDF).

    Raises:
        UnprintableLetter: for words that no letter can show.
    """
    with writing_for(institution):
        return render_refusal(
            RefusalLetter(
                letterhead=Letterhead(
                    institution=institution.name,
                    address=head.address,
                    contact=head.contact,
                    language=institution.language,
                    sentence=head.sentence,
                ),
                reference="0000-0000",
                date=day,
                place=head.place,
                addressee=(_("Exemple : lettre que personne ne reçoit"),),
                subject=_("Exemple, pour voir l’en-tête"),
                signatory_name=_("Prénom et nom"),
                signatory_title=_("fonction"),
            )
        )


def _parse(value: Json) -> Head:
    fields = read_object(value, "address", "contact", "place", "sentence")
    address, contact = (read_text(fields[name], 400, lines=True).splitlines() for name in ("address", "contact"))
    if max(len(address), len(contact)) > 6:
        raise SettingRefused("too_many_lines")
    place = read_text(fields["place"], 100)
    if not address or not place.strip():
        raise SettingRefused("empty")
    return Head(tuple(address), tuple(contact), place, read_text(fields["sentence"], 300))


def _dump(head: Head) -> Json:
    return {
        "address": "\n".join(head.address),
        "contact": "\n".join(head.contact),
        "place": head.place,
        "sentence": head.sentence,
    }


def _founded(institution: Institution) -> Head:
    return Head(tuple(institution.address.splitlines()), tuple(institution.contact.splitlines()), institution.place)


LETTERHEAD: Setting[Head] = Setting("letterhead", _parse, _dump, _founded, _founded)
