"""Reads of decisions, scoped to the actor's institution; whether the matter may be read is the subject's to say."""

import uuid
from collections.abc import Mapping, Sequence

from django.shortcuts import get_object_or_404

from ciment.canon import CimentError, unhex
from ciment.disclosure import ActRefused
from ciment.quorum.approve import parse_approval, verify_approval
from ciment.quorum.decision import Decision as Delta
from ciment.quorum.roster import Roster
from ciment_web.decisions.models import Approval, Decision
from ciment_web.members.actor import Actor


def get_decision(actor: Actor, decision_id: uuid.UUID) -> Decision:
    """Return one decision of the actor's institution; 404 otherwise."""
    return get_object_or_404(
        Decision.objects.filter(institution=actor.institution).select_related("institution", "prepared_by"),
        id=decision_id,
    )


def shown_approvals(decision: Decision, delta: Delta, roster: Roster) -> list[Approval]:
    """Return the accords that may be shown as given: while the decision is open, only those whose signature holds.

    Once it is over the signatures are purged; the rows then say what the register keeps.
    """
    rows = list(decision.approvals.select_related("member").order_by("given_at"))
    if decision.state != Decision.State.OPEN:
        return rows
    return [row for row in rows if _holds(row, delta, roster)]


def reading_digest(delta: Delta, copy_id: uuid.UUID) -> bytes:
    """Return the digest under which Δ names the reading copy of a release copy.

    Raises:
        ActRefused: if Δ names none.
    """
    listed = delta.copies.get("list") if isinstance(delta.copies, Mapping) else None
    for copy in listed if isinstance(listed, Sequence) else ():
        if isinstance(copy, Mapping) and copy.get("id") == str(copy_id):
            reading = copy.get("reading")
            if isinstance(reading, Mapping):
                return unhex(reading.get("sha256"), 32)
    raise ActRefused("not_executable")


def _holds(row: Approval, delta: Delta, roster: Roster) -> bool:
    try:
        approval = parse_approval(bytes(row.signed))
        verify_approval(approval, roster, delta)
    except CimentError:
        return False
    return (approval.seat, approval.member_id) == (row.seat, str(row.member_id))
