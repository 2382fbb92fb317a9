"""What is sealed of a search or seizure, to whom, and what each sealed part is bound to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import cast

from ciment.canon import InvalidEncoding, JsonObject, decode, encode
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.blobs.sealing import SealedFile
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.seizures.models import Fact, Seizure, SeizureKey


@dataclass(frozen=True)
class Photo:
    """A sealed photo with what opens it, and the name it came under."""

    name: str = field(repr=False)
    blob: str
    id: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, name: str, file: SealedFile) -> "Photo":
        """Return what must be known to open `file` again."""
        return cls(name, file.blob, file.id, file.key)


@dataclass(frozen=True)
class Words:
    """What one fact says: its kind, its answers by name, and a photo where there is one. They print redacted."""

    kind: str
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    photo: Photo | None = field(default=None, repr=False)


def wrap_to(seizure: Seizure, key: bytes, readers: Iterable[tuple[Member, MemberPublic]]) -> None:
    """Store `key` wrapped to each of `readers`."""
    SeizureKey.objects.bulk_create(
        SeizureKey(
            institution=seizure.institution,
            seizure=seizure,
            member=member,
            wrapped=wrap_key(key, public.hpke, _key_context(seizure, member)),
        )
        for member, public in readers
    )


def open_key(actor: Actor, seizure: Seizure) -> bytes:
    """Return the seizure's key.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = SeizureKey.objects.filter(seizure=seizure, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _key_context(seizure, actor.member))


def seal_words(fact: Fact, key: bytes, words: Words) -> bytes:
    """Return `words` sealed, bound to the author, minute, place and file of `fact`."""
    photo = words.photo
    statement = {
        "kind": words.kind,
        "answers": dict(words.answers),
        "photo": None if photo is None else {"name": photo.name, "id": photo.id, "key": photo.key.hex()},
    }
    return seal(key, encode(cast("JsonObject", statement)), _fact_context(fact))


def open_words(fact: Fact, key: bytes) -> Words:
    """Return the words of a fact.

    Raises:
        BlobError: if they, or the author, minute, place or file of their row, were changed.
    """
    stated = decode(open_blob(key, bytes(fact.sealed_words), _fact_context(fact)))
    if not isinstance(stated, dict) or not isinstance(stated["answers"], dict):
        raise InvalidEncoding("not the words of a fact")
    photo = stated["photo"]
    opened = None
    if isinstance(photo, dict):
        opened = Photo(str(photo["name"]), fact.blob, str(photo["id"]), bytes.fromhex(str(photo["key"])))
    return Words(str(stated["kind"]), {name: str(value) for name, value in stated["answers"].items()}, opened)


def sealed_context(seizure: Seizure, part: str) -> JsonObject:
    """Return what the sealed `part` of a seizure is bound to."""
    return {"institution": str(seizure.institution_id), "seizure": str(seizure.id), "part": part}


def _key_context(seizure: Seizure, member: Member) -> JsonObject:
    return {**sealed_context(seizure, "key"), "member": str(member.id)}


def _fact_context(fact: Fact) -> JsonObject:
    return {
        **sealed_context(fact.seizure, f"fact/{fact.position}"),
        "blob": fact.blob,
        "by": str(fact.noted_by_id),
        "at": fact.noted_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
