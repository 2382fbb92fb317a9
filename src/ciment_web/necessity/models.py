"""The rows of a situation of necessity. Legal facts are in clear; every word is sealed under the situation's key."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Necessity(TenantRow):
    """One situation in which somebody may be in danger, from the minute the institution was told."""

    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [models.Index(fields=["institution", "-recorded_at"], name="necessity_by_time")]


class NecessityKey(TenantRow):
    """The situation's key, wrapped to one member who may read it."""

    necessity = models.ForeignKey(Necessity, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["necessity", "member"], name="necessity_key_once")]


class Statement(TenantRow):
    """What was known at one minute, and what the law pack answered to it; statements are added, never changed."""

    necessity = models.ForeignKey(Necessity, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    # Absent where the law could not be read: that never stops anybody from stating what is known.
    answer = models.JSONField(null=True)
    sealed_words = models.BinaryField()
    stated_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["necessity", "position"], name="statement_position_once")]
