"""Proofs against a slow reading of every situation at every time, and what a broken pack is told."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from law_reference import Reading, is_in_force
from law_small_packs import (
    DAYS,
    DEFAULT,
    POINTS,
    VALUES,
    Point,
    conditions,
    full,
    many,
    pack,
    packs,
    price_of,
    read_slowly,
    rule,
    write_tables,
)

from ciment.law import DECIDERS, VERDICTS, Counterexample, Interval, Invariant, Pack, prove, space

SPOKEN = [verdict for verdict in VERDICTS if verdict != "silence"]
TIMES = [DAYS[0] - timedelta(1), *DAYS, DAYS[-1] + timedelta(1)]
Broken = dict[frozenset[str], dict[int, str | None]]


@st.composite
def invariants(draw: st.DrawFn) -> Invariant:
    never: dict[str, tuple[str, ...]] = {}
    same_as: dict[str, str] = {}
    precedence: tuple[str, ...] = ()
    kind = draw(st.sampled_from(["never", "as", "both", "precedence"]))
    if kind in {"never", "both"}:
        never["verdict"] = tuple(draw(st.lists(st.sampled_from(VERDICTS), min_size=1, unique=True)))
        if draw(st.booleans()):
            never["decided_by"] = tuple(draw(st.lists(st.sampled_from(DECIDERS), min_size=3, unique=True)))
    if kind in {"as", "both"}:
        name = draw(st.sampled_from(["form", "authenticated", "consent"]))
        same_as[name] = draw(st.sampled_from(VALUES[name]))
    if kind == "precedence":
        precedence = tuple(draw(st.permutations(SPOKEN)))
    exempt = tuple(draw(st.lists(st.sampled_from(["r0", "r1", "r2"]), unique=True))) if never else ()
    return Invariant("mission", draw(conditions()), never, exempt, same_as, precedence, {"fr": "Texte."})


def list_times(law: Pack) -> Mapping[frozenset[str], Reading]:
    tables = write_tables(law)
    found: dict[frozenset[str], Reading] = {}
    for on, known in product(TIMES, TIMES):
        rules = frozenset(name for name, table in tables.items() if is_in_force(table, on, known))
        if rules not in found:
            found[rules] = Reading(tables, on, known)
    return found


def verdict_of(reading: Reading, point: Point) -> str | None:
    """Return the verdict on a point, None where rules conflict."""
    verdicts = {each["verdict"] for each in reading.find_deciding(point)} or {"silence"}
    return verdicts.pop() if len(verdicts) == 1 else None


def expect_by_hand(invariant: Invariant, reading: Reading, point: Point) -> tuple[bool, str | None]:
    """Return whether the invariant is broken here, and the verdict that was expected, if one was."""
    verdict, deciding = verdict_of(reading, point), reading.find_deciding(point)
    if verdict is None or any(point[name] not in values for name, values in invariant.when.items()):
        return False, None
    if invariant.never:
        decider = min((each["decided_by"] for each in deciding), key=DECIDERS.index, default="signatory")
        forbidden = verdict in invariant.never["verdict"] and decider in invariant.never.get("decided_by", DECIDERS)
        names = [each["id"].split(".")[0] for each in deciding]
        if not forbidden or (names and set(names) <= set(invariant.exempt)):
            return False, None
        if not invariant.same_as:
            return True, None
    if invariant.same_as:
        supposed = verdict_of(reading, {**point, **invariant.same_as})
        return (supposed not in {None, verdict}), supposed
    holding = [each for each in reading.rules if all(point[name] in values for name, values in each["when"].items())]
    highest = next((word for word in invariant.precedence if word in {each["verdict"] for each in holding}), None)
    return verdict in invariant.precedence and verdict != highest, highest


def break_by_hand(law: Pack, invariant: Invariant) -> Iterator[tuple[str, Broken]]:
    times = list_times(law)
    broken: dict[str, Broken] = {"complete": {}, "unambiguous": {}, "mission": {}}
    for rules, reading in times.items():
        for number, (point, _) in enumerate(POINTS):
            deciding = reading.find_deciding(point)
            wrong, expected = expect_by_hand(invariant, reading, point)
            for name, fails in (("complete", not deciding), ("unambiguous", verdict_of(reading, point) is None)):
                if fails:
                    broken[name].setdefault(rules, {})[number] = None
            if wrong:
                broken["mission"].setdefault(rules, {})[number] = expected
    yield from broken.items()


def number_of(counterexample: Counterexample) -> int:
    return [point for point, _ in POINTS].index(full(counterexample.facts))


@given(packs(dated=True), invariants())
@many
def test_a_proof_is_what_a_slow_reading_of_everything_finds(law: Pack, invariant: Invariant) -> None:
    proof = prove(law, [invariant])
    times = list_times(law)
    assert len(proof.eras) == len(times)
    for name, broken in break_by_hand(law, invariant):
        told = proof.obligations[name]
        assert (told is not None) == bool(broken)
        if told is None:
            continue
        reading = read_slowly(law, told.on, told.known)
        here = broken[frozenset(each["id"] for each in reading.rules)]
        number = number_of(told)
        assert told.expected == here[number]
        assert told.situations == sum(POINTS[each][1] for each in here)
        deciding = reading.find_deciding(POINTS[number][0])
        assert sorted(told.rules) == sorted(each["id"] for each in deciding)
        assert set(told.verdicts) == ({each["verdict"] for each in deciding} or {"silence"})
        assert price_of(POINTS[number][0]) == min(
            price_of(POINTS[each][0]) for some in broken.values() for each in some
        )


@given(packs(dated=True))
@many
def test_dead_rules_are_those_that_decide_nowhere_and_never(law: Pack) -> None:
    alive = {
        each["id"]
        for reading in list_times(law).values()
        for point, _ in POINTS
        for each in reading.find_deciding(point)
    }
    dead = tuple(each.id for each in law.rules if each.id not in alive)
    told = prove(law).obligations["no_dead_rule"]
    assert (told.dead if told else ()) == dead
    if told:
        first = next(each for each in law.rules if each.id == dead[0])
        assert first.id not in told.rules
        inside = [point for point, _ in POINTS if all(point[name] in values for name, values in first.when.items())]
        assert full(told.facts) in inside
        assert price_of(full(told.facts)) == min(map(price_of, inside))
        assert told.situations == space.size(first.box)
        in_force = any(first.id in rules for rules in list_times(law))
        assert first.holds(told.on, told.known) == in_force


def test_a_sound_pack_is_proved_and_says_so() -> None:
    law = pack(DEFAULT, rule("speak", "may", {"form": ["written"]}, ["default"]))
    proof = prove(law)
    assert proof.holds
    assert proof.to_json() == {
        "pack": "x",
        "digest": law.digest,
        "situations": 306561024000,
        "epochs": 1,
        "obligations": {
            name: {"holds": True, "counterexample": None} for name in ("complete", "unambiguous", "no_dead_rule")
        },
    }


def test_two_rules_that_conflict_are_told_with_the_fewest_facts() -> None:
    law = pack(
        DEFAULT,
        rule("a", "may", {"form": ["written"], "consent": ["informed"]}, ["default"]),
        rule("b", "must", {"form": ["written"], "danger": ["none", "grave"]}, ["default"]),
    )
    proof = prove(law)
    assert not proof.holds
    told = proof.to_json()["obligations"]
    assert isinstance(told, dict)
    assert told["unambiguous"] == {
        "holds": False,
        "counterexample": {
            "on": "2026-11-24",
            "known": "2026-11-24",
            "facts": {"requester": "nobody", "form": "written", "consent": "informed", "category": ["existence"]},
            "verdicts": ["may", "must"],
            "rules": ["a", "b"],
            "expected": None,
            "dead": [],
            "situations": 306561024000 * 2 // 5 // 12,
        },
    }


def test_the_latest_time_is_told_first_and_the_eve_of_an_annulment_is_a_time() -> None:
    spans = (Interval(date(2020, 1, 1), date(2021, 1, 1)), Interval(date(2022, 1, 1), None))
    law = pack(
        DEFAULT,
        rule("a", "may", {}, ["default"], in_force=spans),
        rule("b", "must", {}, ["default"], annulled_on=date(2023, 5, 5)),
    )
    proof = prove(law)
    times = [(era.on, era.known) for era in proof.eras]
    assert times[0] == (date(2023, 5, 5), date(2023, 5, 5))
    assert len(times) == 4
    told = proof.obligations["unambiguous"]
    assert told is not None
    assert (told.on, told.known) == (date(2023, 5, 5), date(2023, 5, 4))


def test_where_no_rule_speaks_no_rule_is_exempt() -> None:
    law = pack(rule("speak", "may", {"form": ["written"]}))
    silent = Invariant("mission", {}, {"verdict": ("silence",)}, ("speak",), {}, (), {"fr": "Texte."})
    told = prove(law, [silent]).obligations["mission"]
    assert told is not None
    assert (told.rules, told.verdicts) == ((), ("silence",))
    spoken = Invariant("mission", {}, {"verdict": ("may",)}, ("speak",), {}, (), {"fr": "Texte."})
    assert prove(law, [spoken]).obligations["mission"] is None
    others = Invariant("mission", {}, {"verdict": ("may",)}, ("spea",), {}, (), {"fr": "Texte."})
    assert prove(law, [others]).obligations["mission"] is not None


def test_of_the_days_when_an_era_was_known_the_latest_is_told() -> None:
    days = date(2020, 5, 5), date(2024, 5, 5)
    rules = [rule(f"r{day.year}", "may", {}, ["default"], annulled_on=day) for day in days]
    eves = [day - timedelta(1) for day in days]
    assert [(era.on, era.known, era.rules) for era in prove(pack(DEFAULT, *rules)).eras] == [
        (days[1], days[1], 0b001),
        (days[1], eves[1], 0b101),
        (days[1], eves[0], 0b111),
    ]


def test_the_first_day_there_is_has_no_eve() -> None:
    law = pack(DEFAULT, rule("speak", "may", {}, ["default"], in_force=(Interval(date.min, date(2020, 1, 1)),)))
    assert [era.on for era in prove(law).eras] == [date(2020, 1, 1), date(2019, 12, 31)]
