"""French words for what the register says in public names."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ciment.canon import Json, encode
from ciment.law import UnknownWord
from ciment_web.law import word_for

# Attributes of entries whose values are words of the law pack under another name.
_VALUES_OF = {"categories": "category", "verdicts": "verdict"}


def describe_kinds() -> dict[str, str]:
    """Return the words for every public kind."""
    return {
        "act": _("acte interne, contenu scellé"),
        "ceremony": _("cérémonie des clés de l’institution"),
        "freeze": _("gel"),
        "gap": _("lacune constatée"),
        "institution": _("réglage de l’institution"),
        "law_pack": _("recueil de règles"),
        "qualified": _("demande d’information qualifiée"),
        "received": _("demande d’information reçue"),
        "refused": _("demande d’information refusée"),
        "released": _("communication"),
        "witness_change": _("changement de contresignataire"),
    }


def describe_attributes(attributes: Mapping[str, tuple[str, ...]]) -> list[tuple[str, list[str]]]:
    """Return (name, values) in words; a word of a pack that is no longer shipped is shown as it was written."""
    names = {"categories": _("informations demandées"), "verdicts": _("ce que dit le droit")}
    described = []
    for name in sorted(attributes, key=_position):
        kind = _VALUES_OF.get(name, name)
        title = names.get(name) or _word("attribute", name)
        described.append((title, [_word(kind, value) for value in attributes[name]]))
    return described


def describe_acts() -> dict[str, str]:
    """Return the words for the acts that traces name."""
    return {
        "answered.told": _("a dit avoir déjà répondu"),
        "ceremony.contribution": _("a remis sa contribution à la clé de l’institution"),
        "ceremony.done": _("a achevé la cérémonie des clés"),
        "ceremony.plan": _("a signé le plan de la cérémonie des clés"),
        "ceremony.planned": _("a proposé une cérémonie des clés"),
        "ceremony.roster": _("a signé la liste des sièges"),
        "copy.added": _("a ajouté une copie à communiquer"),
        "copy.read": _("a lu une copie à communiquer"),
        "copy.removed": _("a retiré une copie à communiquer"),
        "decision.approved": _("a donné son accord à une décision"),
        "decision.executed": _("a exécuté une décision de communication"),
        "decision.frozen": _("a soumis une décision de communication"),
        "decision.lapsed": _("a constaté l’expiration d’une décision"),
        "decision.objected": _("a refusé son accord à une décision"),
        "draft.kept": _("a déposé un message à enregistrer"),
        "inquiry.answer": _("a marqué la réponse comme partie"),
        "inquiry.close": _("a clos une demande"),
        "inquiry.duty_silenced": _("a choisi le silence malgré une obligation"),
        "inquiry.part_read": _("a ouvert une pièce d’une demande"),
        "inquiry.qualified": _("a qualifié une demande"),
        "inquiry.read": _("a lu une demande"),
        "inquiry.received": _("a enregistré une demande"),
        "inquiry.recusal": _("a dit si elle ou il doit se récuser"),
        "inquiry.refused": _("a signé un refus"),
        "inquiry.withdraw": _("a pris acte du retrait d’une demande"),
        "invitation.revoked": _("a retiré une invitation"),
        "member.countersigned": _("a contresigné l’inscription d’un membre"),
        "member.enrolled": _("s’est inscrit·e"),
        "necessity.completed": _("a complété une situation de nécessité"),
        "necessity.read": _("a lu une situation de nécessité"),
        "necessity.recorded": _("a ouvert une situation de nécessité"),
        "member.invited": _("a invité quelqu’un à devenir membre"),
        "member.left": _("a mis fin au service d’un membre"),
        "packet.fetched": _("a retiré un pli"),
        "register.details_read": _("a ouvert les détails d’une entrée"),
        "roster.pinned": _("a retenu la liste des signataires"),
        "session.closed": _("s’est déconnecté·e"),
        "session.opened": _("s’est connecté·e"),
    }


def describe_details(details: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return (name, value) of the details of a trace, besides act and actor."""
    names = {
        "ceremony": _("cérémonie"),
        "copy": _("copie"),
        "decision": _("décision"),
        "index": _("entrée du registre"),
        "inquiry": _("demande"),
        "invitation": _("invitation"),
        "member": _("membre"),
        "necessity": _("situation de nécessité"),
        "roles": _("rôles"),
        "subject": _("demande"),
        "title": _("titre légal"),
    }
    return [
        (names.get(name, name), value if isinstance(value, str) else encode(value).decode())
        for name, value in sorted(details.items())
        if name not in ("act", "actor")
    ]


def describe_refusal(reason: str) -> str:
    """Return why a proof does not hold, and what to do."""
    return {
        "checkpoint_refused": _(
            "Ce fichier de preuve n’est pas signé par le registre de cette institution. "
            "Vérifiez qu’il vient bien d’elle, et pas d’une autre."
        ),
        "document_differs": _(
            "Ce document n’est pas celui que la preuve nomme : un autre fichier, ou le même après modification. "
            "Choisissez le fichier tel que vous l’avez reçu, sans l’ouvrir ni l’enregistrer à nouveau."
        ),
        "document_unnamed": _(
            "L’entrée du registre ne nomme pas ce document. Demandez une nouvelle preuve à l’institution."
        ),
        "not_included": _("L’entrée n’est pas dans le registre signé. Demandez une nouvelle preuve à l’institution."),
        "opening_differs": _(
            "Les détails joints ne sont pas ceux de l’entrée. Demandez une nouvelle preuve à l’institution."
        ),
    }.get(reason, _("Cette preuve ne tient pas. Demandez une nouvelle preuve à l’institution."))


def _position(name: str) -> int:
    order = ("requester", "form", "ground", "categories", "verdicts")
    return order.index(name) if name in order else len(order)


def _word(kind: str, value: str) -> str:
    try:
        return word_for(kind, value)
    except UnknownWord:
        return value
