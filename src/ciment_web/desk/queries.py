"""Reads of filings, always scoped to what the acting member can open."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment_web.desk.models import Filing
from ciment_web.members.actor import Actor


def visible(actor: Actor) -> QuerySet[Filing]:
    """Return the filings under a key that was wrapped to the actor: no other exists for them."""
    return Filing.objects.filter(institution=actor.institution, key__shares__member=actor.member)


def get_filing(actor: Actor, filing_id: uuid.UUID) -> Filing:
    """Return one filing the actor can open; 404 otherwise, whether it exists or not."""
    rows = visible(actor).select_related("institution", "key", "follows__inquiry", "follows__institution")
    return get_object_or_404(rows, id=filing_id)


def waiting_filings(actor: Actor) -> Sequence[Filing]:
    """Return the filings nobody has taken over, the oldest first, at most 50."""
    return list(visible(actor).filter(inquiry=None).order_by("filed_at")[:50])


def count_waiting(actor: Actor) -> int:
    """Return how many filings the actor could take over."""
    return visible(actor).filter(inquiry=None).count()
