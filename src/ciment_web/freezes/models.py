"""The rows of a freeze: what is stopped, since when, and the accords that may reopen it. The reasons are sealed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciment_web.decisions.models import Decision
from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Freeze(TenantRow):
    """One stop, of one request, one member or the whole institution, from the minute somebody competent said so."""

    class Scope(models.TextChoices):
        """What is stopped."""

        INQUIRY = "inquiry", _("une demande")
        MEMBER = "member", _("un membre")
        INSTITUTION = "institution", _("l’institution")

    scope = models.CharField(max_length=12, choices=Scope.choices)
    # The identifier of the request, the member or the institution itself: no key of a table, so that any may be named.
    target = models.UUIDField()
    frozen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    sealed_reason = models.BinaryField()
    # The decision under way to reopen it, or the one that did.
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-frozen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "target"], condition=Q(reopened_at=None), name="frozen_once"
            ),
            models.CheckConstraint(condition=Q(scope__in=["inquiry", "member", "institution"]), name="freeze_scope"),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | Q(decision__isnull=False), name="freeze_reopened_by_decision"
            ),
        ]


class FreezeKey(TenantRow):
    """The freeze's key, wrapped to one member who may read why, and decide."""

    freeze = models.ForeignKey(Freeze, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["freeze", "member"], name="freeze_key_once")]
