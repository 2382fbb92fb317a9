"""Hand a statement over: in person, or as a packet that only the person opens."""

import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from ciment.register import Opening
from ciment.vault import Passphrase, open_blob, parse_recipient, seal, seal_packet
from ciment_web.access.actions.record import lock_request
from ciment_web.access.actions.state import NotYet
from ciment_web.access.keys import open_key, sealed_context
from ciment_web.access.models import PersonRequest
from ciment_web.access.permissions import can_hand_over
from ciment_web.inquiries.documents import subject_of
from ciment_web.members.actor import Actor
from ciment_web.members.pin import pinned_log
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.register.queries import Entered, prove

State = PersonRequest.State


def open_statement(actor: Actor, request: PersonRequest) -> bytes:
    """Return the statement; the reading is in the register before it leaves."""
    pdf = _pdf(actor, request)
    with transaction.atomic():
        leave_trace(actor, "person.statement_read", {"request": str(request.id)})
    return pdf


def prove_statement(actor: Actor, request: PersonRequest) -> bytes | None:
    """Return the offline proof of the statement; None until its entry is published."""
    key = open_key(actor, request, "request")
    row = request.statement
    opening = Opening.parse(open_blob(key, bytes(row.sealed_opening), sealed_context(request, "statement/opening")))
    entered = Entered(subject_of("reply", bytes(row.sha256)), opening, row.leaf_index)
    return prove(actor.institution, entered, pinned_log(actor))


@dataclass(frozen=True)
class Handing:
    """How a statement leaves: in person, or as a packet for a key, or for words said aloud where there is none."""

    packet: bool
    recipient: str = field(default="", repr=False)


def hand_over(actor: Actor, request: PersonRequest, how: Handing) -> None:
    """Hand the statement over, once.

    Raises:
        NotReader, NotAllowed: for anybody without the request, before the statement, or a second time.
        InvalidRecipient: for a key that is none.
        NotYet: for a packet, until its proof can go with it.
    """
    key = open_key(actor, request, "request")
    require(can_hand_over(actor, request))
    packet, secret = _seal(actor, request, how.recipient) if how.packet else (b"", "")
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_hand_over(actor, locked))
        locked.state = State.DONE
        locked.save(update_fields=["state"])
        row = locked.statement
        row.handed_by, row.handed_at = actor.member, timezone.now()
        if packet:
            row.sealed_packet = seal(key, packet, sealed_context(request, "statement/packet"))
        if secret:
            row.sealed_secret = seal(key, secret.encode(), sealed_context(request, "statement/secret"))
        row.save(update_fields=["sealed_packet", "handed_by", "handed_at", "sealed_secret"])
        way = hashlib.sha256(packet).hexdigest() if packet else "in_person"
        leave_trace(actor, "person.handed", {"request": str(request.id), "way": way})


def open_packet(actor: Actor, request: PersonRequest) -> bytes:
    """Return the packet, which only the person opens; that it was fetched is in the register.

    Raises:
        NotReader: if the request was never given to the actor.
        BlobError: if the stored bytes were changed.
    """
    key = open_key(actor, request, "request")
    packet = open_blob(key, bytes(request.statement.sealed_packet), sealed_context(request, "statement/packet"))
    with transaction.atomic():
        leave_trace(actor, "person.packet_fetched", {"request": str(request.id)})
    return packet


def packet_words(actor: Actor, request: PersonRequest) -> str:
    """Return the words that open the packet, for whoever made it; empty for anybody else and for a key."""
    row = request.statement
    if not row.sealed_secret or row.handed_by_id != actor.member.id:
        return ""
    key = open_key(actor, request, "request")
    return open_blob(key, bytes(row.sealed_secret), sealed_context(request, "statement/secret")).decode()


def _seal(actor: Actor, request: PersonRequest, recipient: str) -> tuple[bytes, str]:
    target = parse_recipient(recipient.strip()) if recipient.strip() else Passphrase.generate()
    proof = prove_statement(actor, request)
    if proof is None:
        raise NotYet(("proof",))
    packet = seal_packet({"releve.pdf": _pdf(actor, request), "releve.tlog-proof": proof}, target)
    return packet, target.text if isinstance(target, Passphrase) else ""


def _pdf(actor: Actor, request: PersonRequest) -> bytes:
    key = open_key(actor, request, "request")
    return open_blob(key, bytes(request.statement.sealed_pdf), sealed_context(request, "statement/pdf"))
