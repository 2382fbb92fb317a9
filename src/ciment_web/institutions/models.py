"""The institution, and what every row that belongs to one has in common."""

import uuid

from django.db import models


class Institution(models.Model):
    """A centre: its names, its letterhead and its fixed rhythm of reply."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="fr")
    timezone = models.CharField(max_length=40, default="Europe/Brussels")
    address = models.TextField()
    contact = models.TextField()
    place = models.CharField(max_length=100)
    law_pack = models.CharField(max_length=20, default="be")
    # Every reply leaves after the same time, so that the time says nothing about the person.
    reply_delay_hours = models.PositiveSmallIntegerField(default=24)
    decision_days = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=["fr", "nl", "de", "en"]), name="institution_language"
            ),
            models.CheckConstraint(condition=models.Q(decision_days__gte=1), name="institution_decision_days"),
        ]

    def __str__(self) -> str:
        return self.slug


class TenantRow(models.Model):
    """A row that belongs to one institution and is named by a random identifier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
