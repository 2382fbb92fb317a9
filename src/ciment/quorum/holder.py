"""Who holds a seat, and the rules that seats obey in plans and rosters alike (docs/formats/quorum-roster.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ciment.canon import HybridPublicKey, InvalidEncoding, Json, b64, require_id, unb64, unhex
from ciment.quorum.fields import read_list, read_object, require_choice, require_number
from ciment.quorum.group import parse_point

Title = Literal["director_general", "president", "other"]
TITLES: tuple[Title, ...] = ("director_general", "president", "other")
_MOST_SEATS = 255
_MOST_HOLDERS = 16


@dataclass(frozen=True)
class Holder:
    """A member as the quorum knows one: an identifier and two public keys, Ed25519 (32 bytes) and hybrid.

    Raises:
        InvalidEncoding: if the signing key is of low order, not canonical or outside the subgroup.
    """

    member_id: str
    ed25519: bytes
    hpke: HybridPublicKey

    def __post_init__(self) -> None:
        require_id(self.member_id)
        parse_point(self.ed25519)

    def value(self) -> Json:
        """Return the canonical value of the holder."""
        return {"member": self.member_id, "ed25519": self.ed25519.hex(), "hpke": b64(self.hpke.encoded)}


class HeldSeat(Protocol):
    """A seat of a plan or of a roster."""

    @property
    def number(self) -> int:
        """The seat's number, which is the abscissa of its share."""

    @property
    def title(self) -> Title:
        """The legal title of whoever sits there."""

    @property
    def holders(self) -> tuple[Holder, ...]:
        """Who may act for the seat."""


def parse_holder(value: Json) -> Holder:
    """Return the holder of a canonical value, both keys checked.

    Raises:
        InvalidEncoding: for any other value, or a key of low order, not canonical or outside the subgroup.
    """
    fields = read_object(value, "member", "ed25519", "hpke")
    return Holder(
        member_id=require_id(fields["member"]),
        ed25519=unhex(fields["ed25519"], 32),
        hpke=HybridPublicKey.parse(unb64(fields["hpke"], 1216)),
    )


def parse_holders(value: Json) -> tuple[Holder, ...]:
    """Return the holders of a seat."""
    return tuple(map(parse_holder, read_list(value)))


def require_seats(seats: Sequence[HeldSeat], threshold: int) -> None:
    """Hold the seats against the rules: order, counts, and one seat at most for a member.

    One member on two seats would hold two shares, and with them could be a quorum alone.

    Raises:
        InvalidEncoding: naming the rule that is broken.
    """
    numbers = [require_number(seat.number, 1, _MOST_SEATS) for seat in seats]
    if numbers != sorted(set(numbers)):
        raise InvalidEncoding("seats that are not in increasing order")
    if not 1 <= threshold <= len(seats):
        raise InvalidEncoding("a threshold beyond the number of seats")
    for seat in seats:
        require_choice(seat.title, TITLES)
        members = [holder.member_id for holder in seat.holders]
        if not 1 <= len(members) <= _MOST_HOLDERS or members != sorted(members):
            raise InvalidEncoding("holders that are missing, too many or out of order")
    holders = list(all_holders(seats))
    if len({holder.member_id for holder in holders}) != len(holders):
        raise InvalidEncoding("a member who holds more than one seat")
    if len({holder.ed25519 for holder in holders}) != len(holders):
        raise InvalidEncoding("a signing key that serves two members")
    if len({holder.hpke.encoded for holder in holders}) != len(holders):
        raise InvalidEncoding("a hybrid key that serves two members")


def all_holders(seats: Sequence[HeldSeat]) -> Iterator[Holder]:
    """Yield every holder of every seat, in order of seat."""
    for seat in seats:
        yield from seat.holders
