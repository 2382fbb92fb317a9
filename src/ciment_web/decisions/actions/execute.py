"""Execute a decision: with its accords, and a holder's passphrase, the packet is made once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from ciment.canon import Json, encode
from ciment.disclosure import SECRET_CATEGORY, ActRefused, Circumstances, Execution, execute
from ciment.quorum.approve import Approval as SignedApproval
from ciment.quorum.approve import parse_approval
from ciment.register import Document, Opening
from ciment.vault import open_blob, seal
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.decisions.actions.approve import lock_open
from ciment_web.decisions.actions.reading import end_reading
from ciment_web.decisions.circumstances import circumstances_of, copies_of, delta_of, layers_of, letter_of
from ciment_web.decisions.copies import describe
from ciment_web.decisions.models import Decision, Packet, ReleaseCopy
from ciment_web.decisions.secret import Secret, give_secret, open_secret
from ciment_web.decisions.subjects import Subject, handler_for, handler_of
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.pin import pinned_log
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.actions import open_share
from ciment_web.register.queries import Entered, prove

_EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/plain": "txt"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def execute_decision(actor: Actor, decision: Decision, passphrase: str) -> Packet:
    """Open the items that Δ names, seal them to its target, and hand the reply to the subject, in one transaction.

    Raises:
        WrongPassphrase, TooManyAttempts: from the passphrase.
        CimentError: the first step of EXECUTE that does not hold; nothing is opened then.
    """
    require(actor.holds(Role.SIGNATORY))
    confirmed = Actor(actor.member, actor.roles, confirm_passphrase(actor, passphrase))
    subject = handler_of(decision).open_subject(confirmed, decision)
    given = circumstances_of(confirmed, decision, subject)
    letter = handler_for(subject).seal_letter(decision, letter_of(decision, subject))
    # Made before the lock is taken: a packet under a passphrase costs seconds, and nobody should wait for them.
    made = _make_packet(confirmed, decision, subject, given, letter)
    blob = store.write([made.packet])
    with transaction.atomic(), store.discarding(blob.name):
        # The row lock and the unique packet make a second execution wait here, and then be refused.
        locked = lock_open(decision)
        return _save(confirmed, locked, subject, letter, blob, made.sealed_secret)


@dataclass(frozen=True)
class _Made:
    packet: bytes = field(repr=False)
    sealed_secret: bytes = field(repr=False)


def _make_packet(actor: Actor, decision: Decision, subject: Subject, given: Circumstances, letter: bytes) -> _Made:
    copies = copies_of(decision, given.decision)
    # The letter under seal begins with the bytes that Δ names: the seal is appended, nothing is rewritten.
    if not letter.startswith(given.letter):
        raise ActRefused("letter")
    opened: list[Secret] = []

    def open_item(position: int, key: bytes) -> Iterator[bytes]:
        return open_file(key, copies[position].blob, str(copies[position].id))

    def open_passphrase(key: bytes) -> str:
        opened.append(open_secret(key, decision))
        return opened[0].passphrase

    roster = given.roster.roster
    execution = Execution(
        approvals=standing_approvals(actor, decision, subject),
        layers=layers_of(decision, given.decision, copies),
        member=actor.id,
        hpke=actor.keys.hpke,
        share=open_share(actor, given.decision.generation),
        open_item=open_item,
        open_secret=open_passphrase,
        declined=len(roster.seats) - decision.objections.count() < roster.threshold,
        executed=Packet.objects.filter(decision=decision).exists(),
    )
    names = [f"{position:02d}-{file_name(copy, subject)}" for position, copy in enumerate(copies, start=1)]
    beside = {
        "lettre.pdf": letter,
        "copies.json": encode(_list_copies(copies, names, subject)),
        "decision.json": given.decision.encode(),
        "decision.tlog-proof": given.published.proof,
    }
    packet = execute(given, execution, lambda position: names[position], beside)
    return _Made(packet, b"".join(give_secret(secret, decision) for secret in opened))


def standing_approvals(actor: Actor, decision: Decision, subject: Subject) -> list[SignedApproval]:
    """Return the accords given so far, as signed: one given before a tie showed no longer counts."""
    tied = handler_for(subject).tied(actor, subject)
    approvals = [parse_approval(bytes(row.signed)) for row in decision.approvals.order_by("given_at")]
    return [approval for approval in approvals if approval.member_id not in tied]


def _save(
    actor: Actor, decision: Decision, subject: Subject, letter: bytes, blob: store.Writer, secret: bytes
) -> Packet:
    digest = blob.digest.digest()
    decision.state = Decision.State.EXECUTED
    decision.save(update_fields=["state"])
    # The boxes are purged: what they held has served, and must not be found later.
    decision.approvals.all().update(signed=b"")
    end_reading(list(decision.copies.all()))
    verdicts = _public_attributes(decision)
    recorded = record(
        actor,
        "decision.executed",
        {"decision": str(decision.id), "subject": subject.id},
        kind="released",
        attributes=verdicts,
        documents=[Document("packet", digest), Document("letter", sha256(letter).digest())],
    )
    packet = Packet.objects.create(
        institution=actor.institution,
        decision=decision,
        blob=blob.name,
        sha256=digest,
        executed_by=actor.member,
        executed_at=timezone.now(),
        leaf_index=recorded.index,
        sealed_opening=seal(subject.key, recorded.opening.encode(), subject.context(f"packet/{decision.id}/opening")),
        sealed_secret=secret,
    )
    handler_for(subject).released(actor, decision, letter, recorded)
    return packet


def file_name(copy: ReleaseCopy, subject: Subject) -> str:
    """Return a plain file name for a copy, made from the one it came under."""
    stem = _UNSAFE.sub("-", describe(copy, subject).name.rsplit(".", 1)[0]).strip("-.")[:60]
    return f"{stem or 'document'}.{_EXTENSIONS[copy.media_type]}"


def _list_copies(copies: list[ReleaseCopy], names: list[str], subject: Subject) -> Json:
    listed: list[Json] = []
    for copy, name in zip(copies, names, strict=True):
        words = describe(copy, subject)
        listed.append(
            {
                "file": name,
                "category": copy.category,
                "description": words.text,
                "whole": copy.whole,
                "left_out": list(words.reasons),
            }
        )
    return listed


def _public_attributes(decision: Decision) -> dict[str, list[str]]:
    delta = delta_of(decision)
    facts = delta.facts if isinstance(delta.facts, dict) else {}
    verdicts = delta.verdicts if isinstance(delta.verdicts, dict) else {}
    released = {item.label.category for item in delta.items} - {SECRET_CATEGORY}
    return {
        "requester": [str(facts.get("requester", "none"))],
        "ground": [str(facts.get("ground", "none"))],
        "categories": sorted(released),
        "verdicts": sorted(
            {str(value["verdict"]) for name, value in verdicts.items() if name in released and isinstance(value, dict)}
        ),
    }


def read_packet(actor: Actor, packet: Packet, subject: Subject) -> bytes:
    """Return the packet, held against the register under the key the actor pinned; the fetching is traced first.

    Raises:
        ActRefused: until its entry is in a published checkpoint, or if the stored bytes are not those entered.
    """
    proof = prove_packet(actor, packet, subject)
    content = b"".join(store.read(packet.blob))
    if proof is None:
        raise ActRefused("not_published")
    if sha256(content).digest() != bytes(packet.sha256):
        raise ActRefused("not_executable")
    with transaction.atomic():
        record(actor, "packet.fetched", {"decision": str(packet.decision_id)})
    return content


def prove_packet(actor: Actor, packet: Packet, subject: Subject) -> bytes | None:
    """Return the offline proof of the packet, verified under the log key that the actor pinned; None before that."""
    context = subject.context(f"packet/{packet.decision_id}/opening")
    opening = Opening.parse(open_blob(subject.key, bytes(packet.sealed_opening), context))
    entered = Entered(Document("packet", bytes(packet.sha256)), opening, packet.leaf_index)
    return prove(packet.institution, entered, pinned_log(actor))
