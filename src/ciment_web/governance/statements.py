"""One setting as it is stated and signed: canonical JSON under a purpose of its own, chained to the statement before.

The chain makes a later statement vouch for the bytes of the one it replaces: none is slipped in, none taken out in
the middle. What stands before the last two is history, and changes nothing of what counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from ciment.canon import CimentError, InvalidEncoding, Json, decode_object, encode, lp, require_id, unhex
from ciment.quorum.roster import Roster, Seat
from ciment.quorum.statement import can_verify

_SIGNED = b"ciment/setting/v1/statement"
_KEYS = frozenset({"v", "institution", "name", "value", "generation", "previous", "author", "at"})


class SettingBroken(CimentError):  # noqa: N818 - the class names the refusal
    """A stored setting that nobody who may set it has signed, or that does not follow the one before."""


@dataclass(frozen=True)
class Statement:
    """What a holder of a seat states: the whole value, never a change to it.

    `generation` counts from 1 within institution and name; `previous` is the digest of the signed statement before
    (32 bytes), empty for the first; `at` is UTC milliseconds.
    """

    institution: str
    name: str
    value: Json
    generation: int
    previous: bytes
    author: str
    at: int

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return encode(
            {
                "v": 1,
                "institution": self.institution,
                "name": self.name,
                "value": self.value,
                "generation": self.generation,
                "previous": self.previous.hex(),
                "author": self.author,
                "at": self.at,
            }
        )


def sign_statement(statement: Statement, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the author's signature (Ed25519, 64 bytes)."""
    return sign(_SIGNED + lp(statement.encode()))


def digest_of(encoded: bytes, signature: bytes) -> bytes:
    """Return what the next statement of the chain names this one by (SHA-256)."""
    return sha256(lp(encoded) + lp(signature)).digest()


def parse_statement(encoded: bytes) -> Statement:
    """Return the statement of canonical bytes; nothing is verified yet.

    Raises:
        InvalidEncoding: for anything else.
    """
    fields = decode_object(encoded, _KEYS)
    generation, at, name = fields["generation"], fields["at"], fields["name"]
    if fields["v"] != 1 or not isinstance(name, str):
        raise InvalidEncoding("not a statement of this version")
    if type(generation) is not int or generation < 1 or type(at) is not int or at < 0:
        raise InvalidEncoding("not a place and a time")
    previous = unhex(fields["previous"])
    if len(previous) != (0 if generation == 1 else 32):
        raise InvalidEncoding("a statement that does not name the one before")
    return Statement(
        institution=require_id(fields["institution"]),
        name=name,
        value=fields["value"],
        generation=generation,
        previous=previous,
        author=require_id(fields["author"]),
        at=at,
    )


def verify_statement(encoded: bytes, signature: bytes, roster: Roster, *, reserved: bool) -> Statement:
    """Return the statement of a holder of `roster` who may make it.

    Raises:
        SettingBroken: if the signature is not its author's, the author holds no seat or not the one the setting is
            reserved to, or the statement is another institution's.
        InvalidEncoding: for bytes that are no statement.
    """
    statement = parse_statement(encoded)
    holder = next((each for each in roster.holders if each.member_id == statement.author), None)
    if holder is None or statement.institution != roster.institution:
        raise SettingBroken("a setting that no holder of a seat has stated")
    if not may_state(roster, statement.author, reserved=reserved):
        raise SettingBroken("a setting stated by somebody it is not reserved to")
    if not can_verify(holder.ed25519, _SIGNED + lp(encoded), signature):
        raise SettingBroken("a setting that its author has not signed")
    return statement


def may_state(roster: Roster, member_id: str, *, reserved: bool) -> bool:
    """Tell whether a member holds a seat, and, for a `reserved` setting, that of the director general.

    A roster without such a seat reserves nothing: a setting nobody could ever sign would be no setting.
    """
    seat = roster.find_seat_of(member_id)
    leads = [each for each in roster.seats if _is_leading(each)]
    return seat is not None and (not reserved or not leads or _is_leading(seat))


def _is_leading(seat: Seat) -> bool:
    return seat.title == "director_general"
