"""The rows of a search or seizure. Every word, and what kind of fact it is, is sealed under the seizure's key."""

from django.db import models
from django.db.models import Q

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Seizure(TenantRow):
    """One search or seizure, from the minute a member said so; nothing is erased until a signatory lifts the hold."""

    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # When a signatory let erasure begin again; the reason is a fact.
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["institution", "-opened_at"], name="seizure_by_time"),
            # Whether erasure is held is asked by whatever erases.
            models.Index(fields=["institution"], condition=Q(lifted_at=None), name="seizure_holding"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=models.F("opened_at")), name="seizure_lifted_after"
            )
        ]

    @property
    def reference(self) -> str:
        """How papers name this seizure: the beginning of a random identifier."""
        return f"S-{self.id.hex[:8].upper()}"


class SeizureKey(TenantRow):
    """The seizure's key, wrapped to one member who may read it."""

    seizure = models.ForeignKey(Seizure, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seizure", "member"], name="seizure_key_once")]


class Fact(TenantRow):
    """What was noted at one minute, with a photo where there is one; facts are added, never changed."""

    seizure = models.ForeignKey(Seizure, on_delete=models.CASCADE, related_name="facts")
    position = models.PositiveSmallIntegerField()
    sealed_words = models.BinaryField()
    # The sealed photo in the store; its key is among the words.
    blob = models.CharField(max_length=32, blank=True)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["seizure", "position"], name="fact_position_once"),
            models.UniqueConstraint(fields=["blob"], condition=~Q(blob=""), name="fact_blob_once"),
        ]


class Inventory(TenantRow):
    """The inventory as it was printed at one minute, under the institution's seal, and what proves it."""

    seizure = models.ForeignKey(Seizure, on_delete=models.CASCADE, related_name="inventories")
    number = models.PositiveSmallIntegerField()
    sha256 = models.BinaryField(max_length=32)
    sealed_pdf = models.BinaryField()
    sealed_opening = models.BinaryField()
    leaf_index = models.PositiveBigIntegerField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["seizure", "number"], name="inventory_number_once")]
