"""The rows of what is told in confidence. No row says who wrote, who is named, who reads, or when."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Report(TenantRow):
    """Something told in confidence; author, person named, readers and minute are sealed in its head."""

    sealed_head = models.BinaryField()


class Envelope(TenantRow):
    """One for every member there was, all alike: a reader's holds the report's key, any other's opens for nobody."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="envelopes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "member"], name="envelope_once")]


class Confidence(TenantRow):
    """What the author wrote at one minute, or that a reader opened it; sealed, of one length, in order."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="confidences")
    position = models.PositiveSmallIntegerField()
    sealed_words = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="confidence_position_once")]
