"""One rule explained: when it is law, what it overrides, a situation that it decides, and the verdicts next to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from ciment.law import space
from ciment.law.epoch import Epoch, epoch_of
from ciment.law.errors import UnknownWord
from ciment.law.near import NearMiss, find_near_misses
from ciment.law.rules import Pack, Rule
from ciment.law.vocabulary import VOCABULARY


@dataclass(frozen=True)
class Example:
    """A situation that a rule decides on one day, the values nearest to the defaults, and the verdicts next to it.

    Attributes:
        on: the day of the law, known on the same day.
        situation: one bit per attribute, as in `ciment.law.space`.
        nearest: for a silence, its near misses; for any other verdict, the single changes that lead to another one.
    """

    on: date
    situation: int
    nearest: tuple[NearMiss, ...]


@dataclass(frozen=True)
class Explanation:
    """What there is to know of one rule.

    Attributes:
        on: the day asked about.
        holds: whether the rule is law on that day, as then known.
        overrides: the rules that do not decide where this one holds.
        overridden_by: the rules where this one does not decide.
        example: None when no situation is ever decided by the rule.
    """

    rule: Rule
    on: date
    holds: bool
    overrides: tuple[Rule, ...]
    overridden_by: tuple[Rule, ...]
    example: Example | None


def explain(pack: Pack, identifier: str, on: date) -> Explanation:
    """Explain one rule of a pack on a day; its example is of another day when the rule is no law on that one.

    Raises:
        UnknownWord: the pack has no such rule; the message names those that come close.
        AmbiguousLaw: the pack contradicts itself next to the example.
    """
    rules = {rule.id: rule for rule in pack.rules}
    if identifier not in rules:
        close = _close_to(identifier, rules)
        raise UnknownWord(f"unknown rule {identifier!r} of pack {pack.name!r}; {close}")
    rule = rules[identifier]
    days = [on, *_days_of(rule)]
    examples = (_find_example(pack, rule, day) for day in days if rule.holds(day, day))
    return Explanation(
        rule=rule,
        on=on,
        holds=rule.holds(on, on),
        overrides=tuple(rules[other] for other in sorted(pack.yielding[identifier])),
        overridden_by=tuple(other for other in pack.rules if identifier in pack.yielding[other.id]),
        example=next((example for example in examples if example is not None), None),
    )


def _close_to(identifier: str, rules: Collection[str]) -> str:
    related = [rule for rule in rules if identifier and identifier in rule]
    close = list(dict.fromkeys(related + get_close_matches(identifier, rules, n=5)))
    return f"close: {', '.join(close[:8])}" if close else f"allowed: {', '.join(rules)}"


def _days_of(rule: Rule) -> list[date]:
    """Return one day inside each interval of the rule, the latest first, before any annulment."""
    days = []
    for interval in reversed(rule.in_force):
        end = min(day for day in (interval.end, rule.annulled_on, date.max) if day is not None)
        days.append(interval.start or date.fromordinal(max(end.toordinal() - 1, 1)))
    return days


def _find_example(pack: Pack, rule: Rule, day: date) -> Example | None:
    epoch = epoch_of(pack, day, day)
    index = next(index for index, other in enumerate(epoch.rules) if other.id == rule.id)
    stronger = [other.box for place, other in enumerate(epoch.rules) if epoch.yielding[place] >> index & 1]
    situation = find_outside(rule.box, stronger)
    if situation is None:
        return None
    if rule.verdict == "silence":
        return Example(day, situation, find_near_misses(epoch, situation))
    return Example(day, situation, find_neighbours(epoch, situation))


def find_outside(mask: int, boxes: Sequence[int]) -> int | None:
    """Return a situation of a box that lies in none of the others, or None when they cover it."""
    if not boxes:
        return sum(mask & field & -(mask & field) for field in space.FIELDS.values())
    # What is outside the first box stays outside it, however small the piece becomes.
    pieces = (find_outside(piece, boxes[1:]) for piece in space.subtract(mask, boxes[0]))
    return next((situation for situation in pieces if situation is not None), None)


def find_neighbours(epoch: Epoch, situation: int) -> tuple[NearMiss, ...]:
    """Return the changes of one attribute alone that lead to another verdict, in the order of the vocabulary."""
    here = _verdict_at(epoch, situation)
    neighbours: dict[tuple[str, str], list[str]] = {}
    for attribute, field in space.FIELDS.items():
        for value in VOCABULARY[attribute]:
            verdict = _verdict_at(epoch, situation & ~field | space.bits(attribute, [value]))
            if verdict != here:
                neighbours.setdefault((attribute, verdict), []).append(value)
    return tuple(NearMiss(verdict, {attribute: tuple(values)}) for (attribute, verdict), values in neighbours.items())


def _verdict_at(epoch: Epoch, situation: int) -> str:
    holding = sum(1 << index for index, rule in enumerate(epoch.rules) if not situation & ~rule.box)
    return epoch.decide(holding).verdict
