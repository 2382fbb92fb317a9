"""Reads of searches and seizures, always scoped to what the acting member may see."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.seizures.models import Fact, Inventory, Seizure


def visible(actor: Actor) -> QuerySet[Seizure]:
    """Return the seizures whose key was wrapped to the actor: no other exists for them."""
    return Seizure.objects.filter(institution=actor.institution, keys__member=actor.member)


def get_seizure(actor: Actor, seizure_id: uuid.UUID) -> Seizure:
    """Return one seizure the actor may see; 404 otherwise, whether it exists or not."""
    return get_object_or_404(visible(actor).select_related("institution", "opened_by"), id=seizure_id)


def get_photo(seizure: Seizure, position: int) -> Fact:
    """Return the fact at one place, which carries a photo; 404 otherwise."""
    found = Fact.objects.select_related("seizure").exclude(blob="")
    return get_object_or_404(found, seizure=seizure, position=position)


def get_inventory(seizure: Seizure, number: int) -> Inventory:
    """Return one inventory of a seizure; 404 otherwise."""
    found = Inventory.objects.select_related("seizure__institution", "institution")
    return get_object_or_404(found, seizure=seizure, number=number)


def latest(actor: Actor) -> Sequence[Seizure]:
    """Return the last seizures the actor may see, at most 50."""
    return list(visible(actor).select_related("opened_by").order_by("-opened_at")[:50])


def holds_erasure(institution: Institution) -> bool:
    """Tell whether a search or seizure of the institution is under way, or over and not lifted."""
    return Seizure.objects.filter(institution=institution, lifted_at=None).exists()
