"""What is sealed of something told in confidence: bound to its place, padded to one length, its words signed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from ciment.canon import HybridPublicKey, InvalidEncoding, JsonObject, decode, encode, lp, unhex
from ciment.vault import BlobError, MemberKeys, MemberPublic, new_seed, open_blob, seal, unwrap_key, wrap_key
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.pressure.models import Confidence, Envelope, Report

# Whatever is written, up to the longest that the form takes, fills one block: length tells nothing.
_WORDS_BLOCK, _HEAD_BLOCK = 24 * 1024, 4 * 1024
_SIGNED = b"ciment/pressure/v1/confidence"
WRITTEN, READ = "written", "read"


@dataclass(frozen=True)
class Head:
    """Who wrote, who is named, who may read besides the author, and since when."""

    author: str
    named: tuple[str, ...] = field(repr=False)
    readers: tuple[str, ...] = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Said:
    """One confidence: who, when, whether it was written or read, and the words. They print redacted."""

    by: str
    at: datetime
    kind: str
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Opened:
    """A report that the actor reads, with its key."""

    report: Report
    head: Head
    key: bytes = field(repr=False)


def draw_envelopes(report: Report, key: bytes, members: list[Member], readers: Mapping[str, MemberPublic]) -> None:
    """Store an envelope for each of `members`: `key` for the readers, a random key under a lost one for the others."""
    Envelope.objects.bulk_create(
        Envelope(
            institution=report.institution,
            report=report,
            member=member,
            wrapped=_envelope(report, member, key, readers.get(str(member.id))),
        )
        for member in members
    )


def try_envelope(actor: Actor, envelope: Envelope) -> Opened | None:
    """Return the report of an envelope of the actor; None if it is not for the actor, or changed: nobody can tell."""
    report = envelope.report
    try:
        key = unwrap_key(bytes(envelope.wrapped), actor.keys.hpke, _envelope_context(report, str(actor.member.id)))
        return Opened(report, _open_head(report, key), key)
    except BlobError:
        return None


def require_opened(actor: Actor, envelope: Envelope | None) -> Opened:
    """Return the report of an envelope.

    Raises:
        NotReader: if there is none for the actor: the page answers as if nothing existed.
    """
    opened = try_envelope(actor, envelope) if envelope is not None else None
    if opened is None:
        raise NotReader
    return opened


def seal_head(report: Report, key: bytes, head: Head) -> bytes:
    """Return `head` sealed, of one length for up to some eighty people."""
    told: JsonObject = {
        "author": head.author,
        "named": list(head.named),
        "readers": list(head.readers),
        "at": _moment(head.at),
    }
    return seal(key, _pad(encode(told), _HEAD_BLOCK), _context(report, "head"))


def seal_said(actor: Actor, confidence: Confidence, key: bytes, said: Said) -> bytes:
    """Return what the actor says, signed by the actor and sealed."""
    told = _told(said)
    signature = actor.keys.sign(_statement(confidence, told))
    return _seal_signed(confidence, key, {**told, "signature": signature.hex()})


def reseal(confidence: Confidence, old: bytes, new: bytes) -> bytes:
    """Return the same signed words under another key."""
    return _seal_signed(confidence, new, _open_signed(confidence, old))


def open_said(confidence: Confidence, key: bytes) -> tuple[Said, bytes]:
    """Return what is said, and the signature that `verify_said` checks.

    Raises:
        BlobError: if it was changed or moved.
    """
    told = _open_signed(confidence, key)
    words = told["words"]
    if not isinstance(words, dict):
        raise InvalidEncoding("not a confidence")
    said = Said(
        str(told["by"]),
        datetime.fromisoformat(str(told["at"])),
        str(told["kind"]),
        {name: str(value) for name, value in words.items()},
    )
    return said, unhex(told["signature"])


def verify_said(confidence: Confidence, said: Said, signature: bytes, public: MemberPublic) -> None:
    """Check that the member of `public` said it: readers share a key, and none speaks for another.

    Raises:
        BadSignature: otherwise.
    """
    public.verify(_statement(confidence, _told(said)), signature)


def _seal_signed(confidence: Confidence, key: bytes, told: JsonObject) -> bytes:
    context = _context(confidence.report, f"confidence/{confidence.position}")
    return seal(key, _pad(encode(told), _WORDS_BLOCK), context)


def _open_signed(confidence: Confidence, key: bytes) -> JsonObject:
    context = _context(confidence.report, f"confidence/{confidence.position}")
    return _object(_unpad(open_blob(key, bytes(confidence.sealed_words), context)))


def _open_head(report: Report, key: bytes) -> Head:
    told = _object(_unpad(open_blob(key, bytes(report.sealed_head), _context(report, "head"))))
    named, readers = told["named"], told["readers"]
    if not isinstance(named, list) or not isinstance(readers, list):
        raise InvalidEncoding("not the head of a report")
    at = datetime.fromisoformat(str(told["at"]))
    return Head(str(told["author"]), tuple(map(str, named)), tuple(map(str, readers)), at)


def _envelope(report: Report, member: Member, key: bytes, public: MemberPublic | None) -> bytes:
    context = _envelope_context(report, str(member.id))
    if public is not None:
        return wrap_key(key, public.hpke, context)
    # A true wrap of nothing to keys that are forgotten here: whoever lacks the keys cannot tell it from another.
    return wrap_key(secrets.token_bytes(32), _lost_key(), context)


def _lost_key() -> HybridPublicKey:
    return MemberKeys.from_seed(new_seed()).public.hpke


def _told(said: Said) -> JsonObject:
    return {"by": said.by, "at": _moment(said.at), "kind": said.kind, "words": dict(said.words)}


def _statement(confidence: Confidence, told: JsonObject) -> bytes:
    return _SIGNED + lp(encode({"report": str(confidence.report_id), "position": confidence.position, **told}))


def _pad(data: bytes, block: int) -> bytes:
    whole = len(data).to_bytes(4, "big") + data
    return whole + bytes(-len(whole) % block)


def _unpad(padded: bytes) -> bytes:
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def _object(data: bytes) -> JsonObject:
    told = decode(data)
    if not isinstance(told, dict):
        raise InvalidEncoding("not an object")
    return cast("JsonObject", told)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _envelope_context(report: Report, member: str) -> JsonObject:
    return {**_context(report, "envelope"), "member": member}


def _context(report: Report, part: str) -> JsonObject:
    return {"institution": str(report.institution_id), "report": str(report.id), "part": part}
