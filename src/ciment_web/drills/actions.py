"""Answer a moment of a drill: one more for the team, and no trace of whom."""

from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from ciment.register import LEAST
from ciment_web.drills.casebook import Case
from ciment_web.drills.models import ChoiceCount
from ciment_web.drills.permissions import can_count
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor


def answer_moment(actor: Actor, case: Case, moment: int, choice: int) -> None:
    """Count one more choice at a moment of a case.

    It leaves no entry in the register, on purpose: an entry names its actor to the auditors, and an exercise in which
    one is watched is no exercise (docs/decisions/0038). Nothing here says who answered, or when.

    Raises:
        IndexError: for a moment or a choice that the case has not.
    """
    case.moments[moment].choices[choice]
    if not can_count(actor):
        return
    with transaction.atomic():
        # The institution's row is the lock: two who answer at once are both counted, and shown together.
        Institution.objects.select_for_update().get(pk=actor.institution.pk)
        place: dict[str, Any] = {"institution": actor.institution, "case": case.slug, "moment": moment}
        row, _created = ChoiceCount.objects.get_or_create(**place, choice=choice)
        ChoiceCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
        rows = ChoiceCount.objects.filter(**place)
        if rows.aggregate(total=Sum("count"))["total"] % LEAST == 0:
            rows.update(shown=F("count"))
