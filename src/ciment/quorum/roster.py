"""The roster: the quorum's public key, its seats and who holds them, signed at the ceremony (quorum-roster.md)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ciment.canon import HybridPublicKey, InvalidEncoding, Json, b64, decode_object, encode, require_id, unb64, unhex
from ciment.quorum.errors import RosterRefused
from ciment.quorum.fields import (
    read_list,
    read_object,
    read_signatures,
    require_choice,
    require_number,
    require_text,
)
from ciment.quorum.group import H, Point, add_points, evaluate_points, parse_point
from ciment.quorum.holder import TITLES, Holder, Title, all_holders, parse_holders, require_seats
from ciment.quorum.statement import Signer, can_verify, make_statement

_FORMAT = "ciment/quorum/v1/roster"
_SIGNED_FORMAT = "ciment/quorum/v1/signed-roster"
_KEYS = frozenset(
    {"format", "institution", "kappa", "public", "generation", "threshold", "seats", "hybrid", "commitments"},
)


@dataclass(frozen=True)
class QuorumKey:
    """What anybody needs to wrap or to CHECK: κ (32 bytes) and Y."""

    kappa: bytes
    public: Point


@dataclass(frozen=True)
class Seat:
    """A seat; `public` is Y_i = [x_i]B. It counts once, whoever of its holders acts."""

    number: int
    title: Title
    public: Point
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Commitment:
    """What a contributor published: the points A_j,k of its polynomial, from the constant coefficient up."""

    seat: int
    member_id: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Roster:
    """A quorum of one generation. Construction checks the rules on seats and degrees; `verify_roster` the rest.

    Raises:
        InvalidEncoding: when a rule is broken.
    """

    institution: str
    kappa: bytes
    public: Point
    generation: int
    threshold: int
    seats: tuple[Seat, ...]
    hybrid: HybridPublicKey
    commitments: tuple[Commitment, ...]

    def __post_init__(self) -> None:
        require_text(self.institution)
        require_seats(self.seats, self.threshold)
        dealers = [each.seat for each in self.commitments]
        if dealers != sorted(set(dealers)) or len(dealers) < self.threshold:
            raise InvalidEncoding("commitments that are too few or not in increasing order of seat")
        if any(len(each.points) != self.threshold for each in self.commitments):
            raise InvalidEncoding("a commitment of another degree than the threshold's")

    @property
    def key(self) -> QuorumKey:
        """The public key under which wraps are made."""
        return QuorumKey(self.kappa, self.public)

    @property
    def holders(self) -> Iterator[Holder]:
        """Every holder of every seat."""
        return all_holders(self.seats)

    def find_seat(self, number: int) -> Seat | None:
        """Return the seat of that number."""
        return next((seat for seat in self.seats if seat.number == number), None)

    def find_seat_of(self, member_id: str) -> Seat | None:
        """Return the seat that a member holds."""
        return next((seat for seat in self.seats if any(h.member_id == member_id for h in seat.holders)), None)

    def encode(self) -> bytes:
        """Return the canonical bytes of the roster."""
        return self._encoded

    @cached_property
    def _encoded(self) -> bytes:
        return encode(_roster_value(self))


@dataclass(frozen=True)
class SignedRoster:
    """A roster and its signatures, by member identifier."""

    roster: Roster
    signatures: Mapping[str, bytes]

    def encode(self) -> bytes:
        """Return the canonical bytes of roster and signatures."""
        signatures = {member: signature.hex() for member, signature in self.signatures.items()}
        return encode({"format": _SIGNED_FORMAT, "roster": _roster_value(self.roster), "signatures": signatures})


def sign_roster(roster: Roster, sign: Signer) -> bytes:
    """Return a holder's signature of the roster, to be made only of the one `accept` gave that holder."""
    return sign(make_statement("roster", roster.encode()))


def fingerprint(roster: Roster | SignedRoster) -> bytes:
    """Return the 32 bytes that stand for a roster on paper; signatures do not enter."""
    plain = roster.roster if isinstance(roster, SignedRoster) else roster
    return H("fingerprint", plain.encode())[:32]


def format_fingerprint(data: bytes) -> str:
    """Return a fingerprint as sixteen groups of four hexadecimal digits."""
    text = data.hex()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def parse_fingerprint(text: str) -> bytes:
    """Return the fingerprint that somebody typed from paper, in either case, spaced at will.

    Raises:
        InvalidEncoding: if it is not 64 hexadecimal digits.
    """
    return unhex("".join(text.split()).lower(), 32)


def verify_roster(signed: SignedRoster, pinned: bytes) -> None:
    """Show that a roster is the active one of the ceremony whose fingerprint is `pinned`.

    What holds on return: the fingerprint is the pinned one; κ, Y and every Y_i follow from the commitments; every
    contributor and a holder of every seat signed, and nobody outside the roster.

    Raises:
        RosterRefused: naming what does not hold.
    """
    if signed.roster.generation != 1:
        # Re-sharing adds a chain of rosters from the pinned one: until it is checked, later generations are refused.
        raise RosterRefused("this version knows the ceremony's roster only")
    if fingerprint(signed) != pinned:
        raise RosterRefused("not the roster of the pinned ceremony")
    verify_points(signed.roster)
    verify_signatures(signed)


def verify_points(roster: Roster) -> None:
    """Show that κ, Y and every Y_i are the ones the commitments give.

    Raises:
        RosterRefused: naming the seat whose point is another.
    """
    totals = [add_points(column) for column in zip(*(each.points for each in roster.commitments), strict=True)]
    if roster.public != totals[0] or roster.kappa != derive_kappa(roster.institution, roster.public):
        raise RosterRefused("the public key is not the sum of the commitments")
    for seat in roster.seats:
        if seat.public != evaluate_points(totals, seat.number):
            raise RosterRefused(f"the public point of seat {seat.number} does not follow from the commitments")


def verify_signatures(signed: SignedRoster) -> None:
    """Show that every contributor and a holder of every seat signed the roster, and nobody outside it.

    Raises:
        RosterRefused: naming the seat at fault.
    """
    roster, signatures = signed.roster, signed.signatures
    keys = {holder.member_id: holder.ed25519 for holder in roster.holders}
    message = make_statement("roster", roster.encode())
    for member_id, signature in signatures.items():
        if member_id not in keys or not can_verify(keys[member_id], message, signature):
            raise RosterRefused("a signature that is not a holder's of this roster")
    for each in roster.commitments:
        seat = roster.find_seat_of(each.member_id)
        if seat is None or seat.number != each.seat or each.member_id not in signatures:
            raise RosterRefused(f"the contributor of seat {each.seat} did not sign")
    for seat in roster.seats:
        if not any(holder.member_id in signatures for holder in seat.holders):
            raise RosterRefused(f"seat {seat.number} did not sign")


def derive_kappa(institution: str, public: Point) -> bytes:
    """Return κ = H("key", institution, Y)[:32], which stays when the quorum is shared anew."""
    return H("key", institution, public)[:32]


def parse_roster(data: bytes) -> Roster:
    """Return the roster of its canonical bytes, not verified yet.

    Raises:
        InvalidEncoding: for any other bytes, a key or point that is refused, or a broken rule.
    """
    value = decode_object(data, _KEYS)
    require_choice(value["format"], (_FORMAT,))
    return Roster(
        institution=require_text(value["institution"]),
        kappa=unhex(value["kappa"], 32),
        public=parse_point(unhex(value["public"], 32)),
        generation=require_number(value["generation"], 1),
        threshold=require_number(value["threshold"], 1),
        seats=tuple(map(_parse_seat, read_list(value["seats"]))),
        hybrid=HybridPublicKey.parse(unb64(value["hybrid"], 1216)),
        commitments=tuple(map(_parse_commitment, read_list(value["commitments"]))),
    )


def parse_signed_roster(data: bytes) -> SignedRoster:
    """Return a roster and its signatures, not verified yet.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    value = decode_object(data, frozenset({"format", "roster", "signatures"}))
    require_choice(value["format"], (_SIGNED_FORMAT,))
    return SignedRoster(parse_roster(encode(value["roster"])), read_signatures(value["signatures"]))


def _roster_value(roster: Roster) -> dict[str, Json]:
    seats: list[Json] = [
        {
            "number": seat.number,
            "title": seat.title,
            "public": seat.public.hex(),
            "holders": [holder.value() for holder in seat.holders],
        }
        for seat in roster.seats
    ]
    commitments: list[Json] = [
        {"seat": each.seat, "member": each.member_id, "points": [point.hex() for point in each.points]}
        for each in roster.commitments
    ]
    return {
        "format": _FORMAT,
        "institution": roster.institution,
        "kappa": roster.kappa.hex(),
        "public": roster.public.hex(),
        "generation": roster.generation,
        "threshold": roster.threshold,
        "seats": seats,
        "hybrid": b64(roster.hybrid.encoded),
        "commitments": commitments,
    }


def _parse_seat(value: Json) -> Seat:
    fields = read_object(value, "number", "title", "public", "holders")
    return Seat(
        number=require_number(fields["number"], 1, 255),
        title=require_choice(fields["title"], TITLES),
        public=parse_point(unhex(fields["public"], 32)),
        holders=parse_holders(fields["holders"]),
    )


def _parse_commitment(value: Json) -> Commitment:
    fields = read_object(value, "seat", "member", "points")
    points = tuple(parse_point(unhex(point, 32)) for point in read_list(fields["points"]))
    return Commitment(require_number(fields["seat"], 1, 255), require_id(fields["member"]), points)
