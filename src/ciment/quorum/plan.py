"""The plan of a ceremony: who deals, to whom, and how many open; contributors sign it before anything is dealt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from ciment.canon import InvalidEncoding, Json, decode_object, encode, u64be
from ciment.quorum.errors import PlanRefused
from ciment.quorum.fields import (
    read_list,
    read_object,
    read_signatures,
    require_choice,
    require_number,
    require_text,
)
from ciment.quorum.holder import TITLES, Holder, Title, parse_holder, parse_holders, require_seats
from ciment.quorum.statement import Signer, can_verify, make_statement

_FORMAT = "ciment/quorum/v1/plan"
_SIGNED_FORMAT = "ciment/quorum/v1/signed-plan"


@dataclass(frozen=True)
class PlannedSeat:
    """A seat to be: it has no public point yet."""

    number: int
    title: Title
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Contributor:
    """Who deals for a seat."""

    seat: int
    holder: Holder


@dataclass(frozen=True)
class CeremonyPlan:
    """What every contributor agrees on beforehand. Construction checks the rules of docs/formats/quorum-roster.md.

    Raises:
        InvalidEncoding: when a rule is broken.
    """

    institution: str
    generation: int
    threshold: int
    contributors: tuple[Contributor, ...]
    seats: tuple[PlannedSeat, ...]

    def __post_init__(self) -> None:
        require_text(self.institution)
        require_number(self.generation, 1)
        require_seats(self.seats, self.threshold)
        _require_contributors(self)

    def encode(self) -> bytes:
        """Return the canonical bytes of the plan."""
        return self._encoded

    @cached_property
    def _encoded(self) -> bytes:
        return encode(_plan_value(self))

    @property
    def digest(self) -> bytes:
        """SHA-256 of the plan's bytes, which every contribution names."""
        return sha256(self.encode()).digest()

    @property
    def contributor_list(self) -> list[bytes]:
        """S of the protocol: u64be of each contributor's seat."""
        return [u64be(each.seat) for each in self.contributors]

    def find_seat(self, member_id: str) -> PlannedSeat | None:
        """Return the seat that a member is to hold."""
        return next((seat for seat in self.seats if any(h.member_id == member_id for h in seat.holders)), None)


@dataclass(frozen=True)
class SignedPlan:
    """A plan and its contributors' signatures, by member identifier."""

    plan: CeremonyPlan
    signatures: Mapping[str, bytes]

    def encode(self) -> bytes:
        """Return the canonical bytes of plan and signatures."""
        signatures = {member: signature.hex() for member, signature in self.signatures.items()}
        return encode({"format": _SIGNED_FORMAT, "plan": _plan_value(self.plan), "signatures": signatures})


def sign_plan(plan: CeremonyPlan, sign: Signer) -> bytes:
    """Return a contributor's signature of the plan."""
    return sign(make_statement("plan", plan.encode()))


def verify_plan(signed: SignedPlan) -> None:
    """Show that every contributor, and nobody else, signed the plan.

    Raises:
        PlanRefused: naming the seat whose contributor's signature is missing or wrong, or for a re-sharing.
    """
    plan = signed.plan
    if plan.generation != 1:
        # A re-sharing must also be signed by the previous generation: until that is checked, it is refused.
        raise PlanRefused("this version performs the ceremony only")
    if set(signed.signatures) != {each.holder.member_id for each in plan.contributors}:
        raise PlanRefused("the signatures are not those of the contributors")
    message = make_statement("plan", plan.encode())
    for each in plan.contributors:
        if not can_verify(each.holder.ed25519, message, signed.signatures[each.holder.member_id]):
            raise PlanRefused(f"the contributor of seat {each.seat} did not sign this plan")


def parse_plan(data: bytes) -> CeremonyPlan:
    """Return the plan of its canonical bytes.

    Raises:
        InvalidEncoding: for any other bytes or a broken rule.
    """
    keys = frozenset({"format", "institution", "generation", "threshold", "contributors", "seats"})
    value = decode_object(data, keys)
    require_choice(value["format"], (_FORMAT,))
    return CeremonyPlan(
        institution=require_text(value["institution"]),
        generation=require_number(value["generation"], 1),
        threshold=require_number(value["threshold"], 1),
        contributors=tuple(map(_parse_contributor, read_list(value["contributors"]))),
        seats=tuple(map(_parse_seat, read_list(value["seats"]))),
    )


def parse_signed_plan(data: bytes) -> SignedPlan:
    """Return a plan and its signatures, not verified yet.

    Raises:
        InvalidEncoding: for any other bytes.
    """
    value = decode_object(data, frozenset({"format", "plan", "signatures"}))
    require_choice(value["format"], (_SIGNED_FORMAT,))
    return SignedPlan(parse_plan(encode(value["plan"])), read_signatures(value["signatures"]))


def _require_contributors(plan: CeremonyPlan) -> None:
    numbers = [each.seat for each in plan.contributors]
    if numbers != sorted(set(numbers)):
        raise InvalidEncoding("contributors that are not in increasing order of seat")
    if len({each.holder.member_id for each in plan.contributors}) < max(plan.threshold, len(numbers)):
        # Fewer contributors than the threshold could keep the secret among themselves.
        raise InvalidEncoding("fewer contributing members than the threshold or the seats that deal")
    if plan.generation == 1:
        held = {(seat.number, holder) for seat in plan.seats for holder in seat.holders}
        if any((each.seat, each.holder) not in held for each in plan.contributors):
            raise InvalidEncoding("a contributor who does not hold the seat")


def _plan_value(plan: CeremonyPlan) -> dict[str, Json]:
    seats: list[Json] = [
        {"number": seat.number, "title": seat.title, "holders": [holder.value() for holder in seat.holders]}
        for seat in plan.seats
    ]
    return {
        "format": _FORMAT,
        "institution": plan.institution,
        "generation": plan.generation,
        "threshold": plan.threshold,
        "contributors": [{"seat": each.seat, "holder": each.holder.value()} for each in plan.contributors],
        "seats": seats,
    }


def _parse_contributor(value: Json) -> Contributor:
    fields = read_object(value, "seat", "holder")
    return Contributor(require_number(fields["seat"], 1, 255), parse_holder(fields["holder"]))


def _parse_seat(value: Json) -> PlannedSeat:
    fields = read_object(value, "number", "title", "holders")
    return PlannedSeat(
        number=require_number(fields["number"], 1, 255),
        title=require_choice(fields["title"], TITLES),
        holders=parse_holders(fields["holders"]),
    )
