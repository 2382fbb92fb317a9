"""The rules of a pack in force together, arranged so that one situation takes a few AND operations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import and_

from ciment.law import space
from ciment.law.errors import AmbiguousLaw
from ciment.law.rules import Pack, Rule, Source
from ciment.law.vocabulary import DECIDERS, STATUSES


@dataclass(frozen=True)
class Outcome:
    """What the deciding rules say together: their one verdict, their flags and sources united."""

    rules: tuple[Rule, ...]
    verdict: str
    decided_by: str
    flags: tuple[str, ...]
    status: str
    sources: tuple[Source, ...]

    @cached_property
    def rule_ids(self) -> tuple[str, ...]:
        """The identifiers of the rules."""
        return tuple(rule.id for rule in self.rules)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Language to the plain sentences of the rules, each once."""
        languages = self.rules[0].text if self.rules else ()
        return {lang: " ".join(dict.fromkeys(rule.text[lang] for rule in self.rules)) for lang in languages}


# No rule, no speech: silence is what remains when a pack says nothing, and nothing confirms it.
NO_RULE = Outcome((), "silence", "signatory", (), "to_confirm", ())


@dataclass(frozen=True, eq=False)
class Epoch:
    """The rules of a pack in force at one time.

    Attributes:
        rules: in the order of the pack; rule i owns bit i of every set of rules.
        accepting: for each position of `ciment.law.space`, the set of rules that accept that value.
        yielding: for each rule, the set of rules that do not decide where it holds.
    """

    rules: tuple[Rule, ...]
    accepting: tuple[int, ...]
    yielding: tuple[int, ...]
    _outcomes: dict[int, Outcome] = field(default_factory=dict, repr=False)

    def accept(self, positions: Iterable[int]) -> int:
        """Return the set of rules that accept all these values."""
        return reduce(and_, map(self.accepting.__getitem__, positions))

    def decide(self, holding: int) -> Outcome:
        """Return what the rules that hold say together.

        Raises:
            AmbiguousLaw: rules with different verdicts remain.
        """
        if holding not in self._outcomes:
            self._outcomes[holding] = self._weigh(holding)
        return self._outcomes[holding]

    def deciding(self, holding: int) -> tuple[Rule, ...]:
        """Return those of the rules that hold to which no other of them is preferred."""
        deciding = holding
        for index in _indices(holding):
            deciding &= ~self.yielding[index]
        return tuple(self.rules[index] for index in _indices(deciding))

    def _weigh(self, holding: int) -> Outcome:
        rules = self.deciding(holding)
        if not rules:
            return NO_RULE
        if len({rule.verdict for rule in rules}) > 1:
            raise AmbiguousLaw(f"rules {', '.join(rule.id for rule in rules)} conflict: neither overrides the other")
        return Outcome(
            rules=rules,
            verdict=rules[0].verdict,
            decided_by=min((rule.decided_by for rule in rules), key=DECIDERS.index),
            flags=tuple(sorted({flag for rule in rules for flag in rule.flags})),
            status=max((rule.status for rule in rules), key=STATUSES.index),
            sources=tuple(dict.fromkeys(source for rule in rules for source in rule.sources)),
        )


@lru_cache(maxsize=256)
def epoch_of(pack: Pack, on: date, known: date) -> Epoch:
    """Return the rules of the pack that are law for the day `on`, as known on the day `known`."""
    return arrange(pack, [rule.as_of(on) for rule in pack.rules if rule.holds(on, known)])


def arrange(pack: Pack, rules: Sequence[Rule]) -> Epoch:
    """Return these rules of the pack, in force together or not, as if they were."""
    return Epoch(
        rules=tuple(rules),
        accepting=tuple(
            sum(1 << index for index, rule in enumerate(rules) if rule.box >> position & 1)
            for position in space.POSITIONS.values()
        ),
        yielding=tuple(
            sum(1 << index for index, other in enumerate(rules) if other.id in pack.yielding[rule.id]) for rule in rules
        ),
    )


def _indices(rules: int) -> Iterator[int]:
    while rules:
        lowest = rules & -rules
        yield lowest.bit_length() - 1
        rules ^= lowest
