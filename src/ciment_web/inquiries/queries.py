"""Reads of inquiries, always scoped to what the acting member may see."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from ciment.disclosure.states import State
from ciment_web.governance.recusals import recusals_of
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def visible(actor: Actor) -> QuerySet[Inquiry]:
    """Return the inquiries whose key was wrapped to the actor: no other exists for them."""
    return Inquiry.objects.filter(institution=actor.institution, keys__member=actor.member)


def get_inquiry(actor: Actor, inquiry_id: uuid.UUID) -> Inquiry:
    """Return one inquiry the actor may see; 404 otherwise, whether it exists or not."""
    return get_object_or_404(visible(actor).select_related("institution", "recorded_by", "decision"), id=inquiry_id)


def open_to(actor: Actor) -> QuerySet[Inquiry]:
    """Return the inquiries the actor may see and is not recused from: by a statement, or by setting."""
    recused = Q(recusals__member=actor.member, recusals__recused=True)
    never = recusals_of(actor).by_member.get(actor.id, frozenset())
    return visible(actor).exclude(recused).exclude(requester__in=never)


@dataclass(frozen=True)
class Work:
    """What waits for the actor, and what went before."""

    waiting: Sequence[Inquiry]
    others: Sequence[Inquiry]


def work_of(actor: Actor) -> Work:
    """Return the actor's list in two queries, whatever its length: at most 50 rows each."""
    everything = open_to(actor)
    waiting = everything.filter(_waits_for(actor))
    others = everything.exclude(pk__in=waiting.values("pk"))
    return Work(list(waiting.order_by("received_at")[:50]), list(others.order_by("-received_at")[:50]))


def _waits_for(actor: Actor) -> Q:
    waits = Q(pk__in=[])
    if actor.holds(Role.REFERENT):
        waits |= Q(state=State.RECEIVED)
        waits |= Q(state=State.QUALIFIED, lane__in=["release", "personal"])
        waits |= Q(state=State.PREPARED, decision=None)
        waits |= Q(state__in=[State.DECIDED, State.ANSWERED])
    if actor.holds(Role.SIGNATORY):
        waits |= Q(state=State.QUALIFIED, lane="silence")
        waits |= Q(state=State.PREPARED, decision__isnull=False)
    return waits


def progress(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return the steps of an inquiry for the page: done, current or still to come."""
    order = [State.RECEIVED, State.QUALIFIED, State.PREPARED, State.DECIDED, State.ANSWERED]
    if inquiry.lane != "release":
        order.remove(State.PREPARED)
    state = State(inquiry.state)
    reached = len(order) if state is State.CLOSED else order.index(state) if state in order else 0
    return [{"state": step.value, "status": _status(position, reached)} for position, step in enumerate(order)]


def _status(position: int, reached: int) -> str:
    # The last step reached is done; the next one is what happens now.
    if position <= reached:
        return "done"
    return "current" if position == reached + 1 else "todo"
