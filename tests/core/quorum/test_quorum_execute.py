"""Execution: any t seats open exactly what they approved; fewer, others, or anything else do not."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quorum_cases import (
    CHECKPOINT,
    Case,
    Person,
    approve,
    draws,
    execute,
    flip,
    make_case,
    make_decision,
    make_label,
    make_world,
    stretch,
    verify_share,
)

from ciment.canon import b64
from ciment.quorum.approve import Approval, box_info, make_approval
from ciment.quorum.decision import Item, Target
from ciment.quorum.errors import (
    DecisionRefused,
    QuorumRefused,
    ShareRefused,
    WrapRefused,
)
from ciment.quorum.execute import (
    OpenedPartials,
    VerifiedPartials,
    combine,
    open_partials,
    require_quorum,
    verify_partials,
)
from ciment.quorum.group import (
    SECOND_BASE,
    Point,
    Scalar,
    add,
    add_points,
    draw_scalar,
    lagrange_coefficients,
    multiply,
    multiply_base,
    number_scalar,
    subtract,
)
from ciment.quorum.partial import Partial, digest_partials, encode_partials
from ciment.quorum.share import hybrid_key
from ciment.quorum.wrap import SealedCopy, open_layer, open_wrap, wrap

WORLD = make_world()
CASES = [make_case(WORLD, name) for name in ("un", "deux", "trois")]
DECISION = make_decision(WORLD, CASES)
APPROVALS = [approve(WORLD, DECISION, CASES, seat) for seat in (1, 2, 3)]
SEED = WORLD.acceptances[0].share.hybrid_seed
COPIES = [(case.label, case.copy) for case in CASES]


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))), st.integers(1, 3))
def test_any_t_of_n_give_the_same_keys(size: tuple[int, int], items: int) -> None:
    threshold, count = size
    world = make_world(threshold, count, "tailles", 0)
    cases = [make_case(world, f"piece/{n}") for n in range(items)]
    decision = make_decision(world, cases)
    approvals = [approve(world, decision, cases, seat) for seat in range(1, count + 1)]
    shares = [verify_share(world, decision, cases, approval) for approval in approvals]
    copies = [(case.label, case.copy) for case in cases]
    seed = world.acceptances[0].share.hybrid_seed
    for chosen in combinations(shares, threshold):
        assert combine(decision, world.roster, copies, seed, chosen) == [case.key for case in cases]
    for chosen in combinations(shares, threshold - 1):
        with pytest.raises(QuorumRefused):
            combine(decision, world.roster, copies, seed, chosen)


def test_more_seats_than_needed_do_no_harm() -> None:
    assert execute(WORLD, DECISION, CASES, APPROVALS) == [case.key for case in CASES]


def test_fewer_than_t_points_open_nothing_even_without_the_checks() -> None:
    """What t−1 seats can compute, tried directly on the wrap: the rules of `combine` are not what keeps it closed."""
    world = make_world(3, 5, "cinq")
    case = make_case(world, "cinq")
    decision = make_decision(world, [case])
    shares = [verify_share(world, decision, [case], approve(world, decision, [case], seat)) for seat in (1, 2)]
    p = open_layer(case.copy.p_ct, case.label, hybrid_key(world.acceptances[0].share.hybrid_seed))
    weights = lagrange_coefficients([1, 2])
    points = [multiply(weights[share.seat], share.points[0]) for share in shares]
    for shared in (add_points(points), *points, shares[0].points[0]):
        with pytest.raises(WrapRefused):
            open_wrap(case.copy.wrap, case.label, shared, p, world.roster.key)


def test_the_point_without_the_second_layer_opens_nothing() -> None:
    shares = [verify_share(WORLD, DECISION, CASES, approval) for approval in APPROVALS[:2]]
    with pytest.raises(WrapRefused, match="another hybrid key"):
        combine(DECISION, WORLD.roster, COPIES, bytes(32), shares)


FOURTHS = {
    "another copy": lambda: make_case(WORLD, "quatre"),
    "the next version": lambda: make_case(WORLD, "un", version=2),
    "another category": lambda: make_case(WORLD, "un", category="sante"),
}


@pytest.mark.parametrize("name", FOURTHS)
def test_accords_on_three_items_do_not_open_a_fourth(name: str) -> None:
    fourth = FOURTHS[name]()
    shares = [verify_share(WORLD, DECISION, CASES, approval) for approval in APPROVALS]
    for place in range(3):
        swapped = [*CASES[:place], fourth, *CASES[place + 1 :]]
        copies = [(case.label, case.copy) for case in swapped]
        with pytest.raises(DecisionRefused):
            combine(DECISION, WORLD.roster, copies, SEED, shares)
        other = make_decision(WORLD, swapped)
        with pytest.raises(QuorumRefused, match="another decision"):
            combine(other, WORLD.roster, copies, SEED, shares)
        # Even partials passed off as another decision's give a point that opens nothing.
        forged = [replace(share, decision=other.digest) for share in shares]
        with pytest.raises(WrapRefused):
            combine(other, WORLD.roster, copies, SEED, forged)


def test_a_fourth_item_s_proofs_do_not_hold() -> None:
    fourth = make_case(WORLD, "quatre")
    other = make_decision(WORLD, [*CASES[:2], fourth])
    opened = open_partials(APPROVALS[1], WORLD.people[0].id, WORLD.people[0].private)
    wraps = [case.copy.wrap for case in [*CASES[:2], fourth]]
    with pytest.raises(ShareRefused, match="seat 2: the proof for item 0"):
        verify_partials(other, WORLD.roster, wraps, opened)


def make_decoy(victim: Case, blind: Scalar) -> Case:
    """A wrap on R' = R + [b]B with a consistent second point, under a label of the insider's own."""
    key = stretch("leurre", 32)
    label = make_label(WORLD, key, "leurre")
    honest = wrap(key, label, WORLD.roster, draws("leurre"))
    point = add(victim.copy.wrap.point, multiply_base(blind))
    second = add(victim.copy.wrap.second, multiply(blind, SECOND_BASE))
    return Case(key, label, SealedCopy(replace(honest.wrap, point=point, second=second), honest.p_ct))


def test_a_blinded_decoy_would_open_the_victim_and_is_not_approved() -> None:
    blind, victim = draw_scalar(draws("aveugle")), CASES[0]
    decoy = make_decoy(victim, blind)
    # Without CHECK, points of the decoy less [b]Y_i are the victim's: the attack is real.
    seats = WORLD.roster.seats[:2]
    weights = lagrange_coefficients([1, 2])
    unblinded = [
        multiply(
            weights[seat.number],
            subtract(
                multiply(WORLD.acceptances[seat.number - 1].share.secret, decoy.copy.wrap.point),
                multiply(blind, seat.public),
            ),
        )
        for seat in seats
    ]
    p = open_layer(victim.copy.p_ct, victim.label, hybrid_key(SEED))
    opened = open_wrap(victim.copy.wrap, victim.label, add_points(unblinded), p, WORLD.roster.key)
    assert opened == victim.key
    # With CHECK no seat makes such a point.
    decision = make_decision(WORLD, [decoy])
    with pytest.raises(WrapRefused):
        make_approval(decision, WORLD.roster, [(decoy.label, decoy.copy.wrap)], CHECKPOINT, WORLD.approver(1))


def reseal(approval: Approval, partials: Sequence[Partial], sign_as: Person) -> Approval:
    """An approval whose signer commits to partials of its own making."""
    info = box_info(approval.decision, approval.generation, approval.seat)
    sealed = encode_partials(partials)
    boxes = {holder.member_id: holder.hpke.seal(sealed, info) for holder in WORLD.roster.holders}
    changed = replace(approval, partials_digest=digest_partials(partials), boxes=boxes)
    return replace(changed, signature=sign_as.sign(changed.statement))


def test_a_wrong_share_names_the_seat_though_it_is_signed() -> None:
    executor = WORLD.people[0]
    honest = open_partials(APPROVALS[1], executor.id, executor.private).partials
    base = multiply_base(number_scalar(11))
    wrong = [
        [replace(honest[0], point=base), *honest[1:]],
        [replace(honest[0], challenge=number_scalar(5)), *honest[1:]],
        [replace(honest[0], response=number_scalar(5)), *honest[1:]],
        [honest[1], honest[0], honest[2]],
        honest[:2],
        [*honest, honest[0]],
    ]
    for partials in wrong:
        approval = reseal(APPROVALS[1], partials, WORLD.people[1])
        require_quorum(DECISION, [APPROVALS[0], approval], WORLD.roster, executor.id, needs_dg_or_president=False)
        with pytest.raises(ShareRefused) as refusal:
            verify_share(WORLD, DECISION, CASES, approval)
        assert refusal.value.seat == 2


def test_another_seat_s_partials_are_refused() -> None:
    executor = WORLD.people[0]
    stolen = open_partials(APPROVALS[0], executor.id, executor.private).partials
    wraps = [case.copy.wrap for case in CASES]
    for seat in (2, 9):
        with pytest.raises(ShareRefused, match=f"seat {seat}"):
            verify_partials(DECISION, WORLD.roster, wraps, OpenedPartials(seat, stolen))


def test_an_element_that_libsodium_refuses_is_a_failed_proof() -> None:
    executor = WORLD.people[0]
    honest = open_partials(APPROVALS[0], executor.id, executor.private)
    bad = replace(honest.partials[0], point=Point((1).to_bytes(32, "little")))
    wraps = [case.copy.wrap for case in CASES]
    with pytest.raises(ShareRefused, match="seat 1"):
        verify_partials(DECISION, WORLD.roster, wraps, OpenedPartials(1, (bad, *honest.partials[1:])))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_any_changed_byte_of_a_box_is_refused(place: int, mask: int) -> None:
    executor = WORLD.people[0]
    boxes = {member: flip(sealed, place, mask) for member, sealed in APPROVALS[0].boxes.items()}
    with pytest.raises(ShareRefused, match="seat 1"):
        open_partials(replace(APPROVALS[0], boxes=boxes), executor.id, executor.private)


def test_a_box_opens_for_its_holder_in_its_approval_only() -> None:
    executor, other, stranger = WORLD.people[0], WORLD.people[1], Person("inconnue")
    with pytest.raises(ShareRefused):
        open_partials(APPROVALS[0], executor.id, other.private)
    with pytest.raises(ShareRefused):
        open_partials(APPROVALS[0], stranger.id, stranger.private)
    with pytest.raises(ShareRefused):
        open_partials(replace(APPROVALS[0], seat=2), executor.id, executor.private)
    with pytest.raises(ShareRefused, match="other partials"):
        open_partials(replace(APPROVALS[0], partials_digest=bytes(64)), executor.id, executor.private)


def test_combining_wants_the_decision_s_own_labels_wraps_and_roster() -> None:
    shares = [verify_share(WORLD, DECISION, CASES, approval) for approval in APPROVALS[:2]]
    relabelled = [(replace(CASES[0].label, version=9), CASES[0].copy), *COPIES[1:]]
    for copies in (relabelled, COPIES[:2], COPIES[::-1]):
        with pytest.raises(DecisionRefused):
            combine(DECISION, WORLD.roster, copies, SEED, shares)
    with pytest.raises(DecisionRefused):
        combine(DECISION, make_world(name="autre").roster, COPIES, SEED, shares)
    for twice in ([shares[0], shares[0]], [*shares, shares[0]]):
        with pytest.raises(QuorumRefused, match="twice"):
            combine(DECISION, WORLD.roster, COPIES, SEED, twice)
    wrong = VerifiedPartials(DECISION.digest, 2, shares[0].points)
    with pytest.raises(WrapRefused):
        combine(DECISION, WORLD.roster, COPIES, SEED, [shares[0], wrong])


def test_second_layers_do_not_move_between_items() -> None:
    shares = [verify_share(WORLD, DECISION, CASES, approval) for approval in APPROVALS[:2]]
    moved = [(CASES[0].label, replace(CASES[0].copy, p_ct=CASES[1].copy.p_ct)), *COPIES[1:]]
    with pytest.raises(WrapRefused):
        combine(DECISION, WORLD.roster, moved, SEED, shares)


def test_a_decision_without_items_opens_nothing() -> None:
    decision = replace(DECISION, purpose="flow", items=(), target=None)
    approvals = [make_approval(decision, WORLD.roster, [], CHECKPOINT, WORLD.approver(seat)) for seat in (1, 2)]
    assert execute(WORLD, decision, [], approvals) == []


def test_dossier_keys_are_regranted_alike() -> None:
    key = stretch("dossier", 32)
    label = replace(make_label(WORLD, key), kind="dossier", blob_sha256=b"", epoch=4)
    case = Case(key, label, wrap(key, label, WORLD.roster))
    decision = replace(
        DECISION,
        purpose="regrant",
        items=(Item(label, case.copy.wrap.digest),),
        target=Target("member", b64(Person("membre").private.public.encoded)),
    )
    approvals = [approve(WORLD, decision, [case], seat) for seat in (2, 3)]
    assert execute(WORLD, decision, [case], approvals) == [key]
