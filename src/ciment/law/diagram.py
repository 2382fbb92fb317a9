"""Exact questions over the whole space of situations: how many, an example, the largest boxes.

A walk through the attributes in a fixed order. All it remembers of the values chosen so far is the set of rules that
still accept them, so that paths which leave the same rules alive are one node. Values that no rule distinguishes are
one step, weighed by their number. Nothing is enumerated and nothing is sampled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from ciment.law import space
from ciment.law.facts import Facts, parse_facts
from ciment.law.vocabulary import REQUIRED, VOCABULARY

Label = TypeVar("Label")
_Node = Sequence[int]  # for each step of its level, the number of a node of the next level


@dataclass(frozen=True)
class Level:
    """One attribute: its values, grouped into steps between which the rules distinguish, as masks."""

    attribute: str
    steps: tuple[int, ...]

    def price(self, step: int) -> int:
        """Return 1 for a step that says something, 0 for one that includes what is assumed of silence."""
        assumed = 1 << space.POSITIONS[self.attribute, VOCABULARY[self.attribute][0]]
        return 0 if self.attribute in REQUIRED or step & assumed else 1


@dataclass(frozen=True, eq=False)
class Diagram(Generic[Label]):
    """Every situation, led to a label: from node 0 of the first level, one step per attribute.

    Attributes:
        nodes: for each level, its nodes; those of the last level lead to a number in `labels`.
        labels: each once.
    """

    levels: tuple[Level, ...]
    nodes: tuple[tuple[_Node, ...], ...]
    labels: tuple[Label, ...]

    @cached_property
    def counts(self) -> dict[Label, int]:
        """How many situations lead to each label, exactly."""
        arriving = [1]
        for number, (level, nodes) in enumerate(zip(self.levels, self.nodes, strict=True), 1):
            following = [0] * (len(self.nodes[number]) if number < len(self.nodes) else len(self.labels))
            for node, count in zip(nodes, arriving, strict=True):
                for step, child in zip(level.steps, node, strict=True):
                    following[child] += count * step.bit_count()
            arriving = following
        return dict(zip(self.labels, arriving, strict=True))

    def find(self, wanted: Callable[[Label], bool]) -> Facts | None:
        """Return the situation with a wanted label that states the fewest facts; None when there is none.

        All other facts keep the value that is assumed when nobody gives one. Ties follow the vocabulary.
        """
        # More than there are facts to state: who asks and what is asked are always told, and cost nothing.
        endless = len(self.levels)
        ahead = [0 if wanted(label) else endless for label in self.labels]
        if min(ahead):
            return None
        prices = [ahead]
        for level, nodes in zip(reversed(self.levels), reversed(self.nodes), strict=True):
            priced = [level.price(step) for step in level.steps]
            ahead = [min([price + ahead[child] for price, child in zip(priced, node, strict=True)]) for node in nodes]
            prices.insert(0, ahead)
        return self._descend(prices)

    def _descend(self, prices: Sequence[Sequence[int]]) -> Facts:
        stated: dict[str, str] = {}
        here = 0
        for level, nodes, ahead in zip(self.levels, self.nodes, prices[1:], strict=True):
            costs = [level.price(step) + ahead[child] for step, child in zip(level.steps, nodes[here], strict=True)]
            chosen = costs.index(min(costs))
            value = space.conditions(level.steps[chosen], [level.attribute])[level.attribute][0]
            if level.attribute in REQUIRED or value != VOCABULARY[level.attribute][0]:
                stated[level.attribute] = value
            here = nodes[here][chosen]
        return parse_facts(stated)

    def follow(self, facts: Facts) -> Label:
        """Return the label of one situation: the facts, and the first category they name."""
        situation = facts.situation | 1 << space.POSITIONS["category", facts.categories[0]]
        here = 0
        for level, nodes in zip(self.levels, self.nodes, strict=True):
            here = nodes[here][next(index for index, step in enumerate(level.steps) if step & situation)]
        return self.labels[here]

    def fills(self, box: int, wanted: Callable[[Label], bool]) -> bool:
        """Say whether every situation of the box has a wanted label. The box must not cut a step in two."""
        here = {0}
        for level, nodes in zip(self.levels, self.nodes, strict=True):
            inside = [index for index, step in enumerate(level.steps) if step & box]
            here = {nodes[node][index] for node in here for index in inside}
        return all(wanted(self.labels[node]) for node in here)

    def boxes(self, wanted: Callable[[Label], bool]) -> tuple[int, ...]:
        """Return boxes whose union is all that has a wanted label: each maximal, none to spare."""
        largest: list[int] = []
        for path in self._paths(wanted):
            if not any(path & box == path for box in largest):
                largest.append(self._enlarge(path, wanted))
        return _without_redundant(largest)

    def _enlarge(self, box: int, wanted: Callable[[Label], bool]) -> int:
        for level in self.levels:
            for step in level.steps:
                if not step & box and self.fills(box | step, wanted):
                    box |= step
        return box

    def _paths(self, wanted: Callable[[Label], bool]) -> Iterator[int]:
        """Yield disjoint boxes, one per path to a wanted label; steps to one same node are taken together."""
        leading = [[wanted(label) for label in self.labels]]
        for nodes in reversed(self.nodes):
            leading.insert(0, [any(leading[0][child] for child in node) for node in nodes])

        def walk(depth: int, node: int, box: int) -> Iterator[int]:
            if depth == len(self.levels):
                yield box
                return
            steps: dict[int, int] = {}
            for step, child in zip(self.levels[depth].steps, self.nodes[depth][node], strict=True):
                if leading[depth + 1][child]:
                    steps[child] = steps.get(child, 0) | step
            for child, step in steps.items():
                yield from walk(depth + 1, child, box | step)

        if leading[0][0]:
            yield from walk(0, 0, 0)


def draw(accepting: Sequence[int], label: Callable[[int], Label], watched: int = -1) -> Diagram[Label]:
    """Return the diagram of all situations.

    Args:
        accepting: for each position of `ciment.law.space`, the set of rules (or of anything else that is a box) that
            accept that value.
        label: what a set of rules that hold together leads to.
        watched: rules without which nothing is of interest: where none of them holds, the set is taken as empty.
    """
    levels = tuple(_group(attribute, accepting) for attribute in VOCABULARY)
    alive: Iterable[int] = [-1]
    grown: list[list[_Node]] = []
    for level in levels:
        accepted = [accepting[step.bit_length() - 1] for step in level.steps]
        numbers: dict[int, int] = {}
        nodes: list[_Node] = []
        for rules in alive:
            left = [rules & accepts for accepts in accepted]
            nodes.append([numbers.setdefault(each if each & watched else 0, len(numbers)) for each in left])
        grown.append(nodes)
        alive = numbers
    labels = [label(rules) for rules in alive]
    if len(set(labels)) == len(labels):
        # What tells every set of rules from every other leaves little to merge.
        return Diagram(levels, tuple(map(tuple, grown)), tuple(labels))
    return _reduce(levels, grown, labels)


def _group(attribute: str, accepting: Sequence[int]) -> Level:
    steps: dict[int, int] = {}
    for value in VOCABULARY[attribute]:
        position = space.POSITIONS[attribute, value]
        steps[accepting[position]] = steps.get(accepting[position], 0) | 1 << position
    return Level(attribute, tuple(steps.values()))


def _reduce(levels: tuple[Level, ...], grown: Sequence[Sequence[_Node]], labels: Sequence[Label]) -> Diagram[Label]:
    """Return the diagram in which nodes that lead to the same labels by the same steps are one."""
    numbers: dict[Label, int] = {}
    renamed = [numbers.setdefault(label, len(numbers)) for label in labels]
    kept: list[tuple[_Node, ...]] = []
    for nodes in reversed(grown):
        merged: dict[tuple[int, ...], int] = {}
        renamed = [merged.setdefault(tuple(renamed[child] for child in node), len(merged)) for node in nodes]
        kept.insert(0, tuple(merged))
    return Diagram(levels, tuple(kept), tuple(numbers))


def _without_redundant(boxes: Sequence[int]) -> tuple[int, ...]:
    accepting = [
        sum(1 << index for index, box in enumerate(boxes) if box >> position & 1)
        for position in space.POSITIONS.values()
    ]
    together = draw(accepting, lambda covering: covering).labels
    kept = (1 << len(boxes)) - 1
    # The smallest is tried first: what is left says most with fewest boxes.
    for index in sorted(range(len(boxes)), key=lambda index: space.size(boxes[index])):
        if not any(covering & kept == 1 << index for covering in together):
            kept ^= 1 << index
    return tuple(box for index, box in enumerate(boxes) if kept >> index & 1)
