"""Send what was decided, close what is done, withdraw what was recorded by mistake."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ciment.disclosure.states import Act, Lane, State, advance
from ciment_web.decisions.actions.approve import cancel_decision
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import can_answer, can_close, can_withdraw
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


def may_leave_at(inquiry: Inquiry) -> datetime | None:
    """Return from when the reply may leave: every reply waits equally long, so waiting tells nothing."""
    if inquiry.decided_at is None:
        return None
    return inquiry.decided_at + timedelta(hours=inquiry.institution.reply_delay_hours)


def answer_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Record that the reply left.

    Raises:
        NotAllowed: before the fixed delay is over, or for a member who does not send replies.
    """
    leave_at = may_leave_at(inquiry)
    require(can_answer(actor, inquiry) and leave_at is not None and timezone.now() >= leave_at)
    _move(actor, inquiry, Act.ANSWER)


def close_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Close an inquiry that is answered, or that is not answered by letter; raises NotAllowed otherwise."""
    require(can_close(actor, inquiry))
    _move(actor, inquiry, Act.CLOSE)


def withdraw_inquiry(actor: Actor, inquiry: Inquiry) -> None:
    """Withdraw a request that its author took back, or that was recorded by mistake; an open decision falls with it.

    Raises:
        NotAllowed: for a member other than a referent who is not recused, or once it is decided.
    """
    require(can_withdraw(actor, inquiry))
    with transaction.atomic():
        if inquiry.decision is not None:
            cancel_decision(actor, inquiry.decision)
        _move(actor, inquiry, Act.WITHDRAW)


def _move(actor: Actor, inquiry: Inquiry, act: Act) -> None:
    with transaction.atomic():
        locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk, institution=actor.institution)
        locked.state = advance(State(locked.state), act, Lane(locked.lane) if locked.lane else None)
        if act is Act.ANSWER:
            locked.answered_at = timezone.now()
        locked.save(update_fields=["state", "answered_at"])
        leave_trace(actor, f"inquiry.{act.value}", {"inquiry": str(inquiry.id)})
