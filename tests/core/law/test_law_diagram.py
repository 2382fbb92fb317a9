"""The diagram against plain enumeration: counts, cheapest examples, largest boxes."""

from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from law_small_packs import POINTS, conditions, full, many, mask_of, price_of

from ciment.law import VOCABULARY, space
from ciment.law.diagram import Diagram, draw

MASKS = [mask_of(point) for point, _ in POINTS]
# The bits of the values a point may have: of those that no point has, a box says the same as of one that a point has.
POSITIONS = [position for position in space.POSITIONS.values() if any(mask >> position & 1 for mask in MASKS)]

boxes = st.lists(conditions().map(space.box), min_size=1, max_size=6)


def draw_boxes(masks: list[int], label: Callable[[int], int] = lambda holding: holding) -> Diagram[int]:
    accepting = [
        sum(1 << index for index, mask in enumerate(masks) if mask >> position & 1)
        for position in space.POSITIONS.values()
    ]
    return draw(accepting, label)


def holding_by_hand(masks: list[int], point: int) -> int:
    return sum(1 << index for index, mask in enumerate(masks) if point & mask == point)


@given(boxes)
@many
def test_every_set_of_boxes_is_counted_exactly(masks: list[int]) -> None:
    counted: Counter[int] = Counter()
    for point, weight in POINTS:
        counted[holding_by_hand(masks, mask_of(point))] += weight
    diagram = draw_boxes(masks)
    assert diagram.counts == dict(counted)
    assert sum(diagram.counts.values()) == space.size(space.EVERYTHING)
    for label in diagram.labels:
        found = diagram.find(lambda each, label=label: each == label)  # type: ignore[misc]
        assert found is not None
        assert diagram.follow(found) == label


@given(boxes, st.integers(0, 63))
@many
def test_the_example_states_the_fewest_facts(masks: list[int], picked: int) -> None:
    diagram = draw_boxes(masks, lambda holding: holding & picked)
    wanted = max(diagram.labels)
    prices = [price_of(point) for point, _ in POINTS if holding_by_hand(masks, mask_of(point)) & picked == wanted]
    example = diagram.find(lambda label: label == wanted)
    assert example is not None
    assert price_of(full(example)) == min(prices)
    assert diagram.find(lambda label: label < 0) is None


@given(boxes, st.integers(1, 63))
@many
def test_the_boxes_cover_exactly_are_maximal_and_none_is_to_spare(masks: list[int], picked: int) -> None:
    def label(holding: int) -> int:
        return (holding & picked).bit_count() % 2

    def inside(box: int) -> set[int]:
        return {point for point in MASKS if point & box == point}

    wanted = {point for point in MASKS if label(holding_by_hand(masks, point))}
    found = draw_boxes(masks, label).boxes(bool)
    held = [inside(box) for box in found]
    assert set().union(*held) == wanted
    for index, box in enumerate(found):
        assert held[index] - set().union(*held[:index], *held[index + 1 :])
        assert all(inside(box | 1 << position) - wanted for position in POSITIONS if not box >> position & 1)


def test_a_box_that_others_cover_together_is_left_out() -> None:
    # Between these two lies a third maximal box, found first, in which nothing is its own.
    one = space.box({"form": ["written", "written_reasoned"], "statute": ["none", "verified"]})
    two = space.box({"form": ["oral", "written"], "statute": ["claimed", "verified"]})
    assert set(draw_boxes([one, two], bool).boxes(bool)) == {one, two}


def test_a_value_that_nothing_distinguishes_adds_no_step() -> None:
    diagram = draw_boxes([space.box({"form": ["written"], "category": ["aid", "bank"]})])
    steps = {level.attribute: len(level.steps) for level in diagram.levels}
    assert steps == {name: 2 if name in {"form", "category"} else 1 for name in VOCABULARY}


def test_what_is_not_watched_is_not_told_apart() -> None:
    aid, bank = space.box({"category": ["aid"]}), space.box({"category": ["bank"]})
    accepting = [(aid >> position & 1) | (bank >> position & 1) << 1 for position in space.POSITIONS.values()]
    assert set(draw(accepting, lambda holding: holding, watched=1).labels) == {0, 1}
    assert set(draw(accepting, lambda holding: holding).labels) == {0, 1, 2}


def test_an_example_that_must_state_every_fact_there_is_is_found() -> None:
    last = {name: values[-1] for name, values in VOCABULARY.items()}
    found = draw_boxes([mask_of(last)]).find(bool)
    assert found is not None
    assert full(found) == last
    assert found.assumed == ()
