"""The sentence a person reads when the core refuses: what happened, and what to do next."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from ciment.canon import CimentError
from ciment.disclosure import ActRefused, ImpossibleTransition
from ciment.disclosure.packnote import PackUntrusted
from ciment.law import UnknownFact
from ciment.quorum.errors import ApprovalRefused, QuorumRefused, RosterRefused, ShareRefused, WrapRefused
from ciment.vault import BlobError, InvalidRecipient, WeakPassphrase, WrongPassphrase
from ciment_web.access.signing import NotSigned
from ciment_web.blobs.store import BlobMissing
from ciment_web.decisions.actions.approve import AlreadySaid
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.flows.refusals import FlowStopped, LeavesFlow, ReviewRefused, TermsRefused, explain_stop, explain_terms
from ciment_web.freezes.actions import AlreadyFrozen, TooFewLeft
from ciment_web.governance.explanations import explain_setting
from ciment_web.governance.kinds import SettingRefused
from ciment_web.inquiries.actions.draft import DraftGone
from ciment_web.inquiries.actions.qualify import LawChanged
from ciment_web.inquiries.copy_refusals import explain_copy
from ciment_web.inquiries.incoming import UnreadableMessage
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.institutions.holds import ErasureHeld
from ciment_web.institutions.keyfiles import KeyFileMissing
from ciment_web.journal.actions import NotAMissionAct
from ciment_web.letters import UnprintableLetter
from ciment_web.members.actions import SignInRefused
from ciment_web.members.answering import NotThisMember
from ciment_web.members.invitation_refusals import explain_invitation
from ciment_web.members.invitations import InvitationRefused
from ciment_web.quorum.trust import NoQuorum, Untrusted
from ciment_web.register.queries import RegisterDamaged
from ciment_web.register.signer import ForkRefused
from ciment_web.seizures.actions import NotOverYet


def explain(error: CimentError) -> str:
    """Return the sentence for `error`; an unforeseen one gets a sentence that is true of all."""
    for told, tell in _TELLERS:
        if isinstance(error, told):
            return tell(error)
    for kind, sentence in _sentences():
        if isinstance(error, kind):
            return sentence
    return _("Cette action n’a pas été acceptée. Rien n’a été modifié. Rechargez la page et recommencez.")


def _sentences() -> list[tuple[type[CimentError] | tuple[type[CimentError], ...], str]]:
    return [
        (
            SignInRefused,
            _("Cet identifiant et cette phrase de passe ne vont pas ensemble. Vérifiez-les et recommencez."),
        ),
        (WrongPassphrase, _("Ce n’est pas votre phrase de passe. Rien n’a été signé. Recommencez.")),
        (
            WeakPassphrase,
            _("Cette phrase de passe pourrait être devinée. Prenez celle qui est proposée, ou plus de mots."),
        ),
        (
            QuorumRefused,
            _("Les accords requis ne sont pas encore réunis pour cette décision. Rien n’a été communiqué."),
        ),
        (
            (ApprovalRefused, ShareRefused),
            _(
                "L’accord d’un siège ne tient pas : il ne correspond pas à cette décision. Rien n’a été communiqué. Prévenez l’administrateur."
            ),
        ),
        (AlreadySaid, _("Vous avez déjà donné ou refusé votre accord à cette décision. Un accord se donne une fois.")),
        (
            (WrapRefused, RosterRefused, Untrusted, NotSigned, BlobError, BlobMissing, RegisterDamaged),
            _(
                "Une donnée scellée ne correspond plus à ce qui avait été enregistré. Rien n’a été ouvert. Prévenez l’administrateur et la personne déléguée à la protection des données."
            ),
        ),
        (
            NoQuorum,
            _(
                "Les accords de l’institution ne sont pas encore en place pour ce compte. Ouvrez la page « Accords » et suivez les étapes."
            ),
        ),
        (
            DraftGone,
            _("Le message lu n’est plus gardé : il l’est un jour au plus. Déposez-le à nouveau, puis enregistrez."),
        ),
        (
            LawChanged,
            _("La qualification enregistrée n’est plus celle que donne le droit. Qualifiez la demande à nouveau."),
        ),
        (
            PackUntrusted,
            _(
                "Le recueil de règles de droit de ce serveur n’est signé par aucune clé que l’institution reconnaît. Rien n’a été qualifié ni communiqué. Prévenez l’administrateur."
            ),
        ),
        (
            LeavesFlow,
            _(
                "Ce n’est pas exactement ce que permet le flux. Rien n’a été noté : enregistrez une demande d’information."
            ),
        ),
        (
            ReviewRefused,
            _("Le registre n’a pas tiré cette communication, ou elle est déjà contrôlée. Rechargez la page du flux."),
        ),
        (NotAMissionAct, _("Une réponse n’est pas dans la liste proposée. Choisissez l’une des réponses de la page.")),
        (NotThisMember, _("Ces clés ne sont pas celles de ce compte. Rien n’a été ouvert. Prévenez l’administrateur.")),
        (
            TooFewLeft,
            _("Il ne resterait pas assez de signataires pour rouvrir. Gelez l’institution, ou une autre personne."),
        ),
        (AlreadyFrozen, _("C’est déjà gelé. Seuls les accords requis peuvent rouvrir.")),
        (
            ForkRefused,
            _(
                "Le registre ne continue pas ce qui a été publié : une sauvegarde a sans doute été restaurée. Rien n’est plus écrit. Prévenez l’administrateur."
            ),
        ),
        (
            ErasureHeld,
            _(
                "Une perquisition ou une saisie est ouverte : rien n’est effacé. Un signataire peut lever ce gel une fois la fin notée."
            ),
        ),
        (
            NotOverYet,
            _("Le gel ne peut pas être levé maintenant. Notez d’abord la fin de la perquisition ou de la saisie."),
        ),
        (ImpossibleTransition, _("Cette demande a déjà avancé. Rechargez la page pour voir où elle en est.")),
        (UnknownFact, _("Une réponse n’est pas dans la liste proposée. Choisissez l’une des réponses de la page.")),
        (
            InvalidRecipient,
            _("Cette clé n’est pas une clé de destinataire. Elle commence par « age1 » et s’écrit d’un seul tenant."),
        ),
        (
            UnprintableLetter,
            _("Un caractère ne peut pas être imprimé dans une lettre. Corrigez le nom ou l’adresse et recommencez."),
        ),
        (
            KeyFileMissing,
            _("Une clé de l’institution manque sur ce serveur. Prévenez l’administrateur : rien ne peut être signé."),
        ),
    ]


def _act_refused(reason: str) -> str:
    return {
        "law": _(
            "Ce que dit le droit a changé depuis la préparation, ou ne correspond plus. Demandez au référent de qualifier et de préparer à nouveau."
        ),
        "letter": _("La lettre n’est plus celle de la décision. Rien n’a été signé. Prévenez l’administrateur."),
        "witness": _("Cette décision attend un contresignataire, et aucun n’est encore connu."),
        "expired": _("Le délai de cette décision est passé. Demandez au référent de la préparer à nouveau."),
        "recused": _("Vous vous êtes récusé·e dans cette affaire : vous ne pouvez pas y prendre part."),
        "frozen": _("L’accès est gelé. Seuls les accords requis peuvent le rouvrir."),
        "not_published": _(
            "Le registre n’a pas encore publié cette décision. Attendez quelques secondes et recommencez."
        ),
        "not_executable": _(
            "Cette décision n’est plus ouverte : elle a été exécutée, refusée, ou son contenu a changé."
        ),
        "declined": _("Trop de refus : cette décision ne peut plus réunir ses accords."),
        "target": _("Le destinataire n’est pas celui que la décision nomme. Rien n’a été communiqué."),
    }.get(reason, _("Cette décision ne peut pas avancer maintenant. Rien n’a été modifié."))


# Errors that carry their reason are told by the folder that knows it.
_TELLERS: tuple[tuple[type[CimentError], Callable[[Any], str]], ...] = (
    (ActRefused, lambda error: _act_refused(error.reason)),
    (CopyRefused, lambda error: explain_copy(error.code)),
    (UnreadableMessage, lambda error: explain_message(error.code)),
    (InvitationRefused, lambda error: explain_invitation(error.reason)),
    (FlowStopped, lambda error: explain_stop(error.reason)),
    (TermsRefused, lambda error: explain_terms(error.reason)),
    (SettingRefused, explain_setting),
)
