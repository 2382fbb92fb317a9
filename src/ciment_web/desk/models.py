"""The rows of what is filed at the desk. Only the kind of requester and the hour are in clear."""

from django.db import models

from ciment_web.arrivals.models import ArrivalKey
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import TenantRow


class Filing(TenantRow):
    """One request as it was filed. Its key is sealed to the referents and signatories, and under its receipt code."""

    key = models.ForeignKey(ArrivalKey, on_delete=models.PROTECT, related_name="+")
    # Of the page it was typed on: the same page sent twice files once.
    form_id = models.UUIDField()
    code_digest = models.CharField(max_length=64, unique=True)
    requester = models.CharField(max_length=40)
    filed_at = models.DateTimeField()
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    wrapped = models.BinaryField()
    sealed_for_code = models.BinaryField()
    sealed_content = models.BinaryField()
    receipt_sha256 = models.BinaryField(max_length=32)
    sealed_receipt = models.BinaryField()
    sealed_opening = models.BinaryField()
    leaf_index = models.PositiveBigIntegerField()
    # Once taken over: the request it became, and the filing's key sealed under that request's.
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_for_inquiry = models.BinaryField(default=b"")
    replied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["filed_at"]
        constraints = [models.UniqueConstraint(fields=["institution", "form_id"], name="filing_form_once")]


class FilingFile(TenantRow):
    """A file of a filing, sealed: one that was filed, or a part of the reply."""

    class Side(models.TextChoices):
        """Whether it came in or goes out."""

        FILED = "filed", "déposé"
        REPLY = "reply", "réponse"

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="files")
    side = models.CharField(max_length=8, choices=Side.choices)
    position = models.PositiveSmallIntegerField()
    blob = models.CharField(max_length=32, unique=True)
    sealed_name = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "side", "position"], name="filing_file_once"),
            models.CheckConstraint(condition=models.Q(side__in=("filed", "reply")), name="filing_file_side"),
        ]
