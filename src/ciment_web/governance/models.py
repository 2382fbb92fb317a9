"""The rows of the settings. They are read for what is signed in them, never for themselves."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class SettingRecord(TenantRow):
    """One statement of one setting; a change adds the next, and the last one that holds counts."""

    name = models.CharField(max_length=20)
    generation = models.PositiveIntegerField()
    # The canonical statement: institution, name, value, place in its chain, author and time.
    statement = models.BinaryField()
    signature = models.BinaryField()
    signed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "generation"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "name", "generation"], name="setting_generation_once"),
            models.CheckConstraint(condition=models.Q(generation__gte=1), name="setting_generation"),
        ]
