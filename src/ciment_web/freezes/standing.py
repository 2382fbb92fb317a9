"""What is frozen now. Folders below ask through `decisions.stops` and `members.answering`."""

import uuid

from django.db.models import Q

from ciment_web.freezes.models import Freeze
from ciment_web.members.models import Member


def is_stopped(institution_id: uuid.UUID, subject_id: str) -> bool:
    """Tell whether a matter, or the whole institution it belongs to, is frozen."""
    named = Q(scope=Freeze.Scope.INQUIRY, target=subject_id) | Q(scope=Freeze.Scope.INSTITUTION)
    return Freeze.objects.filter(named, institution=institution_id, reopened_at=None).exists()


def is_at_work(member: Member) -> bool:
    """Tell whether a member is not frozen: a frozen one does not come in."""
    frozen = Freeze.objects.filter(
        scope=Freeze.Scope.MEMBER, target=member.id, institution=member.institution_id, reopened_at=None
    )
    return not frozen.exists()
