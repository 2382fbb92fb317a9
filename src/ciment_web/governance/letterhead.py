"""How the institution heads its letters, and the sentence of its own at their foot."""

from dataclasses import dataclass

from ciment.canon import Json
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current, current_on_host
from ciment_web.governance.reading import read_object, read_text
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class Head:
    """Address and contact, line by line; the place of the date; a sentence at the foot, or none."""

    address: tuple[str, ...]
    contact: tuple[str, ...]
    place: str
    sentence: str = ""


def head_of(actor: Actor) -> Head:
    """Return the head that counts for the actor."""
    return current(actor, LETTERHEAD).value


def head_on_host(institution: Institution) -> Head:
    """Return the head of a page that anybody may print, signed in or not."""
    return current_on_host(institution, LETTERHEAD).value


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
