"""What changes between two states of the law, gathered as people speak of it: one shift for rules that meet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ciment.law import VOCABULARY, Difference, Facts, Group, Rule, list_conditions, parse_facts, space
from ciment.law.epoch import Epoch

_MOST_EXAMPLES = 4


@dataclass(frozen=True)
class Shift:
    """Situations in which one verdict becomes another.

    Attributes:
        common: what holds in every one of them: attribute to the values found, in the order of the vocabulary.
        boxes: the same situations exactly, each box by the conditions it adds to the common ones.
        examples: situations of it with as few facts as can be.
    """

    before: str
    after: str
    common: Mapping[str, tuple[str, ...]]
    boxes: tuple[Mapping[str, tuple[str, ...]], ...]
    examples: tuple[Facts, ...]


def gather_shifts(before: Epoch, after: Epoch, difference: Difference) -> tuple[Shift, ...]:
    """Return the shifts of a difference between these two states, in its order."""
    changed = _changed_rules(before, after)
    return tuple(_shift(group, boxes, changed) for group in difference.groups for boxes in _meeting(group, changed))


def _changed_rules(before: Epoch, after: Epoch) -> list[tuple[Rule, Rule | None]]:
    """Return each rule of one state that the other lacks or has otherwise, with that other one."""
    old, new = ({rule.id: rule for rule in state.rules} for state in (before, after))
    pairs = [(rule, other.get(rule.id)) for here, other in ((new, old), (old, new)) for rule in here.values()]
    return [
        (rule, twin) for rule, twin in pairs if twin is None or (twin.box, twin.verdict) != (rule.box, rule.verdict)
    ]


def _meeting(group: Group, changed: Iterable[tuple[Rule, Rule | None]]) -> Iterator[list[int]]:
    """Yield the boxes of a group in parts that no changed rule links; largest boxes first."""
    rules = [rule.box for rule, _ in changed if rule.verdict in (group.before, group.after)]
    parts: list[tuple[set[int], list[int]]] = []
    for box in group.boxes:
        met = {number for number, rule in enumerate(rules) if all(rule & box & each for each in space.FIELDS.values())}
        linked = [part for part in parts if part[0] & met]
        parts = [part for part in parts if part not in linked]
        parts.append((met.union(*(part[0] for part in linked)), [*(each for part in linked for each in part[1]), box]))
    for _, boxes in parts:
        yield boxes


def _shift(group: Group, boxes: Sequence[int], changed: Iterable[tuple[Rule, Rule | None]]) -> Shift:
    hull = 0
    for box in boxes:
        hull |= box
    return Shift(
        before=group.before,
        after=group.after,
        common=list_conditions(hull),
        boxes=tuple(_beyond(box, hull) for box in boxes),
        examples=tuple(_find_examples(boxes, changed)),
    )


def _beyond(box: int, hull: int) -> dict[str, tuple[str, ...]]:
    narrower = [name for name, field in space.FIELDS.items() if (box ^ hull) & field]
    return space.conditions(box, narrower)


def _find_examples(boxes: Sequence[int], changed: Iterable[tuple[Rule, Rule | None]]) -> Iterator[Facts]:
    """Yield an example of each value that a rule newly accepts, the most general first, or one of the whole."""
    gained = [
        space.bits(name, [value])
        for rule, twin in changed
        if twin is not None
        for name, values in rule.when.items()
        for value in values
        if value not in twin.when.get(name, VOCABULARY[name])
    ]
    found = [find_simplest(boxes, space.EVERYTHING & ~_field_of(bit) | bit) for bit in dict.fromkeys(reversed(gained))]
    examples = found if any(found) else [find_simplest(boxes, space.EVERYTHING)]
    seen = {str(each.to_json()): each for each in examples if each is not None}
    yield from list(seen.values())[:_MOST_EXAMPLES]


def _field_of(bit: int) -> int:
    return next(field for field in space.FIELDS.values() if field & bit)


def find_simplest(boxes: Iterable[int], wanted: int) -> Facts | None:
    """Return the situation with the fewest facts stated, within the wanted box and one of these."""
    cut = [box & wanted for box in boxes]
    whole = [box for box in cut if all(box & field for field in space.FIELDS.values())]
    told = [facts_at(box) for box in whole]
    return min(told, key=lambda facts: len(facts.to_json()), default=None)


def facts_at(box: int) -> Facts:
    """Return the situation of a box with the first value of each attribute."""
    # The first value an attribute may have is its default wherever the box allows it: those are not facts.
    chosen = {name: values[0] for name, values in space.conditions(box, VOCABULARY).items()}
    given = {name: value for name, value in chosen.items() if value != VOCABULARY[name][0]}
    return parse_facts({**given, "requester": chosen["requester"], "category": chosen["category"]})
