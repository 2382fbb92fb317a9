"""The proof of a pack: what must hold in every situation, every day, or the smallest situation in which it does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from ciment.canon import JsonObject
from ciment.law import space
from ciment.law.diagram import Diagram, draw
from ciment.law.epoch import NO_RULE, Outcome, arrange
from ciment.law.eras import Era, list_eras
from ciment.law.errors import AmbiguousLaw
from ciment.law.facts import Facts
from ciment.law.invariants import Invariant, belongs
from ciment.law.rules import Pack

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Counterexample:
    """A situation in which an obligation does not hold, with as few facts stated as there can be.

    Attributes:
        verdicts: what the rules say of it: one verdict, several when they conflict.
        rules: the identifiers of the rules that decide.
        expected: the verdict that should have been, where only one was allowed.
        dead: the rules that never decide; the facts show where the first of them holds.
        situations: in how many situations of that day the obligation does not hold.
    """

    on: date
    known: date
    facts: Facts
    verdicts: tuple[str, ...]
    rules: tuple[str, ...]
    expected: str | None
    dead: tuple[str, ...]
    situations: int

    def to_json(self) -> JsonObject:
        """Return it as `prove --json` writes it; the facts are those of `qualify`."""
        return {
            "on": self.on.isoformat(),
            "known": self.known.isoformat(),
            "facts": self.facts.to_json(),
            "verdicts": list(self.verdicts),
            "rules": list(self.rules),
            "expected": self.expected,
            "dead": list(self.dead),
            "situations": self.situations,
        }


@dataclass(frozen=True)
class Proof:
    """Each obligation by name, with its smallest counterexample or None where it holds.

    Attributes:
        situations: how many there are on one day.
        eras: the times at which the law differs; each obligation was examined in all of them.
    """

    pack: str
    digest: str
    situations: int
    eras: tuple[Era, ...]
    obligations: Mapping[str, Counterexample | None]

    @property
    def holds(self) -> bool:
        """Whether every obligation holds."""
        return not any(self.obligations.values())

    def to_json(self) -> JsonObject:
        """Return the proof as `prove --json` writes it."""
        return {
            "pack": self.pack,
            "digest": self.digest,
            "situations": self.situations,
            "epochs": len(self.eras),
            "obligations": {
                name: {"holds": broken is None, "counterexample": broken.to_json() if broken else None}
                for name, broken in self.obligations.items()
            },
        }


@dataclass(frozen=True)
class Breach:
    """An obligation that does not hold for a set of rules; the verdict that was expected, where one was."""

    expected: str | None = None


# From the rules that hold, and those that would if the facts were as an invariant supposes, to what is wrong.
Judge = Callable[[int, int], Breach | None]


def prove(pack: Pack, invariants: Sequence[Invariant] = ()) -> Proof:
    """Examine every situation at every time: completeness, no ambiguity, no dead rule, and each invariant."""
    prover = _Prover(pack)
    obligations = {
        "complete": prover.examine(lambda holding, _: None if holding else Breach()),
        "unambiguous": prover.examine(lambda holding, _: Breach() if prover.decide(holding) is None else None),
        "no_dead_rule": prover.find_dead_rules(),
    }
    for invariant in invariants:
        obligations[invariant.id] = prover.examine(prover.judge_of(invariant), invariant.box, invariant.same_as)
    return Proof(pack.name, pack.digest, space.size(space.EVERYTHING), prover.eras, obligations)


class _Prover:
    """All rules of a pack, those of every time, as one law: each time takes its own out of the rules that hold."""

    def __init__(self, pack: Pack) -> None:
        self.law = arrange(pack, pack.rules)
        self.eras = list_eras(pack)
        self._outcomes: dict[int, Outcome | None] = {}
        self._diagrams: dict[tuple[int, tuple[tuple[str, str], ...]], Diagram[int]] = {}

    def decide(self, holding: int) -> Outcome | None:
        """Return what the rules say together, None where they conflict."""
        if holding not in self._outcomes:
            try:
                self._outcomes[holding] = self.law.decide(holding)
            except AmbiguousLaw:
                self._outcomes[holding] = None
        return self._outcomes[holding]

    def examine(
        self, judge: Judge, box: int = space.EVERYTHING, same_as: Mapping[str, str] = NOTHING
    ) -> Counterexample | None:
        """Return the smallest situation of the box, at the latest time, that the judge finds wrong."""
        diagram = self._draw(box, same_as)
        judged = lru_cache(maxsize=None)(judge)
        width = len(self.law.rules)

        def breach(leaf: int, era: Era) -> Breach | None:
            return judged(leaf & era.rules, leaf >> width & era.rules) if leaf else None

        broken = {era: {leaf for leaf in diagram.labels if breach(leaf, era)} for era in self.eras}
        facts = diagram.find(lambda leaf: any(leaf in leaves for leaves in broken.values()))
        if facts is None:
            return None
        leaf = diagram.follow(facts)
        era = next(era for era, leaves in broken.items() if leaf in leaves)
        found = breach(leaf, era)
        count = sum(diagram.counts[each] for each in broken[era])
        return self._tell(era, facts, leaf, count, found.expected if found else None)

    def find_dead_rules(self) -> Counterexample | None:
        """Return the smallest situation in which the first rule that never decides holds, with all such rules."""
        diagram = self._draw(space.EVERYTHING, NOTHING)
        holding = {leaf & era.rules for leaf in diagram.labels for era in self.eras}
        alive = {rule.id for rules in holding for rule in self.law.deciding(rules)}
        dead = tuple(rule.id for rule in self.law.rules if rule.id not in alive)
        if not dead:
            return None
        number, rule = next((number, rule) for number, rule in enumerate(self.law.rules) if rule.id == dead[0])
        era = next((era for era in self.eras if era.rules >> number & 1), self.eras[0])
        facts = diagram.find(lambda leaf: bool(leaf >> number & 1))
        if facts is None:  # a box is never empty
            raise AssertionError(rule.id)
        return self._tell(era, facts, diagram.follow(facts), space.size(rule.box), None, dead)

    def _tell(
        self, era: Era, facts: Facts, leaf: int, count: int, expected: str | None, dead: tuple[str, ...] = ()
    ) -> Counterexample:
        deciding = self.law.deciding(leaf & era.rules)
        verdicts = tuple(dict.fromkeys(rule.verdict for rule in deciding)) or (NO_RULE.verdict,)
        return Counterexample(
            era.on, era.known, facts, verdicts, tuple(rule.id for rule in deciding), expected, dead, count
        )

    def _draw(self, box: int, same_as: Mapping[str, str]) -> Diagram[int]:
        """Return the diagram of the box: outside it, no rule at all; inside, the rules that hold, and one bit more.

        Above them stand the rules that would hold if the facts were `same_as`, above these the bit of the box.
        """
        key = box, tuple(same_as.items())
        if key in self._diagrams:
            return self._diagrams[key]
        width = len(self.law.rules)
        accepting = []
        for (attribute, value), position in space.POSITIONS.items():
            supposed = space.POSITIONS[attribute, same_as.get(attribute, value)]
            as_if = self.law.accepting[supposed] if same_as else 0
            inside = box >> position & 1
            accepting.append(self.law.accepting[position] | as_if << width | inside << 2 * width)
        self._diagrams[key] = draw(accepting, lambda leaf: leaf, watched=1 << 2 * width)
        return self._diagrams[key]

    def judge_of(self, invariant: Invariant) -> Judge:
        """Return what finds the invariant broken. Where rules conflict nothing is: `unambiguous` says so."""

        def judge(holding: int, as_if: int) -> Breach | None:
            outcome = self.decide(holding)
            if outcome is None:
                return None
            if invariant.never and not _is_forbidden(invariant, outcome):
                return None
            if not invariant.same_as and not invariant.precedence:
                return Breach()
            expected = self._expect(invariant, holding, as_if)
            return Breach(expected) if expected and expected != outcome.verdict else None

        return judge

    def _expect(self, invariant: Invariant, holding: int, as_if: int) -> str | None:
        if not invariant.precedence:
            supposed = self.decide(as_if)
            return supposed.verdict if supposed else None
        outcome = self.decide(holding)
        if outcome is None or outcome.verdict not in invariant.precedence:
            return None
        verdicts = {rule.verdict for number, rule in enumerate(self.law.rules) if holding >> number & 1}
        return next(verdict for verdict in invariant.precedence if verdict in verdicts)


def _is_forbidden(invariant: Invariant, outcome: Outcome) -> bool:
    said = {"verdict": outcome.verdict, "decided_by": outcome.decided_by}
    forbidden = all(said[key] in words for key, words in invariant.never.items())
    exempt = bool(outcome.rules) and all(belongs(rule, invariant.exempt) for rule in outcome.rule_ids)
    return forbidden and not exempt
