"""The times of a pack: every set of its rules that was, is or will be law together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ciment.law.rules import Pack


@dataclass(frozen=True)
class Era:
    """Rules in force together (bit i is rule i of the pack), and one day of the law and of knowledge when they are."""

    on: date
    known: date
    rules: int


def list_eras(pack: Pack) -> tuple[Era, ...]:
    """Return each set of rules that some day of the law, as known on some day, has in force; the latest day first."""
    bounds = {day for rule in pack.rules for interval in rule.in_force for day in (interval.start, interval.end) if day}
    annulments = {rule.annulled_on for rule in pack.rules if rule.annulled_on}
    # What was checked last says when the pack was written: the day to show where the law has no bound at all.
    written = max(source.checked for rule in pack.rules for source in rule.sources)
    found: dict[int, Era] = {}
    for on in sorted(_with_eves(bounds | annulments) or {written}, reverse=True):
        # What is known on the day itself comes first: it is the law as it was then read.
        for known in (on, *sorted(_with_eves(annulments), reverse=True)):
            rules = sum(1 << index for index, rule in enumerate(pack.rules) if rule.holds(on, known))
            found.setdefault(rules, Era(on, known, rules))
    return tuple(found.values())


def _with_eves(days: Iterable[date]) -> set[date]:
    return {day for turn in days for day in (turn, turn - timedelta(1) if turn > date.min else turn)}
