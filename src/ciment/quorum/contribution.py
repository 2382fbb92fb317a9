"""What one contributor publishes in a ceremony: commitments, a proof, sealed shares (docs/formats/quorum-roster.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from ciment.canon import (
    HybridPublicKey,
    InvalidEncoding,
    Json,
    JsonObject,
    b64,
    decode_object,
    encode,
    require_id,
    unb64,
    unhex,
)
from ciment.quorum.fields import read_list, read_object, read_sealed, require_choice, require_number
from ciment.quorum.group import (
    H,
    Hs,
    Point,
    Scalar,
    multiply,
    multiply_add,
    multiply_base,
    parse_point,
    parse_scalar,
    subtract,
)
from ciment.quorum.plan import CeremonyPlan
from ciment.quorum.statement import make_statement

_FORMAT = "ciment/quorum/v1/contribution"
_KEYS = frozenset({"format", "plan", "seat", "member", "points", "proof", "shares", "hybrid", "signature"})


@dataclass(frozen=True)
class Proof:
    """A Schnorr proof that a contributor knows the constant coefficient it commits to."""

    challenge: Scalar
    response: Scalar


@dataclass(frozen=True)
class HybridOffer:
    """The quorum's hybrid public key, and its seed sealed to every holder (member identifier → sealed bytes)."""

    public: HybridPublicKey
    seeds: Mapping[str, bytes]


@dataclass(frozen=True)
class Contribution:
    """One contributor's part. Everything in it is public; shares and seeds are sealed to their holders."""

    plan_digest: bytes
    seat: int
    member_id: str
    points: tuple[Point, ...]
    proof: Proof
    shares: Mapping[str, bytes]
    hybrid: HybridOffer | None
    signature: bytes

    @property
    def statement(self) -> bytes:
        """The bytes that the contributor signs: everything but the signature."""
        return make_statement("contribution", encode(_body_value(self)))

    def encode(self) -> bytes:
        """Return the canonical bytes of the contribution."""
        return encode({**_body_value(self), "signature": self.signature.hex()})


def parse_contribution(data: bytes) -> Contribution:
    """Return the contribution of its canonical bytes, not verified yet.

    Raises:
        InvalidEncoding: for any other bytes, or a point or scalar that is refused.
    """
    value = decode_object(data, _KEYS)
    require_choice(value["format"], (_FORMAT,))
    points = tuple(parse_point(unhex(point, 32)) for point in read_list(value["points"]))
    if not points:
        raise InvalidEncoding("a contribution without points")
    return Contribution(
        plan_digest=unhex(value["plan"], 32),
        seat=require_number(value["seat"], 1, 255),
        member_id=require_id(value["member"]),
        points=points,
        proof=_parse_proof(value["proof"]),
        shares=read_sealed(value["shares"]),
        hybrid=_parse_hybrid(value["hybrid"]),
        signature=unhex(value["signature"], 64),
    )


def make_proof(plan: CeremonyPlan, seat: int, points: tuple[Point, ...], secret: Scalar, nonce: Scalar) -> Proof:
    """Return the proof of `secret`, the constant coefficient; `nonce` is drawn for it and never used again."""
    challenge = _challenge(plan, seat, points, multiply_base(nonce))
    return Proof(challenge, multiply_add(challenge, secret, nonce))


def can_prove(plan: CeremonyPlan, contribution: Contribution) -> bool:
    """Tell whether the proof of a contribution holds for this plan."""
    proof = contribution.proof
    commit = subtract(multiply_base(proof.response), multiply(proof.challenge, contribution.points[0]))
    return proof.challenge == _challenge(plan, contribution.seat, contribution.points, commit)


def share_info(plan: CeremonyPlan, dealer: int, seat: int, points: tuple[Point, ...]) -> bytes:
    """Return the context that a share of `seat`, dealt by seat `dealer`, is sealed in."""
    return H("deal-share", plan.institution, plan.generation, dealer, seat, points)


def seed_info(plan: CeremonyPlan, dealer: int, points: tuple[Point, ...], public: HybridPublicKey) -> bytes:
    """Return the context that the hybrid seed is sealed in."""
    return H("hybrid-seed", plan.institution, plan.generation, dealer, points, public.encoded)


def _challenge(plan: CeremonyPlan, seat: int, points: tuple[Point, ...], commit: Point) -> Scalar:
    return Hs(
        "deal",
        plan.institution,
        plan.generation,
        seat,
        plan.contributor_list,
        plan.threshold,
        len(plan.seats),
        points,
        commit,
    )


def _body_value(contribution: Contribution) -> JsonObject:
    return {
        "format": _FORMAT,
        "plan": contribution.plan_digest.hex(),
        "seat": contribution.seat,
        "member": contribution.member_id,
        "points": [point.hex() for point in contribution.points],
        "proof": {
            "challenge": contribution.proof.challenge.hex(),
            "response": contribution.proof.response.hex(),
        },
        "shares": _sealed_value(contribution.shares),
        "hybrid": _hybrid_value(contribution.hybrid),
    }


def _hybrid_value(offer: HybridOffer | None) -> Json:
    if offer is None:
        return None
    return {"public": b64(offer.public.encoded), "seeds": _sealed_value(offer.seeds)}


def _sealed_value(sealed: Mapping[str, bytes]) -> Json:
    return {member: b64(data) for member, data in sealed.items()}


def _parse_proof(value: Json) -> Proof:
    fields = read_object(value, "challenge", "response")
    return Proof(parse_scalar(unhex(fields["challenge"], 32)), parse_scalar(unhex(fields["response"], 32)))


def _parse_hybrid(value: Json) -> HybridOffer | None:
    if value is None:
        return None
    fields = read_object(value, "public", "seeds")
    return HybridOffer(HybridPublicKey.parse(unb64(fields["public"], 1216)), read_sealed(fields["seeds"]))
