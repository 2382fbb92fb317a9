"""Which rules a page shows: those of a day, then those that may concern one requester or one ground."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ciment.law import VERDICTS, VOCABULARY, Pack, Rule

# What obliges comes first, silence last: it is what remains.
_ORDER = ("must", "do_not_obstruct", "may_testify", "own_right", "may", "silence")


@dataclass(frozen=True)
class Choice:
    """Rules of a day.

    Attributes:
        naming: those that name what was asked for, or all when nothing was.
        others: those that hold whatever it is.
        absent: those of the pack that are no law on that day, as then known.
    """

    naming: tuple[Rule, ...]
    others: tuple[Rule, ...]
    absent: tuple[Rule, ...]


def choose_rules(pack: Pack, on: date, wanted: Mapping[str, str]) -> Choice:
    """Return the rules of the day `on`, as then known, that accept every `wanted` value of an attribute."""
    held = [rule.as_of(on) for rule in pack.rules if rule.holds(on, on)]
    accepting = [rule for rule in held if all(value in accepted(rule, name) for name, value in wanted.items())]
    naming = [rule for rule in accepting if not wanted or any(_names(rule, name) for name in wanted)]
    return Choice(
        naming=_sorted(naming),
        others=_sorted(rule for rule in accepting if rule not in naming),
        absent=tuple(rule for rule in pack.rules if not rule.holds(on, on)),
    )


def accepted(rule: Rule, attribute: str) -> tuple[str, ...]:
    """Return the values of an attribute that a rule accepts."""
    return rule.when.get(attribute, VOCABULARY[attribute])


def turning_days(pack: Pack) -> tuple[date, ...]:
    """Return the days from which the law of the pack, as known on the same day, may differ, in order."""
    bounds = [bound for rule in pack.rules for each in rule.in_force for bound in (each.start, each.end)]
    cited = [bound for rule in pack.rules for each in rule.sources for bound in (each.cited.start, each.cited.end)]
    annulled = [rule.annulled_on for rule in pack.rules]
    return tuple(sorted({day for day in (*bounds, *cited, *annulled) if day is not None}))


def first_day_like(pack: Pack, day: date) -> date:
    """Return the first day on which the law, as then known, was what it is on this day."""
    days = turning_days(pack)
    return max((each for each in days if each <= day), default=eve(days[0]) if days else day)


def eve(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)


def _names(rule: Rule, attribute: str) -> bool:
    # A rule for all but one names nobody.
    return len(accepted(rule, attribute)) * 2 <= len(VOCABULARY[attribute])


def _sorted(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    order = {verdict: place for place, verdict in enumerate(_ORDER)}
    return tuple(sorted(rules, key=lambda rule: (order.get(rule.verdict, len(VERDICTS)), rule.id)))
