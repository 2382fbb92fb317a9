"""What the pages say of each setting: its question, what holds without it, and what counts now, line by line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ciment_web.governance.absences import Absences
from ciment_web.governance.directory import Directory
from ciment_web.governance.gateway import Gateway
from ciment_web.governance.letterhead import Head
from ciment_web.governance.recusals import Recusals
from ciment_web.governance.rhythm import Rhythm
from ciment_web.governance.rota import Rota
from ciment_web.law import word_for

Names = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """A setting in words. `says` writes a value as lines, under the names of the members."""

    title: str
    lede: str
    default: str
    broken: str
    says: Callable[[Any, Names], list[str]]


def words_of(name: str) -> Words:
    """Return the words of a setting, in the reader's language."""
    return _WORDS[name]()


def _recusals() -> Words:
    return Words(
        _("Récusations par réglage"),
        _(
            "Qui siège aussi ailleurs – par exemple au collège communal – ne prend part à aucune demande qui en vient : ni nom, ni contenu, ni acte. Son accord n’y compte pas."
        ),
        _("Personne n’est récusé par réglage. Chacun dit encore, demande par demande, s’il est lié à l’affaire."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, plus personne ne prend part à aucune demande."
        ),
        _say_recusals,
    )


def _say_recusals(value: Recusals, names: Names) -> list[str]:
    return [
        _("%(name)s ne prend part à aucune demande de ce genre d’auteur : %(kinds)s")
        % {
            "name": names.get(member, _("Membre inconnu")),
            "kinds": ", ".join(word_for("requester", kind) for kind in sorted(kinds)),
        }
        for member, kinds in sorted(value.by_member.items())
    ]


def _rota() -> Words:
    return Words(
        _("Permanence"),
        _(
            "Qui est prévenu d’abord quand une situation urgente est notée, et qui l’est ensuite si personne ne la lit. Les alertes ne disent rien du contenu."
        ),
        _("Sans tour de permanence, tous les signataires sont prévenus aussitôt."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, tous les signataires sont prévenus aussitôt et aucun numéro n’est imprimé."
        ),
        _say_rota,
    )


def _say_rota(value: Rota, names: Names) -> list[str]:
    now = timezone.now()
    lines = []
    if value.phone:
        lines.append(_("Téléphone : %(phone)s") % {"phone": value.phone})
    if value.second_phone:
        lines.append(_("Si elle ne répond pas : %(phone)s") % {"phone": value.second_phone})
    for turn in value.turns:
        if turn.end <= now:
            continue
        said = _("Du %(start)s au %(end)s : %(name)s") % {
            "start": _minute(turn.start),
            "end": _minute(turn.end),
            "name": names.get(turn.member, _("Membre inconnu")),
        }
        then = ", ".join(names.get(each, _("Membre inconnu")) for each in turn.deputies)
        lines.append(_("%(turn)s, puis %(then)s") % {"turn": said, "then": then} if then else said)
    return lines


def _minute(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _gateway() -> Words:
    return Words(
        _("Passerelle SMS"),
        _(
            "Où les alertes sont aussi envoyées, pour qu’un téléphone sonne. Le message dit un genre, une minute et un lien ; jamais un contenu, un nom ni un numéro de personne."
        ),
        _("Aucune passerelle : les alertes partent par courriel."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, les alertes ne partent que par courriel."
        ),
        _say_gateway,
    )


def _say_gateway(value: Gateway, names: Names) -> list[str]:
    del names
    return [value.url] if value.url else []


def _directory() -> Words:
    return Words(
        _("Répertoire des autorités"),
        _(
            "Les standards que l’institution a cherchés elle-même, pour rappeler qui prétend appeler. Jamais un numéro venu avec une demande."
        ),
        _("Le répertoire est vide : chaque référent rappelle par un numéro qu’il a cherché lui-même."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, aucun numéro n’est proposé."
        ),
        _say_directory,
    )


def _say_directory(value: Directory, names: Names) -> list[str]:
    del names
    return [
        _("%(name)s (%(kind)s) : %(phone)s")
        % {"name": each.name, "kind": word_for("requester", each.kind), "phone": each.phone}
        for each in value
    ]


def _absences() -> Words:
    return Words(
        _("Absences et suppléances"),
        _(
            "Qui supplée une personne signataire absente, en vertu de quel acte. Les avis vont à qui supplée, qui signe sous son propre nom. Les sièges ne changent pas : qui n’en tient pas n’en combine aucun."
        ),
        _("Personne n’est noté absent."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, personne ne supplée."
        ),
        _say_absences,
    )


def _say_absences(value: Absences, names: Names) -> list[str]:
    return [
        _("%(name)s, du %(first)s au %(last)s ; %(deputy)s supplée (%(title)s)")
        % {
            "name": names.get(each.member, _("Membre inconnu")),
            "first": date_format(each.first, "j F Y"),
            "last": date_format(each.last, "j F Y"),
            "deputy": names.get(each.deputy, _("Membre inconnu")),
            "title": each.title,
        }
        for each in value
    ]


def _letterhead() -> Words:
    return Words(
        _("Lettres"),
        _("L’en-tête des lettres, et une phrase de l’institution à leur pied. Le texte du refus est fixe."),
        _("L’en-tête est celui de la fondation."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, l’en-tête est celui de la fondation."
        ),
        _say_letterhead,
    )


def _say_letterhead(value: Head, names: Names) -> list[str]:
    del names
    return [line for line in (*value.address, *value.contact, value.sentence) if line]


def _rhythm() -> Words:
    return Words(
        _("Délais"),
        _("Le temps qu’attend toute réponse, et le temps qu’une décision attend ses accords."),
        _("Les délais sont ceux de la fondation."),
        _(
            "Ce réglage ne correspond plus à ce qui a été signé. Tant qu’il n’est pas signé à nouveau, les délais sont ceux de la fondation."
        ),
        _say_rhythm,
    )


def _say_rhythm(value: Rhythm, names: Names) -> list[str]:
    del names
    return [
        _("Réponse : %(hours)d h après la décision") % {"hours": value.reply_delay_hours},
        _("Accords : jours ouvrables, %(days)d") % {"days": value.decision_days},
    ]


_WORDS: dict[str, Callable[[], Words]] = {
    "recusals": _recusals,
    "rota": _rota,
    "gateway": _gateway,
    "directory": _directory,
    "absences": _absences,
    "letterhead": _letterhead,
    "rhythm": _rhythm,
}
