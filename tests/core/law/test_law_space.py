"""The algebra of boxes against plain enumeration, on the attributes small enough to enumerate."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ciment.law import VOCABULARY, space

SMALL = ("form", "authenticated", "statute", "consent")
ALL_SITUATIONS = [
    dict(zip(SMALL, values, strict=True)) for values in product(*(VOCABULARY[attribute] for attribute in SMALL))
]
REST = {attribute: (values[0],) for attribute, values in VOCABULARY.items() if attribute not in SMALL}


def situation(values: dict[str, str]) -> int:
    return space.box({**REST, **{key: (value,) for key, value in values.items()}})


def inside(mask: int) -> set[int]:
    return {point for values in ALL_SITUATIONS if (point := situation(values)) & mask == point}


boxes = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(VOCABULARY[name]), min_size=1, unique=True) for name in SMALL}
).map(space.box)


def test_every_value_has_its_own_bit() -> None:
    assert len(set(space.POSITIONS.values())) == sum(len(values) for values in VOCABULARY.values())
    assert sum(space.FIELDS.values()) == space.EVERYTHING == space.box({})


@given(boxes, boxes)
def test_subtraction_leaves_exactly_the_difference(mask: int, removed: int) -> None:
    pieces = list(space.subtract(mask, removed))
    assert set().union(*map(inside, pieces)) == inside(mask) - inside(removed)
    assert all(piece & field for piece in pieces for field in space.FIELDS.values())


@given(boxes)
def test_subtracting_a_box_from_itself_leaves_nothing(mask: int) -> None:
    assert list(space.subtract(mask, mask)) == []


def test_a_box_that_lies_apart_leaves_the_other_whole() -> None:
    written, oral = space.box({"form": ["written"]}), space.box({"form": ["oral"], "consent": ["informed"]})
    assert list(space.subtract(written, oral)) == [written]


@given(st.lists(boxes, min_size=1, max_size=6))
def test_simplifying_keeps_the_union_and_joins_what_can_be(masks: list[int]) -> None:
    simple = space.simplify(masks)
    assert set().union(*map(inside, simple)) == set().union(*map(inside, masks))
    assert len(simple) <= len(masks)
    assert space.simplify(simple) == simple


def test_boxes_that_differ_in_one_attribute_become_one() -> None:
    written, reasoned = space.box({"form": ["written"]}), space.box({"form": ["written_reasoned"]})
    assert space.simplify([written, reasoned]) == (space.box({"form": ["written", "written_reasoned"]}),)


def test_failing_names_the_attributes_outside_in_order() -> None:
    point = situation({"form": "oral", "authenticated": "no", "statute": "none", "consent": "none"})
    assert space.failing(point, space.box({"consent": ["informed"], "form": ["written"]})) == ("form", "consent")
    assert space.failing(point, space.EVERYTHING) == ()


def test_conditions_read_a_box_back() -> None:
    mask = space.box({"form": ["written_reasoned", "written"]})
    assert space.conditions(mask, ["form", "authenticated"]) == {
        "form": ("written", "written_reasoned"),
        "authenticated": ("no", "yes"),
    }


@given(boxes)
def test_the_size_of_a_box_is_how_many_situations_it_holds(mask: int) -> None:
    rest = space.box(REST)
    assert space.size(mask & rest) == len(inside(mask))
    assert space.size(mask) == len(inside(mask)) * space.size(space.EVERYTHING) // len(ALL_SITUATIONS)
