"""The rows of the journal. The kind is in clear, for counts; everything about somebody is sealed."""

from django.db import models

from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class MissionAct(TenantRow):
    """One line: what was said for the person, sealed to its author and the referents."""

    kind = models.CharField(max_length=40)
    sealed_words = models.BinaryField()
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [models.Index(fields=["institution", "-recorded_at"], name="mission_act_by_time")]


class MissionActKey(TenantRow):
    """The line's key, wrapped to one member who may read it."""

    act = models.ForeignKey(MissionAct, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "member"], name="mission_act_key_once")]
