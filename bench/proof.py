"""Prove the pack and compare two states of the law, over the whole space, in seconds; the target is two.

A brute force goes through a projection of the space, the attributes in `FREE` with all others fixed where danger and
terrorism meet, and must find the same before anything is quoted.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from ciment.law import (
    VOCABULARY,
    AmbiguousLaw,
    Difference,
    Epoch,
    Pack,
    amend,
    compare,
    epoch_of,
    load_bill,
    load_mission,
    load_pack,
    prove,
    qualify,
    space,
)
from harness import Report, Size

DAY = date(2026, 11, 23)
PACK = load_pack("be")
MISSION = load_mission("be")
TARGET = 2.0
FREE = ("requester", "form", "setting", "ground", "category")
FIXED = {
    "authenticated": "yes",
    "offence": "terrorism",
    "consent": "express_specific_written",
    "danger": "grave_and_imminent",
    "danger_to": "person",
    "other_means": "exhausted",
    "protected_interest": "equal_or_higher",
    "self_created": "no",
}


def project() -> Iterator[int]:
    """Yield every situation of the projection, as a mask."""
    chosen = [VOCABULARY[name] if name in FREE else (FIXED.get(name, VOCABULARY[name][0]),) for name in VOCABULARY]
    for values in product(*chosen):
        yield sum(1 << space.POSITIONS[pair] for pair in zip(VOCABULARY, values, strict=True))


POINTS = list(project())


def decide_each(law: Epoch) -> list[str]:
    """Return the verdict on every situation of the projection; raises AmbiguousLaw where rules conflict."""
    boxes = [rule.box for rule in law.rules]
    return [
        law.decide(sum(1 << index for index, box in enumerate(boxes) if point & box == point)).verdict
        for point in POINTS
    ]


def check_difference(before: Epoch, after: Epoch, difference: Difference) -> None:
    """Compare every situation of the projection with the boxes it should lie in, and in no other."""
    for point, *verdicts in zip(POINTS, decide_each(before), decide_each(after), strict=True):
        found = {(g.before, g.after) for g in difference.groups if any(point & box == point for box in g.boxes)}
        assert found == ({(verdicts[0], verdicts[1])} if verdicts[0] != verdicts[1] else set())


def check_proof() -> None:
    """See that the sound pack is sound on the projection, and that a broken one is told where."""
    assert prove(PACK, MISSION.invariants).holds
    decide_each(epoch_of(PACK, DAY, DAY))
    careless = {rule.id: rule for rule in PACK.rules if rule.verdict == "must"}
    name, rule = next(iter(careless.items()))
    broken = Pack("broken", PACK.languages, tuple(replace(r, overrides=()) if r is rule else r for r in PACK.rules))
    told = prove(broken).obligations["unambiguous"]
    assert told is not None
    assert name in told.rules
    try:
        qualify(broken, told.facts, told.on, told.known)
    except AmbiguousLaw:
        return
    raise AssertionError(told)


def time_call(call: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return taken


def report(name: str, note: str, call: Callable[[], object], size: Size) -> Report:
    taken = time_call(call, size.rounds)
    median = statistics.median(taken)
    told = f"{median:.2f} s ({min(taken):.2f}–{max(taken):.2f}), {'met' if median <= TARGET else '**missed**'}; {note}"
    return Report(name, f"target ≤ {TARGET:g} s: {told}", {"seconds": [round(each, 4) for each in taken]})


def rows(size: Size) -> Iterator[Report]:
    """Prove the pack with its mission, then compare each bill with the law before it."""
    check_proof()
    proof = prove(PACK, MISSION.invariants)
    note = f"{len(proof.obligations)} obligations, {len(proof.eras)} epochs of {proof.situations:.2g} situations, exact"
    yield report("prove the pack", note, lambda: prove(PACK, MISSION.invariants), size)
    states = {name: load_bill(name).epoch(PACK) for name in ("2017-before", "2017-active", "2017-annulled")}
    today = epoch_of(PACK, DAY, DAY)
    pairs = {
        "2017-before → 2017-active": (states["2017-before"], states["2017-active"]),
        "2017-active → 2017-annulled": (states["2017-active"], states["2017-annulled"]),
        "today → every-offence": (today, epoch_of(amend(PACK, load_bill("every-offence")), DAY, DAY)),
        "today → medical-data": (today, epoch_of(amend(PACK, load_bill("medical-data")), DAY, DAY)),
    }
    for name, (before, after) in pairs.items():
        difference = compare(before, after, MISSION.necessity)
        check_difference(before, after, difference)
        boxes = sum(len(group.boxes) for group in difference.groups)
        note = f"{difference.changed:,} situations change, {boxes} boxes; equal to brute force on {len(POINTS):,}"

        def compared(before: Epoch = before, after: Epoch = after) -> Difference:
            return compare(before, after, MISSION.necessity)

        yield report(f"compare {name}", note, compared, size)
