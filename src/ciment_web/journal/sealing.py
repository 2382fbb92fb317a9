"""What is sealed of a mission act, to whom, and what each sealed part is bound to."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any, cast

from ciment.canon import JsonObject, decode_object, encode
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.inquiries.keys import NotReader
from ciment_web.journal.models import MissionAct, MissionActKey
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member


@dataclass(frozen=True)
class Words:
    """The sealed words of a line: the day, to whom (a kind), about whom."""

    done_on: str
    told_to: str
    about: str = field(repr=False)


def give_act(act: MissionAct, key: bytes, readers: Iterable[tuple[Member, MemberPublic]]) -> None:
    """Store the line's key wrapped to each of `readers`."""
    MissionActKey.objects.bulk_create(
        MissionActKey(
            institution=act.institution,
            act=act,
            member=member,
            wrapped=wrap_key(key, public.hpke, _context(act, f"key/{member.id}")),
        )
        for member, public in readers
    )


def open_act(actor: Actor, act: MissionAct) -> Words:
    """Return the words of a line.

    Raises:
        NotReader: if its key was never wrapped to the actor.
        BlobError: if they, or the kind, author or minute of their row, were changed.
    """
    row = MissionActKey.objects.filter(act=act, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    key = unwrap_key(bytes(row.wrapped), actor.keys.hpke, _context(act, f"key/{actor.id}"))
    opened = open_blob(key, bytes(act.sealed_words), _context(act, "words"))
    fields: dict[str, Any] = dict(decode_object(opened, frozenset(Words.__dataclass_fields__)))
    return Words(**fields)


def seal_act(act: MissionAct, key: bytes, words: Words) -> bytes:
    """Return the words of a line, bound to its kind, author and minute."""
    return seal(key, encode(cast("JsonObject", asdict(words))), _context(act, "words"))


def _context(act: MissionAct, part: str) -> JsonObject:
    return {
        "institution": str(act.institution_id),
        "act": str(act.id),
        "kind": act.kind,
        "by": str(act.recorded_by_id),
        "at": act.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "part": part,
    }
