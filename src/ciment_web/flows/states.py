"""Where a flow stands, in one word and one sentence, for a page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ciment_web.decisions.models import Decision
from ciment_web.flows.models import Flow
from ciment_web.flows.refusals import explain_stop
from ciment_web.flows.standing import stop_of
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class FlowState:
    """A word, what it means now, the icon beside it; `running` tells whether members may act within the flow."""

    word: str
    text: str
    icon: str
    running: bool = False


def state_of(actor: Actor, flow: Flow, key: bytes) -> FlowState:
    """Return where the flow stands; when it runs, its accords were just verified."""
    if flow.given_up_at is not None:
        return FlowState(_("retiré"), _("Ce flux a été retiré. Il reste ici pour mémoire."), "circle-alert")
    if flow.outside:
        return FlowState(_("hors de Ciment"), explain_stop("outside"), "info")
    decision = flow.decision
    if decision is None or decision.state != Decision.State.EXECUTED:
        return _before(flow)
    stop = stop_of(actor, flow, key)
    if not stop:
        return FlowState(_("en vigueur"), _("Les accords sont vérifiés à chaque acte."), "check", running=True)
    word = _("à son terme") if stop == "expired" else _("suspendu") if stop == "suspended" else _("arrêté")
    return FlowState(word, explain_stop(stop), "triangle-alert")


def _before(flow: Flow) -> FlowState:
    decision = flow.decision
    if decision is not None and decision.state == Decision.State.OPEN:
        return FlowState(_("accords demandés"), _("Les signataires se prononcent sur exactement ce texte."), "clock")
    if decision is not None:
        return FlowState(
            _("sans accords"),
            _("Les accords n’ont pas été donnés. La personne référente peut les redemander."),
            "circle-alert",
        )
    if flow.sealed_opinion:
        return FlowState(_("avis donné"), _("La personne référente peut demander les accords."), "clock")
    return FlowState(
        _("proposé"), _("La personne déléguée à la protection des données donne d’abord son avis."), "clock"
    )
