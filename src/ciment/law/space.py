"""The space of all situations, as integers.

Every (attribute, value) pair owns one bit. A *situation* has exactly one bit per attribute; a *box* (a product of sets)
has at least one bit per attribute. A situation lies in a box when `situation & box == situation`.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import prod

from ciment.law.vocabulary import VOCABULARY

POSITIONS: Mapping[tuple[str, str], int] = {
    pair: position
    for position, pair in enumerate((attribute, value) for attribute, values in VOCABULARY.items() for value in values)
}
FIELDS: Mapping[str, int] = {
    attribute: sum(1 << POSITIONS[attribute, value] for value in values) for attribute, values in VOCABULARY.items()
}
EVERYTHING = (1 << len(POSITIONS)) - 1


def bits(attribute: str, values: Iterable[str]) -> int:
    """Return the mask of these values of one attribute."""
    return sum(1 << POSITIONS[attribute, value] for value in values)


def box(conditions: Mapping[str, Iterable[str]]) -> int:
    """Return the box in which each named attribute has one of its values, and every other attribute any value."""
    mask = EVERYTHING
    for attribute, values in conditions.items():
        mask &= ~FIELDS[attribute] | bits(attribute, values)
    return mask


def conditions(mask: int, attributes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each of `attributes`, the values the mask allows, in the order of the vocabulary."""
    return {
        attribute: tuple(value for value in VOCABULARY[attribute] if mask >> POSITIONS[attribute, value] & 1)
        for attribute in attributes
    }


def size(mask: int) -> int:
    """Return how many situations a box holds."""
    return prod((mask & field).bit_count() for field in FIELDS.values())


def failing(situation: int, mask: int) -> tuple[str, ...]:
    """Return the attributes that keep the situation out of the box, in the order of the vocabulary."""
    outside = situation & ~mask
    return tuple(attribute for attribute, field in FIELDS.items() if outside & field)


def subtract(mask: int, removed: int) -> Iterator[int]:
    """Yield maximal boxes, overlapping where they may, whose union is `mask` without `removed`."""
    if any(not mask & removed & field for field in FIELDS.values()):
        yield mask
        return
    for field in FIELDS.values():
        if kept := mask & field & ~removed:
            yield mask & ~field | kept


def simplify(masks: Iterable[int]) -> tuple[int, ...]:
    """Return boxes with the same union: none inside another, none that differ in one attribute only."""
    boxes = set(masks)
    while (pair := _joinable(boxes)) is not None:
        boxes -= set(pair)
        boxes.add(pair[0] | pair[1])
    return tuple(sorted(boxes))


def _joinable(boxes: set[int]) -> tuple[int, int] | None:
    ordered = sorted(boxes)
    for index, left in enumerate(ordered):
        for right in ordered[index + 1 :]:
            differing = sum(bool((left ^ right) & field) for field in FIELDS.values())
            if differing == 1 or (left | right) in (left, right):
                return left, right
    return None
