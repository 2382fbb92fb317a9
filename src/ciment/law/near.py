"""Near misses: what would have had to be different for the law to say something else than silence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ciment.canon import JsonObject
from ciment.law import space
from ciment.law.epoch import Epoch
from ciment.law.vocabulary import VERDICTS, VOCABULARY

_FIXED = space.FIELDS["requester"] | space.FIELDS["category"]
"""Who asks and what is asked: another requester or another category would be another request."""


@dataclass(frozen=True)
class NearMiss:
    """A verdict, and the changes that lead to it: any one of the values given, for every attribute named."""

    verdict: str
    changes: Mapping[str, tuple[str, ...]]

    def to_json(self) -> JsonObject:
        """Return the near miss as `qualify --json` writes it."""
        return {"verdict": self.verdict, "changes": {key: list(values) for key, values in self.changes.items()}}


def find_near_misses(epoch: Epoch, situation: int) -> tuple[NearMiss, ...]:
    """Return every inclusion-minimal set of attributes whose change leads from silence to another verdict.

    Exact, and computed from the boxes: a set is minimal when no change of fewer of its attributes suffices. For each
    set, the values are given as boxes whose union is all that leads there; requester, category and dates stay.
    """
    regions: dict[tuple[str, ...], dict[str, list[int]]] = {}
    for index, rule in enumerate(epoch.rules):
        if rule.verdict != "silence" and not situation & _FIXED & ~rule.box:
            for region in _regions_decided(epoch, index, situation):
                changed = space.failing(situation, region)
                regions.setdefault(changed, {}).setdefault(rule.verdict, []).append(region)
    minimal = [changed for changed in regions if not any(set(other) < set(changed) for other in regions)]
    misses = [
        NearMiss(verdict, changes)
        for changed in minimal
        for verdict, boxes in regions[changed].items()
        for changes in _changes(changed, boxes)
    ]
    return tuple(sorted(misses, key=_rank))


def _regions_decided(epoch: Epoch, index: int, situation: int) -> list[int]:
    """Return boxes whose union is where rule `index` decides, seen from the fixed facts of the situation."""
    regions = [epoch.rules[index].box]
    for other, rule in enumerate(epoch.rules):
        if epoch.yielding[other] >> index & 1:
            pieces = {piece for region in regions for piece in space.subtract(region, rule.box)}
            regions = [piece for piece in pieces if not situation & _FIXED & ~piece]
    return regions


def _changes(changed: tuple[str, ...], boxes: list[int]) -> Iterator[dict[str, tuple[str, ...]]]:
    # Attributes that do not change are opened, so that boxes that differ only there become one.
    fields = sum(space.FIELDS[attribute] for attribute in changed)
    for merged in space.simplify(mask | (space.EVERYTHING & ~fields) for mask in boxes):
        yield space.conditions(merged, changed)


def _rank(miss: NearMiss) -> tuple[int, list[int], int, list[list[int]]]:
    attributes = list(VOCABULARY)
    return (
        len(miss.changes),
        [attributes.index(attribute) for attribute in miss.changes],
        VERDICTS.index(miss.verdict),
        [[VOCABULARY[key].index(value) for value in values] for key, values in miss.changes.items()],
    )
