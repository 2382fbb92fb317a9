"""Entries of the register: what is public of an act, and a salted commitment to the rest.

Format: docs/formats/register.md.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import cast

from ciment.canon import InvalidEncoding, Json, JsonObject, decode_object, derive, encode, lp, unhex

SALT_SIZE = 32
# The last millisecond of the year 9999 (UTC): every time can be written as a date.
MAX_TIME = 253_402_300_799_999
_QUALIFIED = ("categories", "ground", "requester", "verdicts")

# The public kinds and the attributes each carries, all of them, no other. Whatever concerns a file, a person, a key or
# an accord is an `act`, which says nothing: up to and including a refusal, neither kinds nor their number may depend
# on whether the institution knows the person. A decision and its approvals are acts for the same reason.
KINDS: Mapping[str, tuple[str, ...]] = {
    "act": (),
    "ceremony": (),
    "freeze": (),
    "gap": (),
    "institution": (),
    "law_pack": (),
    "qualified": _QUALIFIED,
    "received": ("form", "requester"),
    "refused": _QUALIFIED,
    "released": _QUALIFIED,
    "witness_change": (),
}
MAX_VALUES = 64

# A value is an identifier of the law pack in force. Five digits in a row would let a national, telephone or file
# number through, so they are refused.
_VALUE = re.compile(r"(?!.*[0-9]{5})[a-z0-9_]{1,40}")
# Exactly the canonical form of an entry: this is what makes reading a million of them quick.
_ENTRY = re.compile(
    rb'\{"attributes":(\{[a-z0-9_",:\[\]]*\}),"commitment":"([0-9a-f]{64})",'
    rb'"kind":"([a-z_]{1,20})","time":(0|[1-9][0-9]{0,14}),"v":1\}'
)
_COMMITMENT = b"ciment/register/v1/commitment"
_SALT = "ciment/register/v1/document-salt"
DOCUMENT_TYPES = ("certificate", "decision", "inventory", "letter", "packet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: its public kind, its time (UTC, milliseconds), public attributes and the commitment to its details.

    Each attribute is a list of distinct values in ascending order. A value that breaks a rule raises InvalidEncoding.
    """

    kind: str
    time_ms: int
    attributes: Mapping[str, tuple[str, ...]]
    commitment: bytes

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidEncoding("not a public kind")
        if tuple(sorted(self.attributes)) != KINDS[self.kind]:
            raise InvalidEncoding(f"a public entry '{self.kind}' carries exactly: {', '.join(KINDS[self.kind]) or '-'}")
        if not 0 <= self.time_ms <= MAX_TIME:
            raise InvalidEncoding("time out of range")
        if len(self.commitment) != SALT_SIZE:
            raise InvalidEncoding("a commitment is 32 bytes")
        for values in self.attributes.values():
            _require_values(values)

    def encode(self) -> bytes:
        """Return the canonical bytes, which are what the tree hashes."""
        return encode(self.to_json())

    def to_json(self) -> JsonObject:
        """Return the object that `encode` writes."""
        return {
            "v": 1,
            "kind": self.kind,
            "time": self.time_ms,
            "attributes": {name: list(values) for name, values in self.attributes.items()},
            "commitment": self.commitment.hex(),
        }

    @classmethod
    def parse(cls, data: bytes) -> "Entry":
        """Return the entry whose canonical bytes are exactly `data`.

        Raises:
            InvalidEncoding: for any other bytes.
        """
        found = _ENTRY.fullmatch(data)
        if not found:
            raise InvalidEncoding("not an entry in canonical form")
        attributes, commitment, kind, time = found.groups()
        named = {} if attributes == b"{}" else _parse_attributes(attributes)
        return cls(kind.decode(), int(time), named, bytes.fromhex(commitment.decode()))


@dataclass(frozen=True)
class Document:
    """A document by its type (one of DOCUMENT_TYPES) and the SHA-256 of its bytes."""

    type: str
    sha256: bytes

    def __post_init__(self) -> None:
        if self.type not in DOCUMENT_TYPES or len(self.sha256) != 32:
            raise InvalidEncoding("not a document of the register")

    def to_json(self) -> JsonObject:
        """Return {"type", "sha256"}."""
        return {"type": self.type, "sha256": self.sha256.hex()}

    @classmethod
    def of_json(cls, value: object) -> "Document":
        """Return the document that `value` names.

        Raises:
            InvalidEncoding: for another object.
        """
        if not isinstance(value, dict) or set(value) != {"type", "sha256"} or not isinstance(value["type"], str):
            raise InvalidEncoding("not a document of the register")
        return cls(value["type"], unhex(value["sha256"], 32))


@dataclass(frozen=True)
class Opening:
    """What opens a commitment: a salt of 32 random bytes and the details. It prints redacted."""

    salt: bytes = field(repr=False)
    details: JsonObject = field(repr=False)

    def encode(self) -> bytes:
        """Return the canonical bytes of {"details", "salt"}."""
        return encode(self.to_json())

    def to_json(self) -> JsonObject:
        """Return the object that `encode` writes."""
        return {"salt": self.salt.hex(), "details": self.details}

    @classmethod
    def parse(cls, data: bytes) -> "Opening":
        """Return the opening whose canonical bytes are exactly `data`.

        Raises:
            InvalidEncoding: for any other bytes.
        """
        return cls.of_json(decode_object(data, frozenset(("salt", "details"))))

    @classmethod
    def of_json(cls, value: object) -> "Opening":
        """Return the opening that `value` writes.

        Raises:
            InvalidEncoding: for another object.
        """
        if not isinstance(value, dict) or set(value) != {"salt", "details"} or not isinstance(value["details"], dict):
            raise InvalidEncoding("not an opening")
        return cls(unhex(value["salt"], SALT_SIZE), cast("JsonObject", value["details"]))

    def commit(self) -> bytes:
        """Return the commitment that this opens."""
        return commit(self.salt, self.details)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that the details name under "documents".

        Raises:
            InvalidEncoding: when that is not a list of documents.
        """
        listed = self.details.get("documents", [])
        if not isinstance(listed, list):
            raise InvalidEncoding("not a list of documents")
        return tuple(Document.of_json(item) for item in listed)


def commit(salt: bytes, details: JsonObject) -> bytes:
    """Return SHA-256(lp(tag) ‖ lp(salt) ‖ lp(canonical details)): 32 bytes that say nothing without the salt."""
    if len(salt) != SALT_SIZE:
        raise InvalidEncoding("a salt is 32 bytes")
    return sha256(lp(_COMMITMENT) + lp(salt) + lp(encode(details))).digest()


def document_opening(salt: bytes, details: JsonObject, documents: Sequence[Document]) -> Opening:
    """Return the opening of an entry that `documents` will be proved from.

    A proof shows its opening to whoever holds it, so the details of the act stay under a commitment of their own:
    the result holds {"documents": […], "private": hex of commit(salt, details)} under a salt derived from `salt`,
    from which `salt` does not follow. Keep `salt` and `details` sealed; both commitments follow from them.
    """
    public: JsonObject = {
        "documents": [document.to_json() for document in documents],
        "private": commit(salt, details).hex(),
    }
    return Opening(derive(salt, _SALT), public)


def verify_opening(entry: Entry, opening: Opening) -> None:
    """Require that `opening` opens the commitment of `entry`.

    Raises:
        InvalidEncoding: otherwise.
    """
    if opening.commit() != entry.commitment:
        raise InvalidEncoding("these are not the details of this entry")


def _require_values(values: Sequence[str]) -> None:
    if len(values) > MAX_VALUES or not all(map(_VALUE.fullmatch, values)):
        raise InvalidEncoding("not the values of a public attribute")
    if any(left >= right for left, right in pairwise(values)):
        raise InvalidEncoding("values of an attribute ascend, each once")


def _parse_attributes(data: bytes) -> dict[str, tuple[str, ...]]:
    try:
        # As pairs, because a repeated or misplaced name would vanish in an object and leave two forms of one entry.
        pairs = json.loads(data, object_pairs_hook=tuple)
    except ValueError as error:
        raise InvalidEncoding("not the attributes of an entry") from error
    named: dict[str, tuple[str, ...]] = {}
    for name, values in cast("tuple[tuple[str, Json], ...]", pairs):
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InvalidEncoding("an attribute is a list of values")
        named[name] = tuple(cast("list[str]", values))
    if [name for name, _ in pairs] != sorted(named):
        raise InvalidEncoding("attributes ascend, each once")
    return named
