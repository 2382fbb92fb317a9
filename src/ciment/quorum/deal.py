"""The ceremony: contributors deal a secret that nobody ever holds, holders accept their shares, the roster is signed.

It is the dealerless protocol DEAL of quorum wrap v1. Any complaint aborts the ceremony; it is then begun anew.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ciment.canon import HybridPrivateKey, InvalidEncoding, OpeningFailed
from ciment.quorum.contribution import (
    Contribution,
    HybridOffer,
    can_prove,
    make_proof,
    seed_info,
    share_info,
)
from ciment.quorum.errors import DealRefused, InvalidElement, PlanRefused
from ciment.quorum.group import (
    Draw,
    Point,
    Scalar,
    add_points,
    add_scalars,
    draw_scalar,
    evaluate,
    evaluate_points,
    multiply_base,
    parse_scalar,
)
from ciment.quorum.holder import Holder, all_holders
from ciment.quorum.plan import CeremonyPlan, Contributor, PlannedSeat, SignedPlan, verify_plan
from ciment.quorum.roster import (
    Commitment,
    Roster,
    Seat,
    SignedRoster,
    derive_kappa,
    fingerprint,
    verify_points,
    verify_signatures,
)
from ciment.quorum.share import ShareRecord, hybrid_key
from ciment.quorum.statement import Signer, can_verify


@dataclass(frozen=True)
class Acceptance:
    """What a holder ends with: a secret share, which holds the hybrid seed, and the roster to sign."""

    share: ShareRecord
    roster: Roster


def contribute(signed: SignedPlan, member_id: str, sign: Signer, draw: Draw = secrets.token_bytes) -> Contribution:
    """Deal one contributor's part; the polynomial is forgotten on return.

    Raises:
        PlanRefused: if the plan is not signed by all its contributors, or the member is not one of them.
    """
    verify_plan(signed)
    plan = signed.plan
    contributor = _find_contributor(plan, member_id)
    polynomial = [draw_scalar(draw) for _ in range(plan.threshold)]
    points = tuple(map(multiply_base, polynomial))
    unsigned = Contribution(
        plan_digest=plan.digest,
        seat=contributor.seat,
        member_id=member_id,
        points=points,
        proof=make_proof(plan, contributor.seat, points, polynomial[0], draw_scalar(draw)),
        shares=_seal_shares(plan, contributor.seat, polynomial, points),
        hybrid=_offer_hybrid(plan, points, draw) if contributor == plan.contributors[0] else None,
        signature=b"",
    )
    return replace(unsigned, signature=sign(unsigned.statement))


def accept(
    signed: SignedPlan,
    contributions: Sequence[Contribution],
    member_id: str,
    private: HybridPrivateKey,
) -> Acceptance:
    """Verify every contribution and return this holder's share with the roster it may sign.

    Raises:
        PlanRefused: if the plan does not hold, the member holds no seat in it with this key, or the contributions
            are not one of each contributor.
        DealRefused: naming the contributor whose part does not hold.
    """
    verify_plan(signed)
    plan = signed.plan
    seat = _find_seat(plan, member_id, private)
    ordered = sorted(contributions, key=lambda each: each.seat)
    if [each.seat for each in ordered] != [each.seat for each in plan.contributors]:
        raise PlanRefused("not one contribution of each contributor")
    for contributor, each in zip(plan.contributors, ordered, strict=True):
        _verify_contribution(plan, contributor, each)
    shares = [_open_share(plan, each, seat.number, member_id, private) for each in ordered]
    seed, offer = _open_seed(plan, ordered[0], member_id, private)
    roster = _build_roster(plan, ordered, offer)
    record = ShareRecord(
        institution=plan.institution,
        kappa=roster.kappa,
        generation=plan.generation,
        seat=seat.number,
        secret=_add_shares(shares),
        hybrid_seed=seed,
        fingerprint=fingerprint(roster),
    )
    return Acceptance(record, roster)


def assemble(roster: Roster, signatures: Mapping[str, bytes]) -> SignedRoster:
    """Return the active roster, which needs every contributor's signature and a holder's of every seat.

    Raises:
        RosterRefused: naming the seat whose signature is missing or wrong.
    """
    signed = SignedRoster(roster, dict(signatures))
    verify_points(roster)
    verify_signatures(signed)
    return signed


def _find_contributor(plan: CeremonyPlan, member_id: str) -> Contributor:
    for each in plan.contributors:
        if each.holder.member_id == member_id:
            return each
    raise PlanRefused("the member does not contribute to this plan")


def _find_seat(plan: CeremonyPlan, member_id: str, private: HybridPrivateKey) -> PlannedSeat:
    seat = plan.find_seat(member_id)
    if seat is None or private.public not in {holder.hpke for holder in seat.holders if holder.member_id == member_id}:
        raise PlanRefused("the member holds no seat of this plan with this key")
    return seat


def _seal_shares(
    plan: CeremonyPlan, dealer: int, polynomial: Sequence[Scalar], points: tuple[Point, ...]
) -> dict[str, bytes]:
    sealed = {}
    for seat in plan.seats:
        share, info = evaluate(polynomial, seat.number), share_info(plan, dealer, seat.number, points)
        sealed.update({holder.member_id: holder.hpke.seal(share, info) for holder in seat.holders})
    return sealed


def _offer_hybrid(plan: CeremonyPlan, points: tuple[Point, ...], draw: Draw) -> HybridOffer:
    seed = draw(32)
    public = hybrid_key(seed).public
    info = seed_info(plan, plan.contributors[0].seat, points, public)
    return HybridOffer(public, {holder.member_id: holder.hpke.seal(seed, info) for holder in all_holders(plan.seats)})


def _verify_contribution(plan: CeremonyPlan, contributor: Contributor, contribution: Contribution) -> None:
    holder: Holder = contributor.holder
    recipients = {each.member_id for each in all_holders(plan.seats)}
    lowest = contributor == plan.contributors[0]
    offer = contribution.hybrid
    if contribution.member_id != holder.member_id or contribution.plan_digest != plan.digest:
        raise DealRefused(contributor.seat, "a contribution to another plan or by another member")
    if not can_verify(holder.ed25519, contribution.statement, contribution.signature):
        raise DealRefused(contributor.seat, "the signature does not hold")
    if len(contribution.points) != plan.threshold:
        raise DealRefused(contributor.seat, "a polynomial of another degree than the threshold's")
    if not can_prove(plan, contribution):
        raise DealRefused(contributor.seat, "the proof of the secret does not hold")
    if set(contribution.shares) != recipients or (offer is not None and set(offer.seeds) != recipients):
        raise DealRefused(contributor.seat, "not every holder was dealt to, or somebody else was")
    if (offer is not None) != lowest:
        raise DealRefused(contributor.seat, "the lowest contributor, and no other, offers the hybrid key")


def _open_share(
    plan: CeremonyPlan, contribution: Contribution, seat: int, member_id: str, private: HybridPrivateKey
) -> Scalar:
    info = share_info(plan, contribution.seat, seat, contribution.points)
    try:
        share = parse_scalar(private.open(contribution.shares[member_id], info))
        holds = multiply_base(share) == evaluate_points(contribution.points, seat)
    except (OpeningFailed, InvalidElement) as error:
        raise DealRefused(contribution.seat, "the share does not open or is no scalar") from error
    if not holds:
        raise DealRefused(contribution.seat, "the share is not on the polynomial committed to")
    return share


def _open_seed(
    plan: CeremonyPlan, lowest: Contribution, member_id: str, private: HybridPrivateKey
) -> tuple[bytes, HybridOffer]:
    offer = lowest.hybrid
    if offer is None:  # pragma: no cover - _verify_contribution refuses it first
        raise DealRefused(lowest.seat, "no hybrid key")
    try:
        seed = private.open(offer.seeds[member_id], seed_info(plan, lowest.seat, lowest.points, offer.public))
        announced = len(seed) == 32 and hybrid_key(seed).public == offer.public
    except (OpeningFailed, InvalidEncoding) as error:
        raise DealRefused(lowest.seat, "the hybrid seed does not open") from error
    if not announced:
        raise DealRefused(lowest.seat, "the hybrid seed does not give the public key announced")
    return seed, offer


def _add_shares(shares: Sequence[Scalar]) -> Scalar:
    total = shares[0]
    for share in shares[1:]:
        total = add_scalars(total, share)
    return total


def _build_roster(plan: CeremonyPlan, contributions: Sequence[Contribution], offer: HybridOffer) -> Roster:
    totals = [add_points(column) for column in zip(*(each.points for each in contributions), strict=True)]
    return Roster(
        institution=plan.institution,
        kappa=derive_kappa(plan.institution, totals[0]),
        public=totals[0],
        generation=plan.generation,
        threshold=plan.threshold,
        seats=tuple(
            Seat(seat.number, seat.title, evaluate_points(totals, seat.number), seat.holders) for seat in plan.seats
        ),
        hybrid=offer.public,
        commitments=tuple(Commitment(each.seat, each.member_id, each.points) for each in contributions),
    )
