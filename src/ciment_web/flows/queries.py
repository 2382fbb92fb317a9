"""Reads of flows, always scoped to what the acting member may see; and counts, without a name."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment.quorum.decision import parse_decision
from ciment_web.decisions.models import Decision
from ciment_web.flows.models import Communication, Flow, Review, Suspension
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor


def visible(actor: Actor) -> QuerySet[Flow]:
    """Return the flows whose key was wrapped to the actor: no other exists for them."""
    found = Flow.objects.filter(institution=actor.institution, keys__member=actor.member)
    return found.select_related("institution", "decision", "proposed_by")


def get_flow(actor: Actor, flow_id: uuid.UUID) -> Flow:
    """Return one flow the actor may see; 404 otherwise, whether it exists or not."""
    return get_object_or_404(visible(actor), id=flow_id)


def lock_flow(actor: Actor, flow: Flow) -> Flow:
    """Return the flow, locked until the end of the transaction."""
    return (
        Flow.objects.select_for_update(of=("self",))
        .select_related("institution", "decision", "decision__institution")
        .get(pk=flow.pk, institution=actor.institution)
    )


def readable(actor: Actor, flow: Flow) -> Sequence[Communication]:
    """Return the communications of a flow that the actor may open, the latest first, at most 200."""
    rows = flow.communications.filter(institution=actor.institution, keys__member=actor.member)
    return list(rows.select_related("noted_by", "review").order_by("-noted_at")[:200])


def get_communication(actor: Actor, flow_id: uuid.UUID, communication_id: uuid.UUID) -> Communication:
    """Return one communication the actor may open; 404 otherwise."""
    rows = Communication.objects.filter(
        institution=actor.institution, flow_id=flow_id, keys__member=actor.member, flow__keys__member=actor.member
    )
    found = rows.select_related("flow__institution", "flow__decision", "institution", "noted_by")
    return get_object_or_404(found, id=communication_id)


def suspension_of(flow: Flow) -> Suspension | None:
    """Return what suspended the latest decision on the flow."""
    if flow.decision_id is None:
        return None
    return Suspension.objects.filter(decision=flow.decision_id).select_related("suspended_by").first()


@dataclass(frozen=True)
class FlowCounts:
    """Numbers of an institution's flows, for a report: how many now, and what happened in a period."""

    in_force: int
    waiting: int
    suspended: int
    ended: int
    outside: int
    communications: int
    reviewed: int
    not_conforming: int
    suspensions: int


def flow_counts(institution: Institution, period: tuple[datetime, datetime]) -> FlowCounts:
    """Return the counts; `period` is a first moment, included, and a last one, excluded. No name, no recipient."""
    start, end = period
    flows = Flow.objects.filter(institution=institution).select_related("decision")
    suspended = set(Suspension.objects.filter(institution=institution).values_list("decision_id", flat=True))
    states = [_state(flow, suspended, int(end.timestamp() * 1000)) for flow in flows]
    noted = Communication.objects.filter(institution=institution, noted_at__gte=start, noted_at__lt=end)
    reviewed = Review.objects.filter(institution=institution, reviewed_at__gte=start, reviewed_at__lt=end)
    stopped = Suspension.objects.filter(institution=institution, suspended_at__gte=start, suspended_at__lt=end)
    return FlowCounts(
        **{name: states.count(name) for name in ("in_force", "waiting", "suspended", "ended", "outside")},
        communications=noted.count(),
        reviewed=reviewed.count(),
        not_conforming=reviewed.filter(conforms=False).count(),
        suspensions=stopped.count(),
    )


def _state(flow: Flow, suspended: set[uuid.UUID], at_ms: int) -> str:
    decision = flow.decision
    if flow.given_up_at is not None:
        return "ended"
    if flow.outside:
        return "outside"
    if decision is None or decision.state != Decision.State.EXECUTED:
        return "waiting"
    if decision.id in suspended:
        return "suspended"
    return "ended" if parse_decision(bytes(decision.delta)).has_expired(at_ms) else "in_force"
