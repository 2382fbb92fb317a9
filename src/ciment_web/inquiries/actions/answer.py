"""Send what was decided, close what is done, withdraw what was recorded by mistake."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ciment.disclosure.states import Act, Lane, State, advance
from ciment_web.decisions.actions.approve import cancel_decision
from ciment_web.governance.rhythm import rhythm_of
from ciment_web.inquiries.actions.open import lock_inquiry
from ciment_web.inquiries.channels import channels
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import can_answer, can_close, can_withdraw
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


def may_leave_at(inquiry: Inquiry) -> datetime | None:
    """Return from when the reply may leave: every reply waits equally long, so waiting tells nothing."""
    if inquiry.decided_at is None:
        return None
    return inquiry.decided_at + timedelta(hours=rhythm_of(inquiry.institution).reply_delay_hours)


def answer_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Record that the reply left.

    Raises:
        NotAllowed: before the fixed delay is over, or for a member who does not send replies.
    """
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        leave_at = may_leave_at(locked)
        require(can_answer(actor, locked) and leave_at is not None and timezone.now() >= leave_at)
        for channel in channels():
            channel.answered(actor, locked)
        _move(actor, locked, Act.ANSWER)


def close_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Close an inquiry that is answered, or that is not answered by letter; raises NotAllowed otherwise."""
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        require(can_close(actor, locked))
        _move(actor, locked, Act.CLOSE)


def withdraw_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Withdraw a request that its author took back, or that was recorded by mistake; an open decision falls with it.

    Raises:
        NotAllowed: for a member other than a referent who is not recused, or once it is decided.
    """
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        require(can_withdraw(actor, locked))
        if locked.decision is not None:
            cancel_decision(actor, locked.decision)
            locked.refresh_from_db()
        _move(actor, locked, Act.WITHDRAW)


def _move(actor: Actor, inquiry: Inquiry, act: Act) -> None:
    inquiry.state = advance(State(inquiry.state), act, Lane(inquiry.lane) if inquiry.lane else None)
    if act is Act.ANSWER:
        inquiry.answered_at = timezone.now()
    inquiry.save(update_fields=["state", "answered_at"])
    leave_trace(actor, f"inquiry.{act.value}", {"inquiry": str(inquiry.id)})
