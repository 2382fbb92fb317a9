"""Read a message, record it as a request, or set it aside."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from ciment.vault import unwrap_key
from ciment_web.arrivals.actions import open_private
from ciment_web.arrivals.permissions import can_take_over
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file, seal_file
from ciment_web.inquiries.actions.record import NamedFile, NewInquiry, record_inquiry
from ciment_web.inquiries.incoming import IncomingMessage, UnreadableMessage, read_message
from ciment_web.inquiries.models import Inquiry
from ciment_web.mailbox.models import Message
from ciment_web.mailbox.receiving import key_context
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record as leave_trace

NAME = "courriel.eml"


@dataclass(frozen=True)
class OpenedMessage:
    """A message with its bytes; `read` is absent where the reader refuses it, and `refusal` says why."""

    row: Message
    data: bytes = field(repr=False)
    read: IncomingMessage | None = field(repr=False)
    refusal: str = ""


def open_message(actor: Actor, message: Message) -> OpenedMessage:
    """Open a message; the reading is in the register before it is shown.

    Raises:
        NotAllowed: for whoever is not a referent, or does not hold the key it came under, or once it has ended.
        BlobError, BlobMissing: if what is stored was changed or is gone.
    """
    data = _open(actor, message)
    with transaction.atomic():
        leave_trace(actor, "mail.read", {"message": str(message.id)})
    try:
        return OpenedMessage(message, data, read_message(data, NAME))
    except UnreadableMessage as error:
        return OpenedMessage(message, data, None, error.code)


def record_message(actor: Actor, message: Message, new: NewInquiry) -> Inquiry:
    """Record a message as a request, with the message and what it carries as attachments; its own file goes.

    Raises:
        NotAllowed: as `open_message`.
        UnknownFact: as `record_inquiry`.
    """
    files = _files(_open(actor, message))
    with transaction.atomic(), store.discarding(*(file.sealed.blob for file in files)):
        locked = _lock(actor, message)
        inquiry = record_inquiry(actor, replace(new, channel="mail", received_at=message.received_at), files)
        _end(locked, Message.End.RECORDED, inquiry)
        leave_trace(actor, "mail.recorded", {"message": str(message.id), "inquiry": str(inquiry.id)})
    return inquiry


def set_aside(actor: Actor, message: Message) -> None:
    """Remove what is no request; its digest stays, so that it does not come back. Raises NotAllowed."""
    require(can_take_over(actor))
    with transaction.atomic():
        _end(_lock(actor, message), Message.End.SET_ASIDE, None)
        leave_trace(actor, "mail.set_aside", {"message": str(message.id)})


def _open(actor: Actor, message: Message) -> bytes:
    require(can_take_over(actor) and not message.ended)
    if message.blob is None:
        raise NotAllowed("this message has ended")
    key = unwrap_key(bytes(message.wrapped), open_private(actor, message.key), key_context(message))
    return b"".join(open_file(key, message.blob, str(message.file_id)))


def _files(data: bytes) -> Sequence[NamedFile]:
    files = [NamedFile(NAME, seal_file([data]))]
    try:
        parts = read_message(data, NAME).attachments
    except UnreadableMessage:
        # Kept whole, as it came: a referent typed the questions from it.
        parts = ()
    return files + [NamedFile(part.name, seal_file([part.data])) for part in parts]


def _lock(actor: Actor, message: Message) -> Message:
    locked = Message.objects.select_for_update().get(pk=message.pk, institution=actor.institution)
    require(can_take_over(actor) and not locked.ended)
    return locked


def _end(message: Message, how: Message.End, inquiry: Inquiry | None) -> None:
    blob = message.blob
    message.ended, message.blob, message.inquiry = how, None, inquiry
    message.save(update_fields=["ended", "blob", "inquiry"])
    if blob is not None:
        transaction.on_commit(lambda: store.remove(blob))
