"""What is sealed of a situation of necessity, to whom, and what each sealed part is bound to."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC
from hashlib import sha256
from typing import cast

from ciment.canon import InvalidEncoding, JsonObject, decode, encode
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.necessity.models import Necessity, NecessityKey, Statement


@dataclass(frozen=True)
class Words:
    """The sealed words of one statement; any of them may be empty. They print redacted."""

    known: str = field(default="", repr=False)
    since: str = field(default="", repr=False)
    source: str = field(default="", repr=False)
    tried: str = field(default="", repr=False)
    told: str = field(default="", repr=False)
    told_at: str = field(default="", repr=False)


def wrap_to(necessity: Necessity, key: bytes, readers: Iterable[tuple[Member, MemberPublic]]) -> None:
    """Store `key` wrapped to each of `readers`."""
    NecessityKey.objects.bulk_create(
        NecessityKey(
            institution=necessity.institution,
            necessity=necessity,
            member=member,
            wrapped=wrap_key(key, public.hpke, _key_context(necessity, member)),
        )
        for member, public in readers
    )


def open_key(actor: Actor, necessity: Necessity) -> bytes:
    """Return the situation's key.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = NecessityKey.objects.filter(necessity=necessity, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _key_context(necessity, actor.member))


def seal_words(statement: Statement, key: bytes, words: Words) -> bytes:
    """Return `words` sealed, bound to the facts, answer, author and minute of `statement`."""
    return seal(key, encode(cast("JsonObject", asdict(words))), _statement_context(statement))


def open_words(statement: Statement, key: bytes) -> Words:
    """Return the words of a statement.

    Raises:
        BlobError: if they, or the facts, answer, author, minute or place of their row, were changed.
    """
    fields = decode(open_blob(key, bytes(statement.sealed_words), _statement_context(statement)))
    if not isinstance(fields, dict):
        raise InvalidEncoding("not the words of a statement")
    return Words(**{name: str(value) for name, value in fields.items()})


def _key_context(necessity: Necessity, member: Member) -> JsonObject:
    return {**_context(necessity, "key"), "member": str(member.id)}


def _statement_context(statement: Statement) -> JsonObject:
    law = encode({"facts": statement.facts, "answer": statement.answer})
    return {
        **_context(statement.necessity, f"statement/{statement.position}"),
        "law": sha256(law).hexdigest(),
        "by": str(statement.stated_by_id),
        "at": statement.stated_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def _context(necessity: Necessity, part: str) -> JsonObject:
    return {"institution": str(necessity.institution_id), "necessity": str(necessity.id), "part": part}
