"""What changes between two states of the law: every situation, counted exactly, in the largest boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from ciment.canon import JsonObject
from ciment.law import space
from ciment.law.diagram import Diagram, draw
from ciment.law.epoch import Epoch
from ciment.law.facts import Facts
from ciment.law.invariants import belongs
from ciment.law.rules import Rule
from ciment.law.vocabulary import VERDICTS, VOCABULARY


@dataclass(frozen=True)
class Change:
    """One verdict that becomes another; whether necessity already lets one speak in that situation."""

    before: str
    after: str
    covered: bool


@dataclass(frozen=True)
class Group:
    """The situations in which the verdict `before` becomes `after`.

    Attributes:
        count: how many; it depends on how the values are cut, and is never a share of real cases.
        covered_by_necessity: in how many of them necessity already lets one speak before the change.
        boxes: masks of `ciment.law.space`, each as large as can be, whose union is the group.
        example: the situation with the fewest facts stated; one that necessity does not cover, if there is one.
    """

    before: str
    after: str
    count: int
    covered_by_necessity: int
    boxes: tuple[int, ...]
    example: Facts

    def to_json(self) -> JsonObject:
        """Return the group as `diff --json` writes it: conditions as in a rule, an example as `qualify` reads it."""
        return {
            "before": self.before,
            "after": self.after,
            "count": self.count,
            "covered_by_necessity": self.covered_by_necessity,
            "boxes": [{key: list(values) for key, values in list_conditions(box).items()} for box in self.boxes],
            "example": self.example.to_json(),
        }


@dataclass(frozen=True)
class Difference:
    """All that changes, in the order of the verdicts."""

    groups: tuple[Group, ...]

    @property
    def changed(self) -> int:
        """How many situations change their verdict."""
        return sum(group.count for group in self.groups)

    @property
    def covered_by_necessity(self) -> int:
        """In how many of these necessity already lets one speak before the change."""
        return sum(group.covered_by_necessity for group in self.groups)

    def to_json(self) -> JsonObject:
        """Return the difference as `diff --json` writes it, but for the names of both states."""
        return {
            "changed": self.changed,
            "covered_by_necessity": self.covered_by_necessity,
            "groups": [group.to_json() for group in self.groups],
        }


def compare(before: Epoch, after: Epoch, necessity: Sequence[str] = ()) -> Difference:
    """Return what changes from one state of the law to another.

    Args:
        before: the rules in force together before the change.
        after: those after it.
        necessity: the families of rules that let one speak already when a life depends on it.

    Raises:
        AmbiguousLaw: one of them contradicts itself somewhere in the boxes of the rules that differ.
    """
    diagram = _draw(before, after, necessity)
    found = {(change.before, change.after) for change in diagram.labels if change}
    ordered = sorted(found, key=lambda pair: (VERDICTS.index(pair[0]), VERDICTS.index(pair[1])))
    return Difference(tuple(_group(diagram, *pair) for pair in ordered))


def list_conditions(box: int) -> dict[str, tuple[str, ...]]:
    """Return, for each attribute that the box restricts, the values it allows."""
    restricted = [attribute for attribute, field in space.FIELDS.items() if field & ~box]
    return space.conditions(box, restricted)


def _draw(before: Epoch, after: Epoch, necessity: Sequence[str]) -> Diagram[Change | None]:
    width = len(before.rules)
    accepting = [old | new << width for old, new in zip(before.accepting, after.accepting, strict=True)]
    family = sum(1 << number for number, rule in enumerate(before.rules) if belongs(rule.id, necessity))

    def label(holding: int) -> Change | None:
        old = before.decide(holding & ~(-1 << width)).verdict
        new = after.decide(holding >> width).verdict
        return None if old == new else Change(old, new, covered=bool(holding & family) and old != "silence")

    # Where no rule that differs holds, nothing can change: the rest of the space is never looked at.
    watched = _differing(before, after) | _differing(after, before) << width
    return draw(accepting, label, watched)


def _differing(law: Epoch, other: Epoch) -> int:
    """Return the rules that the other state does not have, or has with another box, verdict or place."""
    shared = {rule.id for rule in law.rules} & {rule.id for rule in other.rules}
    known = set(_describe(other, shared))
    return sum(1 << number for number, told in enumerate(_describe(law, shared)) if told not in known)


def _describe(law: Epoch, shared: set[str]) -> list[tuple[str, str, int, frozenset[str]]]:
    def yielding(number: int) -> frozenset[str]:
        others: list[Rule] = [rule for index, rule in enumerate(law.rules) if law.yielding[number] >> index & 1]
        return frozenset(rule.id for rule in others if rule.id in shared)

    return [(rule.id, rule.verdict, rule.box, yielding(number)) for number, rule in enumerate(law.rules)]


def _group(diagram: Diagram[Change | None], before: str, after: str) -> Group:
    def among(change: Change | None) -> bool:
        return change is not None and (change.before, change.after) == (before, after)

    def beyond(change: Change | None) -> bool:
        return change == Change(before, after, covered=False)

    example = diagram.find(beyond) or diagram.find(among)
    if example is None:  # the pair was found among the labels
        raise AssertionError(before, after)
    return Group(
        before=before,
        after=after,
        count=sum(count for change, count in diagram.counts.items() if among(change)),
        covered_by_necessity=diagram.counts.get(Change(before, after, covered=True), 0),
        boxes=tuple(sorted(diagram.boxes(among), key=_rank)),
        example=example,
    )


def _rank(box: int) -> tuple[int, list[list[int]]]:
    """Order boxes: the largest first, then by the vocabulary."""
    values = space.conditions(box, VOCABULARY)
    return -space.size(box), [[VOCABULARY[name].index(value) for value in each] for name, each in values.items()]
