"""Open an inquiry: state a recusal first, then read; every reading leaves its trace."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from ciment_web.decisions.actions.approve import void_approval
from ciment_web.inquiries.content import Content, open_content
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Inquiry, RecusalStatement
from ciment_web.inquiries.permissions import is_recused, may_read
from ciment_web.inquiries.recusals import sign_statement
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


@dataclass(frozen=True)
class Opened:
    """An inquiry with its words, and the key under which its parts are sealed."""

    inquiry: Inquiry
    content: Content = field(repr=False)
    key: bytes = field(repr=False)


def state_recusal(actor: Actor, inquiry: Inquiry, *, recused: bool) -> None:
    """Record whether a referent or signatory is tied to the matter; a tie may be declared later, never taken back.

    Raises:
        NotAllowed: for another member, or to take a recusal back.
    """
    require(actor.holds(Role.REFERENT, Role.SIGNATORY))
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        require(recused or not is_recused(actor, locked))
        RecusalStatement.objects.update_or_create(
            institution=actor.institution,
            inquiry=inquiry,
            member=actor.member,
            defaults={
                "recused": recused,
                "signature": sign_statement(actor, inquiry, recused=recused),
                "stated_at": timezone.now(),
            },
        )
        if recused and locked.decision is not None:
            void_approval(actor, locked.decision)
        leave_trace(actor, "inquiry.recusal", {"inquiry": str(inquiry.id), "recused": recused})


def lock_inquiry(actor: Actor, inquiry: Inquiry) -> Inquiry:
    """Lock an inquiry until the end of the transaction, and return it as it is now: an old page decides nothing."""
    return Inquiry.objects.select_for_update().get(pk=inquiry.pk, institution=actor.institution)


def read_inquiry(actor: Actor, inquiry: Inquiry) -> Opened:
    """Open the words of an inquiry; the reading is in the register before they are shown.

    Raises:
        NotReader: if the inquiry's key was never wrapped to the actor.
        NotAllowed: before the recusal question is answered, or after a recusal.
    """
    key = open_key(actor, inquiry)
    require(may_read(actor, inquiry))
    with transaction.atomic():
        content = open_content(inquiry, key)
        leave_trace(actor, "inquiry.read", {"inquiry": str(inquiry.id)})
    return Opened(inquiry, content, key)


def trace_reading(actor: Actor, inquiry: Inquiry, part: str) -> None:
    """Put the reading of a part (a document, an attachment) in the register, before it is shown."""
    with transaction.atomic():
        leave_trace(actor, "inquiry.part_read", {"inquiry": str(inquiry.id), "part": part})
