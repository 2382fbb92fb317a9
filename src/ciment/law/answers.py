"""The answer to each of many requests as one line of JSON, written without building what is thrown away at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from ciment.canon import Json
from ciment.law.epoch import Epoch, epoch_of
from ciment.law.facts import parse_facts
from ciment.law.rules import Pack
from ciment.law.space import POSITIONS
from ciment.law.vocabulary import VOCABULARY

# Requests name their attributes in few different orders; a bound keeps a stream of every order from filling the memory.
_MOST_SHAPES = 1024


class LineWriter:
    """Answers requests under the law of one day, as known on another.

    A line holds what `ciment law qualify --json` answers but for near misses, sources and texts, which follow from the
    rules it names.
    """

    def __init__(self, pack: Pack, on: date, known: date) -> None:
        """Prepare what is the same in all answers."""
        self._epoch = epoch_of(pack, on, known)
        self._start = {"pack": pack.name, "digest": pack.digest, "on": on.isoformat(), "known": known.isoformat()}
        self._accepting: Mapping[str, Mapping[object, int]] = {
            attribute: {value: self._epoch.accepting[POSITIONS[attribute, value]] for value in values}
            for attribute, values in VOCABULARY.items()
        }
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._latest = self._read_shape(["requester"])
        # One for each set of rules that can hold together: some thousands, whatever is asked.
        self._spoken: dict[int, _Spoken] = {}

    def answer(self, given: Mapping[str, object]) -> bytes:
        """Return the line, its end left out, for facts as `parse_facts` takes them.

        Raises:
            UnknownFact: as `parse_facts` does.
            AmbiguousLaw: the pack contradicts itself on these facts.
        """
        facts = dict(given)
        try:
            asked = facts.pop("category")
            names = tuple(facts)
            if names != self._latest.names:
                self._latest = self._shapes.get(names) or self._read_shape(names)
            shape = self._latest
            holding = shape.holding
            for accepting, value in zip(shape.accepting, facts.values(), strict=True):
                holding &= accepting[value]
            if (spoken := self._spoken.get(holding)) is None:
                spoken = self._spoken[holding] = _Spoken(self._epoch, holding)
            categories = dict.fromkeys(asked) if isinstance(asked, list) and asked else {asked: None}
            verdicts = b",".join([spoken[category] for category in categories])
        except (KeyError, TypeError):
            # Whatever is not plainly a fact is told by the one reader of facts.
            parse_facts(given)
            raise
        return (shape.silent if spoken.aloud.isdisjoint(categories) else shape.aloud) + verdicts + b"}}"

    def _read_shape(self, names: Iterable[str]) -> "_Shape":
        named = tuple(names)
        assumed = [attribute for attribute in VOCABULARY if attribute not in (*named, "category")]
        if "requester" in assumed:
            raise KeyError
        silent, aloud = (
            _write({**self._start, "assumed": assumed, "reveals_existence": speaks, "verdicts": {}})[:-2]
            for speaks in (False, True)
        )
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        self._shapes[named] = _Shape(
            names=named,
            holding=reduce(and_, (self._accepting[name][VOCABULARY[name][0]] for name in assumed), -1),
            accepting=tuple(self._accepting[name] for name in named),
            silent=silent,
            aloud=aloud,
        )
        return self._shapes[named]


@dataclass(frozen=True, eq=False)
class _Shape:
    """What follows from which attributes a request names, in which order, `category` excepted.

    Attributes:
        holding: the rules that accept what is assumed of the others.
        accepting: for each attribute named, value to the rules that accept it.
        silent, aloud: the line up to its verdicts, when all of them are silence and when one is not.
    """

    names: tuple[str, ...]
    holding: int
    accepting: tuple[Mapping[object, int], ...]
    silent: bytes
    aloud: bytes


class _Spoken(dict[object, bytes]):
    """What one set of rules says of each category, as JSON, written when first asked for.

    Attributes:
        aloud: the categories among them on which it says more than silence.
    """

    def __init__(self, epoch: Epoch, holding: int) -> None:
        self.aloud: set[object] = set()
        self._epoch, self._holding = epoch, holding

    def __missing__(self, category: str) -> bytes:
        outcome = self._epoch.decide(self._holding & self._epoch.accepting[POSITIONS["category", category]])
        verdict: Json = {
            "verdict": outcome.verdict,
            "rules": outcome.rule_ids,
            "decided_by": outcome.decided_by,
            "flags": outcome.flags,
            "status": outcome.status,
        }
        if outcome.verdict != "silence":
            self.aloud.add(category)
        self[category] = _write({category: verdict})[1:-1]
        return self[category]


def _write(value: Mapping[str, Json]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
