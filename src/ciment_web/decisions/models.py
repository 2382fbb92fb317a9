"""The rows of a decision: what is to leave, who agreed to exactly that, and the packet that left."""

from django.db import models
from django.db.models import Q

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Decision(TenantRow):
    """A frozen decision Δ: its canonical bytes, its place in the register, and what became of it."""

    class State(models.TextChoices):
        """What became of the decision."""

        OPEN = "open", "en attente des accords"
        EXECUTED = "executed", "exécutée"
        DECLINED = "declined", "refusée"
        LAPSED = "lapsed", "expirée"

    number = models.PositiveIntegerField()
    subject_digest = models.BinaryField(max_length=32)
    delta = models.BinaryField()
    digest = models.BinaryField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    prepared_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Sealed under the subject's key: the letter as it will leave, and the leaf's opening.
    sealed_letter = models.BinaryField()
    # A passphrase for the packet: sealed under a key of its own, which only the quorum opens.
    sealed_secret = models.BinaryField(default=b"")
    secret_wrap = models.BinaryField(default=b"")
    secret_p = models.BinaryField(default=b"")
    sealed_opening = models.BinaryField(default=b"")
    leaf_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="decision_number_once"),
            models.UniqueConstraint(fields=["digest"], name="decision_digest_once"),
            # One open decision for one subject: two could grant more together than either says.
            models.UniqueConstraint(
                fields=["institution", "subject_digest"], condition=Q(state="open"), name="decision_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "executed", "declined", "lapsed"]), name="decision_state"
            ),
        ]


class ReleaseCopy(TenantRow):
    """A document as it would leave: sealed under its own key, which only the quorum can open."""

    subject_digest = models.BinaryField(max_length=32)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="copies")
    position = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    blob = models.CharField(max_length=32, unique=True)
    blob_sha256 = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)
    wrap = models.BinaryField()
    sealed_p = models.BinaryField()
    # File name, description and redaction reasons, sealed under the subject's key.
    sealed_description = models.BinaryField()
    whole = models.BooleanField()
    # The answer "nothing held" leaves like any other copy: it says something about somebody.
    negative = models.BooleanField(default=False)
    reading_blob = models.CharField(max_length=32, blank=True)
    reading_id = models.UUIDField(null=True)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "subject_digest", "position"], name="copy_position_once"),
            models.CheckConstraint(condition=Q(size__lte=10 * 1024 * 1024), name="copy_size"),
        ]


class ReadingKey(TenantRow):
    """The key of a reading copy, wrapped to one signatory."""

    copy = models.ForeignKey(ReleaseCopy, on_delete=models.CASCADE, related_name="reading_keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "member"], name="reading_key_once")]


class Approval(TenantRow):
    """One accord: a seat's signed consent to exactly one decision."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="approvals")
    seat = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    signed = models.BinaryField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "seat"], name="approval_seat_once"),
            models.UniqueConstraint(fields=["decision", "member"], name="approval_member_once"),
        ]


class Objection(TenantRow):
    """A signatory's refusal of a decision, with the reason sealed under the subject's key."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="objections")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sealed_reason = models.BinaryField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "member"], name="objection_once")]


class Packet(TenantRow):
    """What left: an age file, once per decision."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="packet")
    blob = models.CharField(max_length=32, unique=True)
    sha256 = models.BinaryField(max_length=32)
    executed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    executed_at = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField()
    sealed_opening = models.BinaryField()
    # The packet's passphrase, for the preparer alone, who gives it to the requester by voice.
    sealed_secret = models.BinaryField(default=b"")
