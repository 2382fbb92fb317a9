"""A count broken down so that no small number shows, and none can be recomputed from what shows.

The rule, in full, in docs/formats/report.md. It follows from the counts and from the names alone, so two people who
hold the same register publish the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ciment.canon import JsonObject

LEAST = 5
"""The smallest count that is shown. Below, a number is one or a few people whom somebody may recognise."""


@dataclass(frozen=True)
class Breakdown:
    """A total and its parts: those that show, and the sum of the others.

    `total` and `rest` are None when the total itself is too small to show; nothing else shows then. A `rest` of 0 says
    that there is nothing else. A rest above 0 always gathers at least two values and at least LEAST.
    """

    total: int | None
    shown: Mapping[str, int]
    rest: int | None

    def to_json(self) -> JsonObject:
        """Return {"of", "rest", "shown"}, null where a number is too small to show."""
        return {"of": self.total, "rest": self.rest, "shown": dict(self.shown)}


def break_down(counts: Mapping[str, int]) -> Breakdown:
    """Return the parts of a total that may show.

    Counts below LEAST are hidden. More are hidden with them, in the order of their names, until the hidden ones sum
    to LEAST or more, and are not all as large as a hidden count can be: else subtraction, or the rule itself, would
    give them back. By name and not by size, because the choice would otherwise tell the sizes.
    """
    present = {name: count for name, count in counts.items() if count}
    total = sum(present.values())
    if 0 < total < LEAST:
        return Breakdown(None, {}, None)
    hidden = {name: count for name, count in present.items() if count < LEAST}
    for name in sorted(present):
        if not hidden or (sum(hidden.values()) >= LEAST and set(hidden.values()) != {LEAST - 1}):
            break
        hidden[name] = present[name]
    return Breakdown(
        total, {name: present[name] for name in sorted(present) if name not in hidden}, sum(hidden.values())
    )
