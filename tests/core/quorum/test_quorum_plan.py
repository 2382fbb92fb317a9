"""Plans: the rules on seats, holders and contributors, and where keys enter."""

from dataclasses import replace
from functools import partial

import pytest
from quorum_cases import Person, make_plan, make_world

from ciment.canon import InvalidEncoding
from ciment.quorum.plan import Contributor, PlannedSeat, parse_plan, parse_signed_plan, verify_plan

WORLD = make_world()


def test_rules_of_a_plan() -> None:
    a, b, c = (Person(f"regles/{name}") for name in "abc")
    plan = make_plan(2, [a, b])
    assert parse_plan(plan.encode()) == plan
    seat = plan.seats[0]
    broken = [
        partial(replace, plan, threshold=3),
        partial(replace, plan, threshold=0),
        partial(replace, plan, seats=plan.seats[::-1]),
        partial(replace, plan, seats=()),
        partial(replace, plan, seats=(seat, replace(plan.seats[1], number=256))),
        partial(replace, plan, seats=(seat, replace(plan.seats[1], holders=()))),
        partial(replace, plan, seats=(seat, replace(plan.seats[1], holders=(b.holder, a.holder)))),
        partial(replace, plan, seats=(seat, replace(seat, number=2))),
        partial(replace, plan, seats=(seat, replace(seat, number=2, holders=(replace(b.holder, hpke=a.holder.hpke),)))),
        partial(
            replace, plan, seats=(seat, replace(seat, number=2, holders=(replace(b.holder, ed25519=a.holder.ed25519),)))
        ),
        partial(replace, plan, seats=(seat, replace(seat, number=2, holders=(replace(b.holder, member_id=a.id),)))),
        # A foreign title, which the types forbid and only data could bring.
        partial(replace, plan, seats=(replace(seat, title="chief"), plan.seats[1])),  # type: ignore[arg-type]
        partial(replace, plan, contributors=plan.contributors[::-1]),
        partial(replace, plan, contributors=plan.contributors[:1]),
        partial(replace, plan, contributors=(plan.contributors[0], Contributor(2, a.holder))),
        partial(replace, plan, contributors=(plan.contributors[0], Contributor(2, c.holder))),
        partial(replace, plan, institution=""),
        partial(replace, plan, generation=0),
    ]
    for breaking in broken:
        with pytest.raises(InvalidEncoding):
            breaking()


def test_a_member_holds_one_seat_even_with_other_keys() -> None:
    a, b, c = (Person(f"regles/{name}") for name in "abc")
    plan = make_plan(2, [a, b])
    twice = PlannedSeat(3, "other", (replace(c.holder, member_id=a.id),))
    replace(plan, seats=(*plan.seats, replace(twice, holders=(c.holder,))))
    with pytest.raises(InvalidEncoding, match="more than one seat"):
        replace(plan, seats=(*plan.seats, twice))
    for holder in (replace(c.holder, ed25519=a.holder.ed25519), replace(c.holder, hpke=a.holder.hpke)):
        with pytest.raises(InvalidEncoding, match="serves two members"):
            replace(plan, seats=(*plan.seats, replace(twice, holders=(holder,))))


def test_holders_out_of_order_are_refused() -> None:
    world = make_world()
    seat = world.plan.plan.seats[0]
    assert len(seat.holders) == 2
    with pytest.raises(InvalidEncoding, match="order"):
        replace(world.plan.plan, seats=(replace(seat, holders=seat.holders[::-1]), *world.plan.plan.seats[1:]))


def test_a_holder_s_signing_key_is_checked_where_it_enters() -> None:
    holder = Person("regles/a").holder
    for key in ((1).to_bytes(32, "little"), bytes(32), b"", b"\xff" * 32):
        with pytest.raises(InvalidEncoding):
            replace(holder, ed25519=key)
    with pytest.raises(InvalidEncoding):
        replace(holder, member_id="a")


def test_signed_plans_round_trip() -> None:
    assert parse_signed_plan(WORLD.plan.encode()) == WORLD.plan
    verify_plan(parse_signed_plan(WORLD.plan.encode()))
