"""The answer to each of many requests as one line of JSON, written without building what is thrown away at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import and_

from ciment.canon import Json
from ciment.law.epoch import epoch_of
from ciment.law.facts import parse_facts
from ciment.law.rules import Pack
from ciment.law.space import POSITIONS
from ciment.law.vocabulary import REQUIRED, VOCABULARY

# Requests name their attributes in few different orders; a bound keeps a stream of every order from filling the memory.
_MOST_SHAPES = 1024


@dataclass(frozen=True)
class _Shape:
    """What follows from which attributes a request names: the rules the others accept, and those others as JSON."""

    holding: int
    named: tuple[tuple[str, Mapping[object, int]], ...]
    assumed: str


class LineWriter:
    """Answers requests under the law of one day, as known on another.

    A line holds what `ciment law qualify --json` answers but for near misses, sources and texts, which follow from the
    rules it names.
    """

    def __init__(self, pack: Pack, on: date, known: date) -> None:
        """Prepare what is the same in all answers."""
        self._epoch = epoch_of(pack, on, known)
        self._accepting: Mapping[str, Mapping[object, int]] = {
            attribute: {value: self._epoch.accepting[POSITIONS[attribute, value]] for value in values}
            for attribute, values in VOCABULARY.items()
        }
        start = {"pack": pack.name, "digest": pack.digest, "on": on.isoformat(), "known": known.isoformat()}
        self._start = _write(start)[:-1]
        self._shape_of = lru_cache(_MOST_SHAPES)(self._read_shape)
        self._written: dict[tuple[int, object], tuple[str, bool]] = {}

    def answer(self, given: Mapping[str, object]) -> str:
        """Return the line, its end left out, for facts as `parse_facts` takes them.

        Raises:
            UnknownFact: as `parse_facts` does.
            AmbiguousLaw: the pack contradicts itself on these facts.
        """
        try:
            shape = self._shape_of(tuple(given))
            holding = shape.holding
            for attribute, accepting in shape.named:
                holding &= accepting[given[attribute]]
            asked = given["category"]
            categories = dict.fromkeys(asked) if isinstance(asked, list | tuple) and asked else {asked: None}
            found = [
                self._written.get((holding, category)) or self._write_verdict(holding, category)
                for category in categories
            ]
        except (KeyError, TypeError):
            # Whatever is not plainly a fact is told by the one reader of facts.
            parse_facts(given)
            raise
        speaks = "true" if any(spoken for _, spoken in found) else "false"
        verdicts = ",".join([text for text, _ in found])
        return f'{self._start},{shape.assumed},"reveals_existence":{speaks},"verdicts":{{{verdicts}}}}}'

    def _read_shape(self, names: tuple[str, ...]) -> _Shape:
        if missing := [name for name in REQUIRED if name not in names]:
            raise KeyError(*missing)
        assumed = [attribute for attribute in VOCABULARY if attribute not in names]
        return _Shape(
            holding=reduce(and_, (self._accepting[name][VOCABULARY[name][0]] for name in assumed), -1),
            named=tuple((name, self._accepting[name]) for name in names if name != "category"),
            assumed=_write({"assumed": assumed})[1:-1],
        )

    def _write_verdict(self, holding: int, category: object) -> tuple[str, bool]:
        if not isinstance(category, str):
            raise TypeError(category)
        outcome = self._epoch.decide(holding & self._accepting["category"][category])
        verdict: Json = {
            "verdict": outcome.verdict,
            "rules": outcome.rule_ids,
            "decided_by": outcome.decided_by,
            "flags": outcome.flags,
            "status": outcome.status,
        }
        written = _write({category: verdict})[1:-1], outcome.verdict != "silence"
        return self._written.setdefault((holding, category), written)


def _write(value: Mapping[str, Json]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
