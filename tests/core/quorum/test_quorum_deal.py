"""The ceremony: an honest one ends in a roster, and each dishonest contribution is named."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quorum_cases import Person, World, draws, flip, make_world, sign_by_all

from ciment.canon import InvalidEncoding
from ciment.quorum.contribution import Contribution, HybridOffer, make_proof, seed_info, share_info
from ciment.quorum.deal import accept, assemble, contribute
from ciment.quorum.errors import DealRefused, PlanRefused, RosterRefused
from ciment.quorum.group import (
    Scalar,
    add_points,
    draw_scalar,
    lagrange_coefficients,
    multiply,
    multiply_base,
    number_scalar,
)
from ciment.quorum.plan import (
    SignedPlan,
    sign_plan,
    verify_plan,
)
from ciment.quorum.roster import fingerprint, sign_roster, verify_roster
from ciment.quorum.share import encode_share, hybrid_key, parse_share

WORLD = make_world()
Change = Callable[[Contribution], Contribution]


def deal(world: World = WORLD) -> list[Contribution]:
    return [contribute(world.plan, p.id, p.sign, draws(f"again/{p.name}")) for p in world.people]


PARTS = deal()


def resign(world: World, contribution: Contribution) -> Contribution:
    person = world.people[contribution.seat - 1]
    return replace(contribution, signature=person.sign(contribution.statement))


def accept_as(person: Person, parts: Sequence[Contribution]) -> None:
    accept(WORLD.plan, parts, person.id, person.private)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_every_size_of_quorum_shares_one_secret(size: tuple[int, int]) -> None:
    threshold, count = size
    world = make_world(threshold, count, "tailles", 0)
    shares = [acceptance.share for acceptance in world.acceptances]
    assert {acceptance.roster for acceptance in world.acceptances} == {world.roster}
    assert len({share.hybrid_seed for share in shares}) == 1
    for share in shares:
        seat = world.roster.find_seat(share.seat)
        assert seat is not None
        assert multiply_base(share.secret) == seat.public
    for first in range(count - threshold + 1):
        chosen = shares[first : first + threshold]
        weights = lagrange_coefficients([share.seat for share in chosen])
        assert add_points([multiply(weights[s.seat], multiply_base(s.secret)) for s in chosen]) == world.roster.public
    verify_roster(world.signed, fingerprint(world.signed))


def test_a_deputy_receives_the_share_of_the_seat() -> None:
    deputy = WORLD.deputies[0]
    again = accept(WORLD.plan, PARTS, deputy.id, deputy.private)
    principal = accept(WORLD.plan, PARTS, WORLD.people[0].id, WORLD.people[0].private)
    assert again == principal


def test_contributions_arrive_in_any_order() -> None:
    person = WORLD.people[1]
    reverse = accept(WORLD.plan, PARTS[::-1], person.id, person.private)
    assert reverse == accept(WORLD.plan, PARTS, person.id, person.private)


def test_two_ceremonies_of_one_plan_differ() -> None:
    person = WORLD.people[0]
    assert accept(WORLD.plan, PARTS, person.id, person.private).roster.public != WORLD.roster.public


def test_secrets_print_redacted() -> None:
    acceptance = WORLD.acceptances[0]
    for shown in (repr(acceptance), repr(acceptance.share), str(acceptance.share)):
        assert acceptance.share.secret.hex() not in shown
        assert repr(bytes(acceptance.share.secret)) not in shown
        assert repr(acceptance.share.hybrid_seed) not in shown


def move_point(part: Contribution) -> Contribution:
    return replace(part, points=(part.points[0], multiply_base(number_scalar(9))))


def drop_point(part: Contribution) -> Contribution:
    return replace(part, points=part.points[:1])


def steal_constant(part: Contribution) -> Contribution:
    # A rogue key: the first point is another contributor's, whose secret this one does not know.
    return replace(part, points=(PARTS[0].points[0], part.points[1]))


def break_proof(part: Contribution) -> Contribution:
    return replace(part, proof=replace(part.proof, response=number_scalar(5)))


def forget_holder(part: Contribution) -> Contribution:
    return replace(part, shares=dict(list(part.shares.items())[1:]))


def deal_to_stranger(part: Contribution) -> Contribution:
    return replace(part, shares={**part.shares, Person("inconnue").id: b"x"})


def break_share(part: Contribution) -> Contribution:
    return replace(part, shares={member: flip(sealed, -1) for member, sealed in part.shares.items()})


def offer_hybrid(part: Contribution) -> Contribution:
    return replace(part, hybrid=PARTS[0].hybrid)


def other_plan(part: Contribution) -> Contribution:
    return replace(part, plan_digest=bytes(32))


def other_member(part: Contribution) -> Contribution:
    return replace(part, member_id=WORLD.people[2].id)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_plan, "another plan"),
        (other_member, "another member"),
        (drop_point, "degree"),
        (steal_constant, "proof"),
        (break_proof, "proof"),
        (move_point, "proof"),
        (forget_holder, "every holder"),
        (deal_to_stranger, "somebody else"),
        (offer_hybrid, "lowest"),
        (break_share, "does not open"),
    ],
)
def test_a_dishonest_contribution_is_named(change: Change, reason: str) -> None:
    parts = [PARTS[0], resign(WORLD, change(PARTS[1])), PARTS[2]]
    with pytest.raises(DealRefused, match=f"contributor 2: .*{reason}") as refusal:
        accept_as(WORLD.people[0], parts)
    assert refusal.value.contributor == 2


def test_a_contribution_changed_without_its_author_is_refused() -> None:
    with pytest.raises(DealRefused, match="signature") as refusal:
        accept_as(WORLD.people[0], [PARTS[0], PARTS[1], forget_holder(PARTS[2])])
    assert refusal.value.contributor == 3


def deal_share(value: bytes) -> Contribution:
    """A contribution of seat 2 whose share for everybody on seat 1 is `value`."""
    plan, part = WORLD.plan.plan, PARTS[1]
    info = share_info(plan, 2, 1, part.points)
    shares = {h.member_id: h.hpke.seal(value, info) for h in plan.seats[0].holders}
    return resign(WORLD, replace(part, shares={**part.shares, **shares}))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (bytes(31) + b"\x01", "not on the polynomial"),
        (bytes(32), "no scalar"),
        (b"\xff" * 32, "no scalar"),
        (b"", "no"),
    ],
)
def test_a_wrong_share_is_named(value: bytes, reason: str) -> None:
    with pytest.raises(DealRefused, match=reason) as refusal:
        accept_as(WORLD.people[0], [PARTS[0], deal_share(value), PARTS[2]])
    assert refusal.value.contributor == 2


def test_a_share_sealed_for_another_seat_does_not_open() -> None:
    swapped = dict(PARTS[1].shares)
    first, second = WORLD.people[0].id, WORLD.people[1].id
    swapped[first], swapped[second] = swapped[second], swapped[first]
    with pytest.raises(DealRefused):
        accept_as(WORLD.people[0], [PARTS[0], resign(WORLD, replace(PARTS[1], shares=swapped)), PARTS[2]])


def test_another_degree_hidden_behind_its_commitments_is_refused() -> None:
    plan, points = WORLD.plan.plan, (*PARTS[1].points, multiply_base(number_scalar(3)))
    secret, nonce = draw_scalar(draws("s")), draw_scalar(draws("v"))
    proof = make_proof(plan, 2, points, secret, nonce)
    with pytest.raises(DealRefused, match="degree"):
        accept_as(WORLD.people[0], [PARTS[0], resign(WORLD, replace(PARTS[1], points=points, proof=proof)), PARTS[2]])


def offer(seed: bytes, announced: bytes) -> Contribution:
    plan, part = WORLD.plan.plan, PARTS[0]
    public = hybrid_key(announced).public
    info = seed_info(plan, 1, part.points, public)
    seeds = {h.member_id: h.hpke.seal(seed, info) for seat in plan.seats for h in seat.holders}
    return resign(WORLD, replace(part, hybrid=HybridOffer(public, seeds)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: offer(b"a" * 32, b"b" * 32), "does not give"),
        (lambda _: offer(b"a" * 31, b"a" * 31), "does not give"),
        (lambda part: replace(part, hybrid=None), "lowest"),
        (lambda part: replace(part, hybrid=replace(part.hybrid, seeds={})), "every holder"),
        (lambda part: replace(part, hybrid=replace(part.hybrid, seeds=dict.fromkeys(part.shares, b"x"))), "seed"),
    ],
)
def test_a_wrong_hybrid_offer_is_named(change: Change, reason: str) -> None:
    with pytest.raises(DealRefused, match=reason) as refusal:
        accept_as(WORLD.people[1], [resign(WORLD, change(PARTS[0])), *PARTS[1:]])
    assert refusal.value.contributor == 1


@pytest.mark.parametrize("parts", [[], PARTS[:2], [PARTS[0], PARTS[1], PARTS[1]], [*PARTS, PARTS[2]]])
def test_one_contribution_of_each_is_needed(parts: list[Contribution]) -> None:
    with pytest.raises(PlanRefused, match="one contribution"):
        accept_as(WORLD.people[0], parts)


def test_only_the_plan_s_people_act() -> None:
    stranger = Person("inconnue")
    with pytest.raises(PlanRefused, match="does not contribute"):
        contribute(WORLD.plan, stranger.id, stranger.sign)
    with pytest.raises(PlanRefused, match="no seat"):
        accept_as(stranger, PARTS)
    with pytest.raises(PlanRefused, match="with this key"):
        accept(WORLD.plan, PARTS, WORLD.people[0].id, stranger.private)


def test_nothing_is_dealt_on_a_plan_that_somebody_did_not_sign() -> None:
    plan, people = WORLD.plan.plan, WORLD.people
    signatures = {person.id: sign_plan(plan, person.sign) for person in people}
    missing = SignedPlan(plan, {k: v for k, v in signatures.items() if k != people[2].id})
    forged = SignedPlan(plan, {**signatures, people[2].id: people[1].sign(b"")})
    for signed in (missing, forged, SignedPlan(plan, {**signatures, Person("inconnue").id: bytes(64)})):
        with pytest.raises(PlanRefused):
            contribute(signed, people[0].id, people[0].sign)
        with pytest.raises(PlanRefused):
            accept(signed, PARTS, people[0].id, people[0].private)


def test_a_re_sharing_is_refused_until_it_can_be_checked() -> None:
    plan = replace(WORLD.plan.plan, generation=2)
    with pytest.raises(PlanRefused, match="ceremony only"):
        verify_plan(sign_by_all(plan, WORLD.people))


def test_a_roster_needs_everybody() -> None:
    roster, people = WORLD.roster, WORLD.people
    signatures = {person.id: sign_roster(roster, person.sign) for person in people}
    assert assemble(roster, signatures) == WORLD.signed
    for person in people:
        with pytest.raises(RosterRefused, match="did not sign"):
            assemble(roster, {k: v for k, v in signatures.items() if k != person.id})
    with pytest.raises(RosterRefused, match="not a holder"):
        assemble(roster, {**signatures, people[0].id: people[1].sign(b"roster")})
    with pytest.raises(RosterRefused, match="not a holder"):
        assemble(roster, {**signatures, Person("inconnue").id: sign_roster(roster, Person("inconnue").sign)})


def test_a_roster_signed_by_all_is_still_recomputed() -> None:
    roster = replace(WORLD.roster, kappa=bytes(32))
    with pytest.raises(RosterRefused, match="sum of the commitments"):
        assemble(roster, {person.id: sign_roster(roster, person.sign) for person in WORLD.people})


def test_shares_round_trip() -> None:
    share = WORLD.acceptances[1].share
    assert parse_share(encode_share(share)) == share
    with pytest.raises(InvalidEncoding):
        parse_share(encode_share(replace(share, secret=Scalar(bytes(32)))))
    with pytest.raises(InvalidEncoding):
        parse_share(encode_share(replace(share, secret=Scalar(b"\xff" * 32))))
