"""A message arrives: sealed at once, read by nobody, entered in the register, kept once however often it is sent."""

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import CimentError, JsonObject
from ciment.vault import wrap_key
from ciment_web.arrivals.trust import open_arrivals_of
from ciment_web.blobs import store
from ciment_web.blobs.sealing import seal_file
from ciment_web.inquiries.notices import tell
from ciment_web.institutions.models import Institution
from ciment_web.mailbox.models import Message
from ciment_web.members.models import Role
from ciment_web.members.tracing import Trace, record_arrival

# Above what mail servers carry. A message the reader refuses as too large is kept all the same, to be taken as a file.
LARGEST = 50 << 20
# A header of its own line, folded lines included; the rest of the message is read in a referent's session alone.
_MESSAGE_ID = re.compile(rb"(?im)^message-id:((?:[^\r\n]*)(?:\r?\n[ \t][^\r\n]*)*)")


class MessageRefused(CimentError):  # noqa: N818 - the class names the refusal
    """Bytes that are kept nowhere: nothing, or more than any mail server carries."""


@dataclass(frozen=True)
class Arrived:
    """What became of a message: `message` is its row, `again` whether it had come before."""

    message: Message
    again: bool


def receive_message(institution: Institution, data: bytes) -> Arrived:
    """Seal a message to the referents and signatories; on return it is durable, and its source may forget it.

    Raises:
        ArrivalsClosed: unless a signatory opened the institution to mail: the message stays where it is.
        MessageRefused: for an empty message, or one beyond LARGEST.
    """
    if not data.strip() or len(data) > LARGEST:
        raise MessageRefused("an empty message, or one beyond the limit")
    arrivals = open_arrivals_of(institution, "mail")
    digest = _digest(institution, data)
    # The institution's row is the lock: of two deliveries of one message, the second finds the first.
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution.pk)
        known = Message.objects.filter(institution=institution, digest=digest).first()
        if known is not None:
            return Arrived(known, again=True)
        sealed = seal_file([data])
        with store.discarding(sealed.blob):
            message = Message(
                id=uuid.uuid4(),
                institution=institution,
                key=arrivals.row,
                digest=digest,
                received_at=timezone.now(),
                blob=sealed.blob,
                file_id=uuid.UUID(sealed.id),
            )
            message.wrapped = wrap_key(sealed.key, arrivals.opening.public, key_context(message))
            message.save(force_insert=True)
            where = reverse("mailbox", kwargs={"slug": institution.slug})
            tell(institution, Role.REFERENT, _("Ciment : un courriel attend d’être lu"), where)
            trace = Trace(institution, arrivals.opening.register_key)
            record_arrival(trace, "mail.received", {"message": str(message.id)})
    return Arrived(message, again=False)


def key_context(message: Message) -> JsonObject:
    """Return what the wrapped key of a message is bound to."""
    return {
        "use": "mail",
        "institution": str(message.institution_id),
        "message": str(message.id),
        "file": str(message.file_id),
    }


def _digest(institution: Institution, data: bytes) -> str:
    # The identifier alone would let whoever knows it send something else first, and have the real message dropped.
    head, _separator, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    named = _MESSAGE_ID.search(head)
    identifier = b" ".join(named[1].split()) if named else head
    said = [institution.id.bytes, hashlib.sha256(identifier).digest(), hashlib.sha256(body.rstrip(b"\n")).digest()]
    return hmac.new(settings.SECRET_KEY.encode(), b"".join(said), hashlib.sha256).hexdigest()
