"""Execute a decision: with its accords, and a holder's passphrase, the packet is made once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from ciment.canon import Json, encode
from ciment.disclosure import SECRET_CATEGORY, ActRefused, Circumstances, Execution, execute
from ciment.quorum.approve import parse_approval
from ciment.register import Document, Opening
from ciment.vault import open_blob, seal
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.decisions.actions.approve import lock_open
from ciment_web.decisions.actions.copies import describe
from ciment_web.decisions.circumstances import circumstances_of, copies_of, delta_of, layers_of
from ciment_web.decisions.models import Decision, Packet, ReleaseCopy
from ciment_web.decisions.secret import give_secret, open_secret
from ciment_web.decisions.subjects import Subject, handler
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.actions import open_share
from ciment_web.quorum.trust import require_trusted
from ciment_web.register.queries import latest_checkpoint, prove

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
    subject = handler().open_subject(confirmed, decision)
    given = circumstances_of(confirmed, decision, subject)
    letter = handler().seal_letter(decision, letter_of(decision, subject))
    # Made before the lock is taken: a packet under a passphrase costs seconds, and nobody should wait for them.
    made = _make_packet(confirmed, decision, subject, given, letter)
    blob = store.write([made.packet])
    try:
        with transaction.atomic():
            # The row lock and the unique packet make a second execution wait here, and then be refused.
            locked = lock_open(decision)
            preparer = require_trusted(locked.prepared_by, given.roster.roster)
            secret = give_secret(made.passphrase, locked, preparer) if made.passphrase else b""
            return _save(confirmed, locked, subject, letter, blob, secret)
    except BaseException:
        store.remove(blob.name)
        raise


def letter_of(decision: Decision, subject: Subject) -> bytes:
    """Return the letter as frozen; raises BlobError if it was changed or moved."""
    return open_blob(subject.key, bytes(decision.sealed_letter), subject.context(f"decision/{decision.id}/letter"))


@dataclass(frozen=True)
class _Made:
    packet: bytes = field(repr=False)
    passphrase: str = field(repr=False)


def _make_packet(actor: Actor, decision: Decision, subject: Subject, given: Circumstances, letter: bytes) -> _Made:
    copies = copies_of(decision, given.decision)
    frozen = letter_of(decision, subject)
    # The letter under seal begins with the bytes that Δ names: the seal is appended, nothing is rewritten.
    if given.decision.letter != sha256(frozen).digest() or not letter.startswith(frozen):
        raise ActRefused("not_executable")
    opened: list[str] = []

    def open_item(position: int, key: bytes) -> Iterator[bytes]:
        return open_file(key, copies[position].blob, str(copies[position].id))

    def open_passphrase(key: bytes) -> str:
        opened.append(open_secret(key, decision))
        return opened[0]

    roster = given.roster.roster
    execution = Execution(
        approvals=[parse_approval(bytes(row.signed)) for row in decision.approvals.order_by("given_at")],
        layers=layers_of(decision, given.decision, copies),
        preparer=str(decision.prepared_by_id),
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
    return _Made(packet, "".join(opened))


def _save(
    actor: Actor, decision: Decision, subject: Subject, letter: bytes, blob: store.Writer, secret: bytes
) -> Packet:
    digest = blob.digest.digest()
    decision.state = Decision.State.EXECUTED
    decision.save(update_fields=["state"])
    # The boxes are purged: what they held has served, and must not be found later.
    decision.approvals.all().update(signed=b"")
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
    handler().released(actor, decision, letter, recorded)
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


def trace_packet(actor: Actor, packet: Packet) -> None:
    """Put the fetching of a packet in the register, before it is served.

    Raises:
        ActRefused: until the entry of its execution is in a published checkpoint.
    """
    published = latest_checkpoint(packet.institution)
    if published is None or published.size <= packet.leaf_index:
        raise ActRefused("not_published")
    with transaction.atomic():
        record(actor, "packet.fetched", {"decision": str(packet.decision_id)})


def prove_packet(packet: Packet, subject: Subject) -> bytes | None:
    """Return the offline proof of the packet, once published."""
    context = subject.context(f"packet/{packet.decision_id}/opening")
    opening = Opening.parse(open_blob(subject.key, bytes(packet.sealed_opening), context))
    return prove(packet.institution, packet.leaf_index, opening, Document("packet", bytes(packet.sha256)))
