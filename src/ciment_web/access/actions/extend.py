"""Extend the clock of a person's request, with a reason that the person is told."""

from django.db import transaction

from ciment.vault import open_blob
from ciment.vault import seal as seal_blob
from ciment_web.access.actions.record import lock_request
from ciment_web.access.clock import due_on
from ciment_web.access.keys import open_key, sealed_context
from ciment_web.access.models import PersonRequest
from ciment_web.access.permissions import can_extend
from ciment_web.inquiries.documents import today
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


def extend_request(actor: Actor, request: PersonRequest, reason: str) -> None:
    """Give a request two more months, once, while its first month still runs.

    Raises:
        NotReader: if the request was never given to the actor.
        NotAllowed: for anybody but a referent, twice, or once the month is over: the person had to know by then.
    """
    key = open_key(actor, request, "request")
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_extend(actor, locked) and bool(reason.strip()))
        require(today(actor.institution) <= due_on(locked.received_on, extended=False))
        locked.extended, locked.told_on = True, None
        locked.due_on = due_on(locked.received_on, extended=True)
        locked.sealed_extension = seal_blob(key, reason.strip().encode(), sealed_context(locked, "extension"))
        locked.save(update_fields=["extended", "told_on", "due_on", "sealed_extension"])
        leave_trace(actor, "person.extended", {"request": str(request.id), "until": locked.due_on.isoformat()})


def extension_reason(request: PersonRequest, key: bytes) -> str:
    """Return why the clock was extended; empty if it was not."""
    if not request.sealed_extension:
        return ""
    return open_blob(key, bytes(request.sealed_extension), sealed_context(request, "extension")).decode()
