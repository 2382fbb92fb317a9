"""The rows of flows. What a flow allows, and every word noted within it, is sealed; what decides is signed."""

from django.db import models

from ciment_web.decisions.models import Decision
from ciment_web.institutions.models import TenantRow
from ciment_web.members.models import Member


class Flow(TenantRow):
    """One flow: its terms, frozen as soon as they are proposed, and the latest decision on them."""

    number = models.PositiveIntegerField()
    # An automated exchange outside Ciment, declared only: nobody acts within it here.
    outside = models.BooleanField()
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    sealed_terms = models.BinaryField()
    # The opinion of the data protection officer on exactly these terms, signed; empty until it is given.
    sealed_opinion = models.BinaryField(default=b"")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["institution", "number"], name="flow_number_once")]


class FlowKey(TenantRow):
    """The flow's key, wrapped to one member who acts within the flow, answers for it or advises on it."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "member"], name="flow_key_once")]


class Suspension(TenantRow):
    """What stops a flow at once. It is of one decision: only new accords, on another decision, let the flow go on."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="suspensions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    suspended_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    sealed_reason = models.BinaryField()

    class Meta:
        ordering = ["suspended_at"]
        constraints = [models.UniqueConstraint(fields=["decision"], name="suspension_once")]


class Communication(TenantRow):
    """One communication within a flow, noted by whoever made it; it names the accords it was made under."""

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="communications")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    sealed_words = models.BinaryField()

    class Meta:
        ordering = ["-noted_at"]
        indexes = [models.Index(fields=["flow", "noted_at"], name="communication_by_time")]


class CommunicationKey(TenantRow):
    """A communication's key, wrapped to its author, a referent, or the officer whom a drawn one was handed to."""

    communication = models.ForeignKey(Communication, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["communication", "member"], name="communication_key_once")]


class Review(TenantRow):
    """What somebody other than its author concluded on a communication of the monthly sample, signed."""

    communication = models.OneToOneField(Communication, on_delete=models.CASCADE, related_name="review")
    reviewed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    conforms = models.BooleanField()
    sealed_words = models.BinaryField()
    signature = models.BinaryField()
