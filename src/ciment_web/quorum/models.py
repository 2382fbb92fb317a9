"""The rows of the ceremony and of the roster it makes."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Ceremony(TenantRow):
    """One run of the dealerless protocol: the signed plan, then one contribution and one confirmation per seat."""

    generation = models.PositiveIntegerField()
    plan = models.BinaryField()
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "generation"], name="ceremony_once")]


class CeremonyMessage(TenantRow):
    """What one member gave in one round: `plan` (a signature), `contribution`, `roster` (a signature)."""

    ROUNDS = ("plan", "contribution", "roster")

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="messages")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    round = models.CharField(max_length=12)
    message = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "member", "round"], name="ceremony_message_once"),
            models.CheckConstraint(
                condition=models.Q(round__in=("plan", "contribution", "roster")), name="ceremony_round"
            ),
        ]


class RosterRecord(TenantRow):
    """A roster signed by every seat: the public quorum key, the seats and who holds them."""

    generation = models.PositiveIntegerField()
    signed = models.BinaryField()
    activated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "generation"], name="roster_once")]


class SealedShare(TenantRow):
    """A holder's share of the quorum key, sealed under the holder's own seed."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "generation"], name="share_once")]
