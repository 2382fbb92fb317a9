"""The rows of the settings. They are read for what is signed in them, never for themselves."""

import uuid

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


class Alert(TenantRow):
    """Something urgent that waits to be read: where it is, and nothing of what it is."""

    subject = models.UUIDField(default=uuid.uuid4)
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    raised_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    seen_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["institution", "subject"], name="alert_by_subject")]


class Delivery(TenantRow):
    """One notice of an alert: to one member by mail, or to the institution's gateway."""

    class Group(models.TextChoices):
        """Whose turn it was."""

        ON_CALL = "on_call", "de permanence"
        DEPUTIES = "deputies", "suppléance"
        EVERYBODY = "everybody", "signataires"

    class Channel(models.TextChoices):
        """How it travels."""

        MAIL = "mail", "courriel"
        GATEWAY = "gateway", "passerelle"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    # Why this one is told: on call, deputy, or everybody.
    called_as = models.CharField(max_length=10, choices=Group.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    due_at = models.DateTimeField()
    # When it is tried next: moved ahead before each attempt, so that two servers never send it together.
    next_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # The type of the last failure, and nothing of its text.
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["due_at", "channel"]
        constraints = [
            models.CheckConstraint(condition=models.Q(channel__in=("mail", "gateway")), name="delivery_channel"),
            models.CheckConstraint(
                condition=models.Q(called_as__in=("on_call", "deputies", "everybody")), name="delivery_group"
            ),
            # Without a member it is the gateway's; a member is told once, whatever the group.
            models.UniqueConstraint(fields=["alert", "member"], name="delivery_mail_once"),
            models.UniqueConstraint(
                fields=["alert", "called_as"], condition=models.Q(member=None), name="delivery_gateway_once"
            ),
        ]
