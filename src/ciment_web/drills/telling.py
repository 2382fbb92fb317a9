"""The words around a drill: for whom, by what way, which reflex, and what the law itself answers."""

import logging
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.canon import CimentError
from ciment.law import qualify
from ciment_web.drills.casebook import Case
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.verdicts import describe_answer
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of, word_for

LOG = logging.getLogger("ciment")


def tell_audience(audience: str) -> str:
    """Return for whom a case is."""
    return {
        "worker": _("Pour toutes et tous"),
        "referent": _("Pour qui qualifie les demandes"),
        "signatory": _("Pour qui signe"),
    }[audience]


def tell_channel(channel: str) -> str:
    """Return the way a request comes."""
    return {
        "counter": _("au guichet"),
        "phone": _("au téléphone"),
        "email": _("par courriel"),
        "letter": _("par lettre"),
        "corridor": _("dans le couloir"),
        "street": _("dans la rue"),
        "visit": _("en visite au bureau"),
        "social": _("par message privé"),
    }[channel]


def tell_reflex(reflex: str) -> str:
    """Return a reflex as something to do."""
    return {
        "relay": _("Se taire, noter, passer le relais"),
        "help": _("Secourir d’abord : dire le strict nécessaire à qui peut sauver, noter ensuite"),
        "weigh": _("L’institution pèse, à plusieurs : parler est permis, jamais obligatoire"),
        "flow": _("Suivre le flux autorisé, rien de plus"),
        "directors": _("Transmettre sans délai à la direction générale ou à la présidence : la loi oblige l’institution à répondre"),
        "witness": _("Choisir soi-même de parler ou de se taire, après avoir pris conseil"),
        "not_obstruct": _("Ne pas s’opposer ; dire, pièce par pièce, ce que le secret couvre"),
        "access": _("Accueillir la demande : la personne exerce son droit"),
    }[reflex]  # fmt: skip


def tell_reflexes(case: Case) -> list[dict[str, Any]]:
    """Return each reflex of the case with the categories it goes for; one reflex for all needs no list."""
    grouped: dict[str, list[str]] = {}
    for category, reflex in case.expected.items():
        grouped.setdefault(reflex, []).append(word_for("category", category))
    return [
        {"text": tell_reflex(reflex), "about": capfirst(", ".join(words)) if len(grouped) > 1 else ""}
        for reflex, words in grouped.items()
    ]


def ask_the_law(institution: Institution, case: Case) -> list[dict[str, Any]]:
    """Return what the law pack answers to the facts of the case, as cards; nothing where no pack can be believed."""
    try:
        answer = qualify(pack_of(institution), case.facts, today(institution)).to_json(reading_language())
    except CimentError as error:
        LOG.warning("drill.unqualified", extra={"fields": {"error_type": type(error).__name__}})
        return []
    return describe_answer(answer, misses=0)
