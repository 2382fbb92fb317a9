"""The rows of an inquiry. Legal facts are in clear; names, texts and attachments are sealed under the inquiry's key."""

from django.db import models
from django.db.models import Q

from ciment.disclosure.states import Lane, State
from ciment_web.decisions.models import Decision
from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Inquiry(TenantRow):
    """One request for information."""

    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    requester = models.CharField(max_length=40)
    form = models.CharField(max_length=20)
    categories = models.JSONField()
    state = models.CharField(max_length=12, default=State.RECEIVED)
    lane = models.CharField(max_length=10, blank=True)
    # How it came in, where no member heard or read it first.
    channel = models.CharField(max_length=8, blank=True, default="")
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    sealed_content = models.BinaryField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "year", "number"], name="inquiry_number_once"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="inquiry_state"),
            models.CheckConstraint(condition=Q(lane__in=["", *(lane.value for lane in Lane)]), name="inquiry_lane"),
            models.CheckConstraint(condition=Q(channel__in=["", "desk", "mail"]), name="inquiry_channel"),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "answered"]) | Q(decided_at__isnull=False), name="inquiry_decided"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="inquiry_answered"
            ),
        ]
        indexes = [models.Index(fields=["institution", "state", "-received_at"], name="inquiry_by_state")]

    @property
    def reference(self) -> str:
        """The number under which letters speak of this inquiry; it says nothing about anyone."""
        return f"{self.year}-{self.number:04d}"


class InquiryKey(TenantRow):
    """The inquiry's key, wrapped to one member who may read it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "member"], name="inquiry_key_once")]


class Attachment(TenantRow):
    """The message or letter as it came, and what it carried, sealed."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    blob = models.CharField(max_length=32, unique=True)
    sealed_name = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["inquiry", "position"], name="attachment_position_once")]


class Draft(TenantRow):
    """A message read before the record is saved, sealed to the member who is recording; its further pages follow it."""

    first = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="pages")
    position = models.PositiveSmallIntegerField(default=0)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    blob = models.CharField(max_length=32, unique=True)
    sealed_name = models.BinaryField()
    made_at = models.DateTimeField()


class RecusalStatement(TenantRow):
    """What a referent or signatory said before opening an inquiry: tied to the matter, or not."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="recusals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recused = models.BooleanField()
    signature = models.BinaryField()
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "member"], name="recusal_once")]


class Qualification(TenantRow):
    """What the law pack answered to the facts, kept as it was; the latest one counts."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="qualifications")
    facts = models.JSONField()
    answer = models.JSONField()
    # Categories that the institution silences although the pack would let it speak.
    silenced = models.JSONField(default=list)
    sealed_note = models.BinaryField(default=b"")
    qualified_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    qualified_at = models.DateTimeField()

    class Meta:
        ordering = ["-qualified_at"]


class Document(TenantRow):
    """A PDF of the institution and what proves it: sealed under the inquiry's key."""

    KINDS = ("certificate", "refusal", "reply")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12)
    sha256 = models.BinaryField(max_length=32)
    sealed_pdf = models.BinaryField()
    sealed_opening = models.BinaryField()
    leaf_index = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "kind"], name="document_once"),
            models.CheckConstraint(condition=Q(kind__in=("certificate", "refusal", "reply")), name="document_kind"),
        ]
