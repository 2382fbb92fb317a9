"""The rows of the key that arrivals are sealed to: the signed statement that opened it, and who may open with it."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class ArrivalKey(TenantRow):
    """A key pair made by a holder of a seat. Its statement is believed as far as the host pinned it, never as a row."""

    statement = models.BinaryField()
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]


class ArrivalShare(TenantRow):
    """The seed of the key pair, wrapped to one referent or signatory."""

    key = models.ForeignKey(ArrivalKey, on_delete=models.CASCADE, related_name="shares")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "member"], name="arrival_share_once")]
