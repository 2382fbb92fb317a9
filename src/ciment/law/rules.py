"""Rules and packs as values, and the digest that identifies a pack."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ciment.canon import JsonObject, encode
from ciment.law import space
from ciment.law.vocabulary import STATUSES


@dataclass(frozen=True)
class Interval:
    """Days from `start` included to `end` excluded; None where the pack knows no bound."""

    start: date | None
    end: date | None

    def holds(self, day: date) -> bool:
        """Say whether the day lies inside."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def to_json(self) -> JsonObject:
        """Return the bounds under the names the pack files use, null where there is none."""
        return {"from": _day(self.start), "to": _day(self.end)}


ALWAYS = Interval(None, None)


@dataclass(frozen=True)
class Source:
    """One source of a rule: its reference, where it was read (empty when nowhere yet), the day, and how far.

    `cited` holds the days of the law for which this is the reference: a recast code renumbers a rule that stays.
    """

    ref: str
    url: str
    checked: date
    status: str
    cited: Interval = ALWAYS

    def to_json(self) -> JsonObject:
        """Return the source under the names the pack files use, bounds that it does not have left out."""
        bounds: JsonObject = {key: day for key, day in self.cited.to_json().items() if day is not None}
        checked = self.checked.isoformat()
        return {"ref": self.ref, "url": self.url, "checked": checked, "status": self.status, **bounds}


@dataclass(frozen=True)
class Rule:
    """One rule of a pack: in every situation of its box, on every day it is in force, this verdict.

    Attributes:
        when: attribute to the values it accepts, both in the order of the vocabulary; others accept any value.
        in_force: intervals in order, none overlapping.
        annulled_on: from that day on, one knows that the rule never existed.
        overrides: identifiers of the rules that yield to this one.
        text: language to one or two plain sentences.
    """

    id: str
    verdict: str
    decided_by: str
    when: Mapping[str, tuple[str, ...]]
    in_force: tuple[Interval, ...]
    annulled_on: date | None
    overrides: tuple[str, ...]
    flags: tuple[str, ...]
    sources: tuple[Source, ...]
    text: Mapping[str, str]

    @cached_property
    def box(self) -> int:
        """The situations of the rule, as a mask of `ciment.law.space`."""
        return space.box(self.when)

    @property
    def status(self) -> str:
        """The worst status among the sources."""
        return max((source.status for source in self.sources), key=STATUSES.index)

    def holds(self, on: date, known: date) -> bool:
        """Say whether the rule is law for the day `on`, as the law is known on the day `known`."""
        # An annulment is retroactive: it depends on what is known, never on the day judged.
        if self.annulled_on is not None and known >= self.annulled_on:
            return False
        return any(interval.holds(on) for interval in self.in_force)

    def as_of(self, on: date) -> "Rule":
        """Return the rule with the sources that are its reference on that day of the law, and no other."""
        cited = tuple(source for source in self.sources if source.cited.holds(on))
        return self if cited == self.sources else replace(self, sources=cited)

    def to_json(self) -> JsonObject:
        """Return the rule in the one form its pack's digest is computed over."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "decided_by": self.decided_by,
            "when": self.when,
            "in_force": [interval.to_json() for interval in self.in_force],
            "annulled_on": _day(self.annulled_on),
            "overrides": self.overrides,
            "flags": self.flags,
            "sources": [source.to_json() for source in self.sources],
            "text": self.text,
        }


@dataclass(frozen=True, eq=False)
class Pack:
    """The rules of one jurisdiction, sorted by identifier, each with a text in every language of the pack.

    Attributes:
        drafts: the languages among them that no jurist has read yet; whoever shows them says so.
    """

    name: str
    languages: tuple[str, ...]
    rules: tuple[Rule, ...]
    drafts: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 over the canonical JSON (RFC 8785) of rules and drafts: the writing does not matter."""
        content: JsonObject = {"rules": [rule.to_json() for rule in self.rules], "drafts": self.drafts}
        return hashlib.sha256(encode(content)).hexdigest()

    @cached_property
    def yielding(self) -> Mapping[str, frozenset[str]]:
        """For each rule, the rules that do not decide where it holds.

        Those it overrides by name, and those of another verdict it overrides through others. Two rules of the same
        verdict that are only linked through a third one decide together.
        """
        verdicts = {rule.id: rule.verdict for rule in self.rules}
        direct = {rule.id: frozenset(rule.overrides) for rule in self.rules}
        return {
            rule.id: direct[rule.id]
            | {other for other in _reachable(rule.id, direct) if verdicts[other] != rule.verdict}
            for rule in self.rules
        }


def _reachable(start: str, direct: Mapping[str, frozenset[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = set(direct[start])
    while waiting:
        rule = waiting.pop()
        reached.add(rule)
        waiting |= direct[rule] - reached
    return reached


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
