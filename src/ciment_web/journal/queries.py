"""Reads of the journal, scoped to what the acting member may see; and counts, without a name."""

from datetime import datetime

from django.db.models import Count, QuerySet

from ciment_web.institutions.models import Institution
from ciment_web.journal.models import MissionAct
from ciment_web.members.actor import Actor


def visible(actor: Actor) -> QuerySet[MissionAct]:
    """Return the lines whose key was wrapped to the actor, the latest first."""
    rows = MissionAct.objects.filter(institution=actor.institution, keys__member=actor.member)
    return rows.select_related("institution", "recorded_by").order_by("-recorded_at")


def mission_counts(institution: Institution, period: tuple[datetime, datetime]) -> dict[str, int]:
    """Return how many lines of each kind; `period` is a first moment, included, and a last one, excluded."""
    start, end = period
    rows = MissionAct.objects.filter(institution=institution, recorded_at__gte=start, recorded_at__lt=end)
    return {row["kind"]: row["total"] for row in rows.values("kind").annotate(total=Count("id")).order_by("kind")}
