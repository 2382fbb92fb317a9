"""The rows of the register: one log per institution."""

from django.db import models

from ciment_web.institutions.models import Institution


class LogHead(models.Model):
    """The one row that gives the next index; whoever appends holds its lock until the commit."""

    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, primary_key=True, related_name="+")
    size = models.PositiveBigIntegerField(default=0)
    frontier = models.BinaryField()


class Leaf(models.Model):
    """One entry: its canonical bytes, and its details sealed to the institution's auditors."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    index = models.PositiveBigIntegerField()
    entry = models.BinaryField()
    # Also the hash of the empty-suffix subtree at level 0, so a proof never reads the entries.
    leaf_hash = models.BinaryField(max_length=32)
    sealed_details = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "index"], name="leaf_once")]
        indexes = [models.Index(fields=["institution", "leaf_hash"], name="leaf_by_hash")]


class Node(models.Model):
    """The hash of one complete subtree of 2^level leaves (level ≥ 1), kept so that proofs cost a handful of reads."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    node_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "level", "index"], name="node_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1), name="node_above_leaves"),
        ]


class PublishedCheckpoint(models.Model):
    """A checkpoint as it was signed and published."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField()
    note = models.BinaryField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "size"], name="checkpoint_once")]
        ordering = ["size"]
