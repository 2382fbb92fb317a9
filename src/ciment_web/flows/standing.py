"""Whether a flow stands now. The accords are verified each time, under the pinned roster: no row says so."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone

from ciment.canon import CimentError
from ciment.disclosure import ActRefused, Published, Standing, verify_standing
from ciment.disclosure.packnote import PackUntrusted
from ciment.quorum.approve import parse_approval
from ciment.quorum.decision import Decision as Delta
from ciment.register import NoteVerifier
from ciment_web.decisions.circumstances import delta_of, letter_of, prove_decision
from ciment_web.decisions.models import Decision
from ciment_web.decisions.stops import is_stopped
from ciment_web.flows.models import Flow, Suspension
from ciment_web.flows.refusals import FlowStopped
from ciment_web.flows.sampling import is_overdue
from ciment_web.flows.sealing import subject_of
from ciment_web.flows.terms import Template, Terms, parse_template
from ciment_web.inquiries.documents import local_time, today
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of
from ciment_web.members.actor import Actor
from ciment_web.members.pin import open_pin
from ciment_web.quorum.trust import trusted_roster
from ciment_web.register.queries import RegisterDamaged


@dataclass(frozen=True)
class InForce:
    """A flow that stands: what was agreed, by which decision, and on which day the last accord was given."""

    template: Template
    decision: Decision
    since: date


def require_in_force(actor: Actor, flow: Flow, key: bytes) -> InForce:
    """Return what the flow allows now.

    Raises:
        FlowStopped: naming the first reason for which nobody may act within it.
    """
    decision = _agreed(flow)
    if Suspension.objects.filter(decision=decision, institution=actor.institution).exists():
        raise FlowStopped("suspended")
    if is_stopped(actor.institution.id, str(flow.id)):
        raise FlowStopped("frozen")
    try:
        template = _verified(actor, flow, key, decision)
    except PackUntrusted as error:
        raise FlowStopped("law_unread") from error
    except ActRefused as error:
        raise FlowStopped(error.reason if error.reason in ("expired", "law") else "unverified") from error
    except CimentError as error:
        raise FlowStopped("unverified") from error
    try:
        overdue = is_overdue(actor, flow, template.terms.sample)
    except RegisterDamaged as error:
        raise FlowStopped("unverified") from error
    if overdue:
        raise FlowStopped("overdue")
    last = decision.approvals.aggregate(last=Max("given_at"))["last"]
    return InForce(template, decision, local_time(flow.institution, last).date())


def stop_of(actor: Actor, flow: Flow, key: bytes) -> str:
    """Return why the flow is stopped, or nothing when it stands."""
    try:
        require_in_force(actor, flow, key)
    except FlowStopped as stopped:
        return stopped.reason
    return ""


def hold_together(delta: Delta, template: Template, institution: Institution) -> None:
    """Show that what the signatories read is what the law was asked: facts and end of Δ are those of the text.

    Raises:
        ActRefused: otherwise.
    """
    terms = template.terms
    same = delta.inquiry == terms.flow and delta.facts == terms.situation and delta.expiry == end_of(terms, institution)
    if not same or terms.outside:
        raise ActRefused("letter")


def end_of(terms: Terms, institution: Institution) -> int:
    """Return the moment, in UTC milliseconds, at which the last day is over where the institution is."""
    after = datetime.combine(terms.last_day + timedelta(days=1), time(), ZoneInfo(institution.timezone))
    return int(after.timestamp() * 1000)


def _agreed(flow: Flow) -> Decision:
    if flow.outside:
        raise FlowStopped("outside")
    decision = flow.decision
    if decision is None or decision.state != Decision.State.EXECUTED or flow.given_up_at is not None:
        raise FlowStopped("not_agreed")
    return decision


def _verified(actor: Actor, flow: Flow, key: bytes, decision: Decision) -> Template:
    subject, delta = subject_of(flow, key), delta_of(decision)
    template = parse_template(letter_of(decision, subject))
    if delta.inquiry != str(flow.id):
        raise ActRefused("letter")
    hold_together(delta, template, flow.institution)
    pin = open_pin(actor.member, actor.keys)
    log = NoteVerifier.parse(pin.log)
    verify_standing(
        Standing(
            decision=delta,
            approvals=[parse_approval(bytes(row.signed)) for row in decision.approvals.order_by("given_at")],
            roster=trusted_roster(actor),
            pinned=pin.trusted,
            published=Published(prove_decision(log, decision, delta, subject), log),
            pack=pack_of(flow.institution),
            on=today(flow.institution),
            now_ms=int(timezone.now().timestamp() * 1000),
        )
    )
    return template
