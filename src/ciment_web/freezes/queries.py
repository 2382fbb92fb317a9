"""Reads of freezes, always within the actor's institution."""

import uuid
from collections.abc import Sequence

from django.shortcuts import get_object_or_404

from ciment_web.freezes.models import Freeze
from ciment_web.inquiries.queries import visible
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member


def standing(actor: Actor) -> Sequence[Freeze]:
    """Return what is frozen now and last was, at most 50; a request is named to those alone who may see it."""
    rows = Freeze.objects.filter(institution=actor.institution).exclude(
        scope=Freeze.Scope.INQUIRY, pk__in=_hidden(actor)
    )
    return list(rows.select_related("frozen_by", "decision").order_by("reopened_at", "-frozen_at")[:50])


def get_freeze(actor: Actor, freeze_id: uuid.UUID) -> Freeze:
    """Return one freeze whose key the actor holds; 404 otherwise, whether it exists or not."""
    held = Freeze.objects.filter(institution=actor.institution, keys__member=actor.member)
    return get_object_or_404(held.select_related("institution", "frozen_by", "decision"), id=freeze_id)


def freeze_on(actor: Actor, target: uuid.UUID) -> Freeze | None:
    """Return the freeze that stops this target now, if the actor holds its key."""
    held = Freeze.objects.filter(institution=actor.institution, keys__member=actor.member, reopened_at=None)
    return held.filter(target=target).first()


def name_of(actor: Actor, freeze: Freeze) -> str:
    """Return what is frozen: the reference of a request, the name of a member; nothing for the whole institution."""
    if freeze.scope == Freeze.Scope.MEMBER:
        return str(Member.objects.get(pk=freeze.target, institution=actor.institution).name)
    if freeze.scope == Freeze.Scope.INQUIRY:
        inquiry = visible(actor).filter(pk=freeze.target).first()
        return inquiry.reference if inquiry else ""
    return ""


def _hidden(actor: Actor) -> Sequence[uuid.UUID]:
    seen = visible(actor).values("pk")
    inquiries = Freeze.objects.filter(institution=actor.institution, scope=Freeze.Scope.INQUIRY)
    return list(inquiries.exclude(target__in=seen).values_list("pk", flat=True))
