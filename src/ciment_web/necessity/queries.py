"""Reads of situations of necessity, always scoped to what the acting member may see."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment_web.members.actor import Actor
from ciment_web.necessity.models import Necessity


def visible(actor: Actor) -> QuerySet[Necessity]:
    """Return the situations whose key was wrapped to the actor: no other exists for them."""
    return Necessity.objects.filter(institution=actor.institution, keys__member=actor.member)


def get_necessity(actor: Actor, necessity_id: uuid.UUID) -> Necessity:
    """Return one situation the actor may see; 404 otherwise, whether it exists or not."""
    return get_object_or_404(visible(actor).select_related("institution", "recorded_by"), id=necessity_id)


def latest(actor: Actor) -> Sequence[Necessity]:
    """Return the last situations the actor may see, at most 50."""
    return list(visible(actor).select_related("recorded_by").order_by("-recorded_at")[:50])
