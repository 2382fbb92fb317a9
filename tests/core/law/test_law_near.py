"""Near misses of packs whose rules are only partly ordered, with dead space, against every change tried by hand."""

from itertools import combinations, product

from hypothesis import assume, given
from hypothesis import strategies as st
from law_reference import Reading
from law_small_packs import DAY, NAMES, POINTS, Point, many, packs, read_slowly, say

from ciment.law import VOCABULARY, Pack, parse_facts, prove, qualify

CHANGEABLE = [name for name in NAMES if name != "requester"]
Ways = dict[frozenset[tuple[str, str]], str]


def find_by_hand(reading: Reading, point: Point) -> Ways:
    ways: Ways = {}
    minimal: list[frozenset[str]] = []
    for size in range(1, len(CHANGEABLE) + 1):
        for names in map(frozenset, combinations(CHANGEABLE, size)):
            if any(smaller < names for smaller in minimal):
                continue
            others = [[(name, value) for value in VOCABULARY[name] if value != point[name]] for name in sorted(names)]
            found = {frozenset(changes): say(reading, {**point, **dict(changes)}) for changes in product(*others)}
            spoken = {changes: verdict for changes, verdict in found.items() if verdict != "silence"}
            ways |= spoken
            minimal += [names] if spoken else []
    return ways


@given(packs(), st.sampled_from(POINTS))
@many
def test_near_misses_are_all_the_minimal_changes_whatever_the_order_of_the_rules(
    law: Pack, picked: tuple[Point, int]
) -> None:
    assume(prove(law).obligations["unambiguous"] is None)
    point, _ = picked
    reading = read_slowly(law)
    assume(say(reading, point) == "silence")
    told: Ways = {}
    for miss in qualify(law, parse_facts(point), DAY).verdicts[point["category"]].near_misses:
        for values in product(*([(name, value) for value in miss.changes[name]] for name in miss.changes)):
            told[frozenset(values)] = miss.verdict
    assert told == find_by_hand(reading, point)
