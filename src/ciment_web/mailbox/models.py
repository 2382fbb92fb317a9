"""The rows of what came by mail. Of a message only its hour is in clear."""

from django.db import models

from ciment_web.arrivals.models import ArrivalKey
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import TenantRow


class Message(TenantRow):
    """One message as it came, sealed; it leaves its file once somebody recorded it or set it aside."""

    class End(models.TextChoices):
        """What became of it; empty while it waits."""

        WAITING = "", "en attente"
        RECORDED = "recorded", "enregistré"
        SET_ASIDE = "set_aside", "écarté"

    key = models.ForeignKey(ArrivalKey, on_delete=models.PROTECT, related_name="+")
    # Keyed by the host: the same message sent twice is recognised, and nobody reads its identifier from here.
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    blob = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001 - several ended messages have none
    file_id = models.UUIDField()
    wrapped = models.BinaryField()
    ended = models.CharField(max_length=10, choices=End.choices, default=End.WAITING, blank=True)
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "digest"], name="message_once"),
            models.CheckConstraint(condition=models.Q(ended__in=("", "recorded", "set_aside")), name="message_end"),
            models.CheckConstraint(condition=~models.Q(ended="") | models.Q(blob__isnull=False), name="message_kept"),
        ]
