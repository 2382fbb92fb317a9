"""The rows of what persons ask about their own data. Dates and states are in clear; names and words are sealed."""

from django.db import models
from django.db.models import Q

from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class PersonRequest(TenantRow):
    """What one person asks: access to their own data, or that something be corrected or erased."""

    class Kind(models.TextChoices):
        """What is asked."""

        ACCESS = "access", "accès"
        RECTIFICATION = "rectification", "rectification"
        ERASURE = "erasure", "effacement"

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", "en cours"
        STATED = "stated", "relevé établi"
        DONE = "done", "terminée"

    kind = models.CharField(max_length=13, choices=Kind.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Days where the institution is: the clock counts days, not hours.
    received_on = models.DateField()
    due_on = models.DateField()
    extended = models.BooleanField(default=False)
    told_on = models.DateField(null=True)
    sealed_content = models.BinaryField()
    sealed_extension = models.BinaryField(default=b"")
    # Which requests speak of the person: under a key of its own, that the referents alone hold.
    sealed_findings = models.BinaryField(default=b"")
    # Whose readings are asked of the auditors, and what these found in the register.
    sealed_asked = models.BinaryField(default=b"")
    sealed_readings = models.BinaryField(default=b"")
    mandate_blob = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["access", "rectification", "erasure"]), name="person_kind"),
            models.CheckConstraint(condition=Q(state__in=["open", "stated", "done"]), name="person_state"),
            models.CheckConstraint(condition=Q(due_on__gt=models.F("received_on")), name="person_due_after"),
        ]
        indexes = [models.Index(fields=["institution", "state", "due_on"], name="person_by_due")]


class PersonKey(TenantRow):
    """A key of a person's request, wrapped to one member: each part has its own readers."""

    PARTS = ("request", "findings", "readings")

    request = models.ForeignKey(PersonRequest, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=8)
    wrapped = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "member", "part"], name="person_key_once"),
            models.CheckConstraint(condition=Q(part__in=("request", "findings", "readings")), name="person_key_part"),
        ]


class PersonCheck(TenantRow):
    """One member's signature that identity, and the mandate where there is one, were checked by that member."""

    request = models.ForeignKey(PersonRequest, on_delete=models.CASCADE, related_name="checks")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "member"], name="person_check_once")]


class PersonStatement(TenantRow):
    """The statement as it was made, once, and how it was handed over."""

    request = models.OneToOneField(PersonRequest, on_delete=models.CASCADE, related_name="statement")
    sha256 = models.BinaryField(max_length=32)
    sealed_pdf = models.BinaryField()
    sealed_opening = models.BinaryField()
    leaf_index = models.PositiveBigIntegerField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # An age file for the person's own key, or for words that the member who made it says aloud; empty in person. Sealed
    # once more under the request's key: what is served is what was made.
    sealed_packet = models.BinaryField(default=b"")
    sealed_secret = models.BinaryField(default=b"")
    handed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True, handed_by__isnull=True)
                | Q(handed_at__isnull=False, handed_by__isnull=False),
                name="statement_handed",
            )
        ]


class TellingKey(TenantRow):
    """The key of what is decided about telling the person of one inquiry, wrapped to one referent."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "member"], name="telling_key_once")]


class Telling(TenantRow):
    """What a referent decided about telling the person: added, never changed; the latest counts."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    # Choice, ground, reason, author, minute and their signature.
    sealed = models.BinaryField()
    # In clear because it must come back while nobody's key is there; what it is about is sealed.
    review_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    sealed_pdf = models.BinaryField(default=b"")
    sha256 = models.BinaryField(max_length=32, default=b"")
    sealed_opening = models.BinaryField(default=b"")
    leaf_index = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["inquiry", "position"], name="telling_position_once")]
        indexes = [models.Index(fields=["institution", "review_on"], name="telling_by_review")]
