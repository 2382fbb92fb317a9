"""Reads of decisions, scoped to the actor's institution; whether the matter may be read is the subject's to say."""

import uuid

from django.shortcuts import get_object_or_404

from ciment_web.decisions.models import Decision
from ciment_web.members.actor import Actor


def get_decision(actor: Actor, decision_id: uuid.UUID) -> Decision:
    """Return one decision of the actor's institution; 404 otherwise."""
    return get_object_or_404(
        Decision.objects.filter(institution=actor.institution).select_related("institution", "prepared_by"),
        id=decision_id,
    )
