"""Reads of messages, always scoped to what the acting member can open."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment_web.mailbox.models import Message
from ciment_web.members.actor import Actor


def waiting(actor: Actor) -> QuerySet[Message]:
    """Return the messages that wait under a key that was wrapped to the actor: no other exists for them."""
    return Message.objects.filter(institution=actor.institution, key__shares__member=actor.member, ended="")


def get_message(actor: Actor, message_id: uuid.UUID) -> Message:
    """Return one message the actor can open; 404 otherwise, whether it exists or not."""
    return get_object_or_404(waiting(actor).select_related("institution", "key"), id=message_id)


def waiting_messages(actor: Actor) -> Sequence[Message]:
    """Return the messages that wait, the oldest first, at most 50."""
    return list(waiting(actor).order_by("received_at")[:50])
