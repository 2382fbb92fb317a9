"""Opening what t seats approved: EXECUTE 2 and 3 as values (docs/formats/quorum-decision.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ciment.canon import HybridPrivateKey, InvalidEncoding, OpeningFailed
from ciment.quorum.approve import Approval, box_info, verify_approval
from ciment.quorum.decision import Decision, require_current, require_wraps
from ciment.quorum.errors import DecisionRefused, InvalidElement, QuorumRefused, ShareRefused
from ciment.quorum.group import Point, Scalar, add_points, lagrange_coefficients, multiply
from ciment.quorum.partial import Partial, can_prove_partial, digest_partials, make_context, parse_partials
from ciment.quorum.roster import Roster
from ciment.quorum.share import hybrid_key
from ciment.quorum.wrap import Label, SealedCopy, Wrap, open_layer, open_wrap

_LEADING_TITLES = ("director_general", "president")


@dataclass(frozen=True)
class OpenedPartials:
    """P as an approver signed it, out of its box; its proofs are not verified yet."""

    seat: int
    partials: tuple[Partial, ...] = field(repr=False)


@dataclass(frozen=True)
class VerifiedPartials:
    """The points D_m of a seat for exactly one decision (δ), their proofs verified."""

    decision: bytes
    seat: int
    points: tuple[Point, ...] = field(repr=False)


def require_quorum(
    decision: Decision,
    approvals: Sequence[Approval],
    roster: Roster,
    preparer_member_id: str,
    *,
    needs_dg_or_president: bool,
) -> tuple[Approval, ...]:
    """Return t approvals, of t seats and t members, that together are the accords required; each is verified.

    The preparer is not the only approver; when demanded, one seat is titled director general or president. A seat
    counts once, whoever of its holders acted.

    Raises:
        DecisionRefused, ApprovalRefused: for an approval that does not hold.
        QuorumRefused: naming what is missing.
    """
    for approval in approvals:
        verify_approval(approval, roster, decision)
    leading = {seat.number for seat in roster.seats if seat.title in _LEADING_TITLES}
    # Where one seat is enough, the preparer's own approval cannot be that one; two seats are two members.
    others = [each for each in approvals if each.member_id != preparer_member_id]
    if approvals and not others:
        raise QuorumRefused("the preparer is the only approver")
    by_seat = {each.seat: each for each in (others if roster.threshold == 1 else approvals)}
    # Leading seats first, so that the t that are kept hold one if any approval does.
    chosen = [by_seat[seat] for seat in sorted(by_seat, key=lambda seat: (seat not in leading, seat))][
        : roster.threshold
    ]
    if len({each.member_id for each in chosen}) < roster.threshold:
        raise QuorumRefused(f"{len(chosen)} seats approved where {roster.threshold} are required")
    if needs_dg_or_president and not any(each.seat in leading for each in chosen):
        raise QuorumRefused("neither the director general nor the president approved")
    return tuple(chosen)


def open_partials(approval: Approval, member_id: str, private: HybridPrivateKey) -> OpenedPartials:
    """Return what a verified approval sealed to this holder.

    Raises:
        ShareRefused: naming the seat, if there is no box for the member, it does not open, or it holds something else
            than what the approver signed.
    """
    info = box_info(approval.decision, approval.generation, approval.seat)
    try:
        partials = parse_partials(private.open(approval.boxes[member_id], info))
    except (KeyError, OpeningFailed, InvalidEncoding) as error:
        raise ShareRefused(approval.seat, "the box does not open for this holder") from error
    if digest_partials(partials) != approval.partials_digest:
        raise ShareRefused(approval.seat, "the box holds other partials than those signed")
    return OpenedPartials(approval.seat, partials)


def verify_partials(
    decision: Decision, roster: Roster, wraps: Sequence[Wrap], opened: OpenedPartials
) -> VerifiedPartials:
    """Show that a seat's partials are the ones it owes for every wrap of the decision.

    Raises:
        DecisionRefused: if the roster or the wraps are not the decision's.
        ShareRefused: naming the seat.
    """
    require_current(decision, roster)
    require_wraps(decision, wraps)
    seat = roster.find_seat(opened.seat)
    if seat is None or len(opened.partials) != len(wraps):
        raise ShareRefused(opened.seat, "no such seat, or not one partial for each item")
    for position, (wrapped, partial) in enumerate(zip(wraps, opened.partials, strict=True)):
        context = make_context(decision, seat.number, position, wrapped)
        if not _holds(partial, seat.public, context, wrapped):
            raise ShareRefused(seat.number, f"the proof for item {position} does not hold")
    return VerifiedPartials(decision.digest, seat.number, tuple(partial.point for partial in opened.partials))


def combine(
    decision: Decision,
    roster: Roster,
    copies: Sequence[tuple[Label, SealedCopy]],
    hybrid_seed: bytes,
    shares: Sequence[VerifiedPartials],
) -> list[bytes]:
    """Return the keys E of the decision's items, in its order, from t seats' verified partials.

    `copies` are labels recomputed by the caller and wraps as stored, which passed `verify_items`. Each key matches its
    commitment and gives its wrap again byte for byte.

    Raises:
        DecisionRefused: if the roster, a label or a wrap is not the decision's.
        QuorumRefused: if fewer than t seats take part, or partials are of another decision.
        WrapRefused: if a key does not open.
    """
    require_current(decision, roster)
    require_wraps(decision, [copy.wrap for _, copy in copies])
    if any(item.label != label for item, (label, _) in zip(decision.items, copies, strict=True)):
        raise DecisionRefused("not the labels the decision names")
    by_seat = {share.seat: share for share in shares if share.decision == decision.digest}
    if len(by_seat) != len(shares) or len(by_seat) < roster.threshold:
        raise QuorumRefused("partials of another decision, of one seat twice, or of too few seats")
    seats = sorted(by_seat)[: roster.threshold]
    coefficients = lagrange_coefficients(seats)
    hybrid = hybrid_key(hybrid_seed)
    keys = []
    for position, (label, copy) in enumerate(copies):
        shared = _combine_points(coefficients, {seat: by_seat[seat].points[position] for seat in seats})
        keys.append(open_wrap(copy.wrap, label, shared, open_layer(copy.p_ct, label, hybrid), roster.key))
    return keys


def _holds(partial: Partial, public: Point, context: bytes, wrapped: Wrap) -> bool:
    try:
        return can_prove_partial(partial, public, context, wrapped)
    except InvalidElement:
        return False


def _combine_points(coefficients: dict[int, Scalar], points: dict[int, Point]) -> Point:
    return add_points([multiply(coefficient, points[seat]) for seat, coefficient in coefficients.items()])
