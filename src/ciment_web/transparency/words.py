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
        "confidence": _("une page de confidences a été ouverte ; par qui, le registre ne le dit à personne"),
        "copy.added": _("a ajouté une copie à communiquer"),
        "copy.read": _("a lu une copie à communiquer"),
        "copy.removed": _("a retiré une copie à communiquer"),
        "decision.adopted": _("a mis en vigueur un flux autorisé"),
        "decision.approved": _("a donné son accord à une décision"),
        "decision.executed": _("a exécuté une décision de communication"),
        "decision.frozen": _("a soumis une décision de communication"),
        "decision.lapsed": _("a constaté l’expiration d’une décision"),
        "decision.objected": _("a refusé son accord à une décision"),
        "flow.advised": _("a donné son avis sur un flux"),
        "flow.communication_read": _("a lu une communication notée dans un flux"),
        "flow.given_up": _("a retiré un flux"),
        "flow.listed": _("a vu la liste des flux"),
        "flow.noted": _("a noté une communication dans un flux"),
        "flow.proposed": _("a proposé ou déclaré un flux"),
        "flow.read": _("a lu un flux"),
        "flow.reviewed": _("a contrôlé une communication tirée au sort"),
        "flow.sample_entrusted": _("a confié un tirage à la personne déléguée"),
        "flow.shared": _("a donné un flux à lire à de nouveaux membres"),
        "flow.suspended": _("a suspendu un flux"),
        "mission.read": _("a lu des lignes du journal des actes de mission"),
        "mission.recorded": _("a noté un acte de mission"),
        "draft.kept": _("a déposé un message à enregistrer"),
        "freeze.read": _("a lu un gel"),
        "freeze.set": _("a gelé un accès"),
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
        "institution.founded": _("a fondé l’institution, depuis le serveur"),
        "institution.letterhead": _("a écrit l’en-tête des lettres"),
        "institution.rhythm": _("a fixé le rythme des réponses"),
        "invitation.revoked": _("a retiré une invitation"),
        "member.countersigned": _("a contresigné l’inscription d’un membre"),
        "member.enrolled": _("s’est inscrit·e"),
        "necessity.completed": _("a complété une situation de nécessité"),
        "necessity.read": _("a lu une situation de nécessité"),
        "necessity.recorded": _("a ouvert une situation de nécessité"),
        "member.invited": _("a invité quelqu’un à devenir membre"),
        "member.left": _("a mis fin au service d’un membre"),
        "packet.fetched": _("a retiré un pli"),
        "person.checked": _("a vérifié, en second, la demande d’une personne"),
        "person.confirmed": _("a dit si une demande concerne une personne"),
        "person.extended": _("a prolongé le délai d’une personne"),
        "person.findings_read": _("a lu ce qui a été trouvé pour une personne"),
        "person.handed": _("a remis un relevé"),
        "person.packet_fetched": _("a retiré le pli d’un relevé"),
        "person.read": _("a lu la demande d’une personne"),
        "person.readings_asked": _("a demandé les lectures pour un relevé"),
        "person.readings_extracted": _("a extrait des lectures du registre"),
        "person.recorded": _("a noté la demande d’une personne"),
        "person.searched": _("a cherché les demandes qui nomment une personne"),
        "person.stated": _("a établi un relevé"),
        "person.statement_read": _("a ouvert un relevé"),
        "person.taken_over": _("a repris une demande de rectification ou d’effacement"),
        "register.details_read": _("a ouvert les détails d’une entrée"),
        "register_key.handed_over": _("a remis la clé du détail du registre"),
        "roster.pinned": _("a retenu la liste des signataires"),
        "seizure.handed_over": _("a remis une pièce sous contrainte"),
        "seizure.hold_lifted": _("a levé le gel de l’effacement"),
        "seizure.noted": _("a noté un fait d’une perquisition ou d’une saisie"),
        "seizure.opened": _("a ouvert une perquisition ou une saisie"),
        "seizure.photo_read": _("a ouvert une photo d’une perquisition ou d’une saisie"),
        "seizure.printed": _("a établi un inventaire"),
        "seizure.read": _("a lu une perquisition ou une saisie"),
        "session.closed": _("s’est déconnecté·e"),
        "session.opened": _("s’est connecté·e"),
        "telling.deferred": _("a différé l’information d’une personne"),
        "telling.read": _("a lu ce qui est décidé sur l’information d’une personne"),
        "telling.told": _("a décidé d’informer une personne"),
    }


def describe_details(details: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return (name, value) of the details of a trace, besides act and actor."""
    names = {
        "ceremony": _("cérémonie"),
        "communication": _("communication notée"),
        "communications": _("communications notées"),
        "conforms": _("conforme"),
        "copy": _("copie"),
        "decision": _("décision"),
        "favourable": _("avis favorable"),
        "flow": _("flux"),
        "flows": _("nombre de flux"),
        "index": _("entrée du registre"),
        "freeze": _("gel"),
        "inquiry": _("demande"),
        "invitation": _("invitation"),
        "line": _("ligne du journal"),
        "lines": _("lignes du journal"),
        "member": _("membre"),
        "members": _("membres"),
        "renews": _("compte renouvelé"),
        "necessity": _("situation de nécessité"),
        "request": _("demande d’une personne"),
        "roles": _("rôles"),
        "seizure": _("perquisition ou saisie"),
        "subject": _("demande"),
        "terms": _("empreinte du texte d’un flux"),
        "title": _("titre légal"),
    }
    return [
        (names.get(name, name), value if isinstance(value, str) else encode(value).decode())
        for name, value in sorted(details.items())
        if name not in ("act", "actor", "pad")
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
