"""Reads of persons' requests, always scoped to what the acting member may see."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment_web.access.models import PersonRequest, Telling
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.queries import visible as visible_inquiries
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def visible(actor: Actor) -> QuerySet[PersonRequest]:
    """Return the requests of which any part was wrapped to the actor: no other exists for them."""
    return PersonRequest.objects.filter(institution=actor.institution, keys__member=actor.member).distinct()


def get_request(actor: Actor, request_id: uuid.UUID) -> PersonRequest:
    """Return one request whose words the actor may read; 404 otherwise, whether it exists or not."""
    mine = visible(actor).filter(keys__member=actor.member, keys__part="request")
    return get_object_or_404(mine.select_related("institution", "recorded_by"), id=request_id)


def get_asked(actor: Actor, request_id: uuid.UUID) -> PersonRequest:
    """Return one request whose readings the actor was asked for; 404 otherwise."""
    mine = visible(actor).filter(keys__member=actor.member, keys__part="readings")
    return get_object_or_404(mine.select_related("institution"), id=request_id)


@dataclass(frozen=True)
class Work:
    """The persons' requests the actor may open, what auditors are asked, and what comes back to be looked at again."""

    waiting: Sequence[PersonRequest]
    done: Sequence[PersonRequest]
    asked: Sequence[PersonRequest]
    reviews: Sequence[Telling]


def work_of(actor: Actor) -> Work:
    """Return the actor's lists, at most 50 rows each, the nearest last day first."""
    mine = visible(actor).filter(keys__member=actor.member, keys__part="request").select_related("recorded_by")
    return Work(
        waiting=list(mine.exclude(state=PersonRequest.State.DONE).order_by("due_on")[:50]),
        done=list(mine.filter(state=PersonRequest.State.DONE).order_by("-due_on")[:50]),
        asked=list(asked_of(actor)[:50]),
        reviews=list(due_reviews(actor)[:50]),
    )


def asked_of(actor: Actor) -> QuerySet[PersonRequest]:
    """Return the requests whose readings an auditor is asked for and has not given yet."""
    if not actor.holds(Role.DPO):
        return PersonRequest.objects.none()
    mine = visible(actor).filter(keys__member=actor.member, keys__part="readings", sealed_readings=b"")
    return mine.filter(state=PersonRequest.State.OPEN).order_by("due_on")


def due_reviews(actor: Actor) -> QuerySet[Telling]:
    """Return what the actor put off, or may look at again, and whose day has come: referents alone."""
    if not actor.holds(Role.REFERENT):
        return Telling.objects.none()
    found = Telling.objects.filter(institution=actor.institution, review_on__lte=today(actor.institution))
    return found.filter(inquiry__in=visible_inquiries(actor)).select_related("inquiry").order_by("review_on")
