"""Which approvals, together, are the accords required."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from quorum_cases import CHECKPOINT, Person, World, approve, make_case, make_decision, make_world

from ciment.quorum.approve import Approval, Approver, make_approval
from ciment.quorum.decision import Decision
from ciment.quorum.errors import ApprovalRefused, QuorumRefused
from ciment.quorum.execute import require_quorum

WORLD = make_world()
CASES = [make_case(WORLD, name) for name in ("un", "deux", "trois")]
DECISION = make_decision(WORLD, CASES)
APPROVALS = [approve(WORLD, DECISION, CASES, seat) for seat in (1, 2, 3)]


def quorum_of(
    world: World, decision: Decision, approvals: Sequence[Approval], preparer: str, *, leading: bool = False
) -> set[int]:
    chosen = require_quorum(decision, approvals, world.roster, preparer, needs_dg_or_president=leading)
    return {approval.seat for approval in chosen}


def test_t_seats_make_a_quorum() -> None:
    nobody = Person("preparation").id
    assert quorum_of(WORLD, DECISION, APPROVALS[:2], nobody) == {1, 2}
    assert len(quorum_of(WORLD, DECISION, APPROVALS, nobody)) == 2
    for few in ([], APPROVALS[:1], [APPROVALS[1], APPROVALS[1]]):
        with pytest.raises(QuorumRefused, match="2 are required"):
            quorum_of(WORLD, DECISION, few, nobody)


def test_a_seat_counts_once_whoever_acts() -> None:
    deputy = WORLD.deputies[0]
    items = [(case.label, case.copy.wrap) for case in CASES]
    approver = Approver(deputy.id, WORLD.acceptances[0].share, deputy.sign)
    second = make_approval(DECISION, WORLD.roster, items, CHECKPOINT, approver)
    with pytest.raises(QuorumRefused, match="1 seats approved"):
        quorum_of(WORLD, DECISION, [APPROVALS[0], second], Person("preparation").id)


def test_the_preparer_is_not_the_only_approver() -> None:
    first = WORLD.people[0].id
    assert quorum_of(WORLD, DECISION, APPROVALS[:2], first) == {1, 2}
    with pytest.raises(QuorumRefused, match="preparer"):
        quorum_of(WORLD, DECISION, APPROVALS[:1], first)
    alone = make_world(1, 2, "seul", 0)
    case = make_case(alone, "seul")
    decision = make_decision(alone, [case])
    approvals = [approve(alone, decision, [case], seat) for seat in (1, 2)]
    assert quorum_of(alone, decision, approvals, alone.people[0].id) == {2}
    assert quorum_of(alone, decision, approvals[:1], alone.people[1].id) == {1}
    with pytest.raises(QuorumRefused, match="preparer"):
        quorum_of(alone, decision, approvals[:1], alone.people[0].id)


def test_a_leading_seat_where_a_verdict_asks_it() -> None:
    world = make_world(2, 5, "titres", 0)
    case = make_case(world, "titres")
    decision = make_decision(world, [case])
    approvals = [approve(world, decision, [case], seat) for seat in range(1, 6)]
    nobody = Person("preparation").id
    with pytest.raises(QuorumRefused, match="director general"):
        quorum_of(world, decision, approvals[2:], nobody, leading=True)
    assert quorum_of(world, decision, approvals[2:4], nobody) == {3, 4}
    assert 2 in quorum_of(world, decision, [*approvals[2:], approvals[1]], nobody, leading=True)
    assert 1 in quorum_of(world, decision, [*approvals[2:], approvals[0]], nobody, leading=True)
    # Wherever the leading seat stands among those that approved, it is one of the t that are kept.
    last = (
        *(replace(seat, title="other") for seat in world.roster.seats[:4]),
        replace(world.roster.seats[4], title="president"),
    )
    kept = require_quorum(decision, approvals, replace(world.roster, seats=last), nobody, needs_dg_or_president=True)
    assert {approval.seat for approval in kept} == {1, 5}


def test_an_approval_that_does_not_hold_is_refused_by_seat() -> None:
    broken = replace(APPROVALS[1], signature=bytes(64))
    with pytest.raises(ApprovalRefused, match="seat 2"):
        quorum_of(WORLD, DECISION, [APPROVALS[0], broken], Person("preparation").id)
    other = make_decision(WORLD, CASES, "autre")
    with pytest.raises(ApprovalRefused, match="another decision"):
        quorum_of(WORLD, other, APPROVALS[:2], Person("preparation").id)
