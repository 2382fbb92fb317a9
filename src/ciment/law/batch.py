"""Qualification of many situations at once: an epoch turned into a few tables that NumPy walks.

A situation is read as the attributes of the vocabulary in order, cut into a few groups. The combined value of one group
is one number; a table leads from (rules still holding, that number) to the rules that hold after it; the last table
leads to the answer. So one situation costs as many lookups as there are groups, however many rules there are. The
tables hold every set of rules that can be reached: nothing is sampled, and nothing depends on the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from itertools import product
from operator import and_

import numpy as np
from numpy.typing import NDArray

from ciment.law import space
from ciment.law.epoch import Epoch, Outcome, epoch_of
from ciment.law.errors import AmbiguousLaw, UnknownFact
from ciment.law.facts import Facts
from ciment.law.rules import Pack
from ciment.law.vocabulary import VOCABULARY

Codes = NDArray[np.uint8]
"""Situations as numbers: a row per attribute of the vocabulary, in its order; a column per situation. Each number is
the place of the value in the list of its attribute, counted from 0."""

# The first bound keeps a table within the caches of a processor, the second what is worked on between two tables.
_LARGEST_GROUP = 1024
_BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class Tables:
    """One epoch, ready for batches.

    Attributes:
        answers: what the law can answer; an error where the pack contradicts itself.
    """

    answers: tuple[Outcome | AmbiguousLaw, ...]
    _groups: tuple[tuple[str, ...], ...]
    _steps: tuple[NDArray[np.intp], ...]

    def qualify(self, codes: Codes) -> NDArray[np.intp]:
        """Return, for each situation, the place of its answer in `answers`.

        Raises:
            UnknownFact: a number is the place of no value.
            AmbiguousLaw: the pack contradicts itself on one of these situations.
            ValueError: an array of another shape or type.
        """
        _require_codes(codes)
        answers = np.empty(codes.shape[1], np.intp)
        for start in range(0, codes.shape[1], _BLOCK):
            answers[start : start + _BLOCK] = self._walk(codes[:, start : start + _BLOCK])
        for place, answer in enumerate(self.answers):
            if isinstance(answer, AmbiguousLaw) and (answers == place).any():
                raise answer
        return answers

    def _walk(self, codes: Codes) -> NDArray[np.intp]:
        state, row = np.zeros(codes.shape[1], np.intp), 0
        for group, step in zip(self._groups, self._steps, strict=True):
            combined = codes[row].astype(np.uint16)
            for offset, attribute in enumerate(group[1:], 1):
                combined *= np.uint16(len(VOCABULARY[attribute]))
                combined += codes[row + offset]
            state *= step.shape[1]
            state += combined
            state = step.ravel().take(state)
            row += len(group)
        return state


@lru_cache(maxsize=16)
def tables_of(pack: Pack, on: date, known: date) -> Tables:
    """Return the tables of the law of the day `on`, as known on the day `known`."""
    return build_tables(epoch_of(pack, on, known))


def build_tables(epoch: Epoch) -> Tables:
    """Return the tables of an epoch."""
    groups = _group(VOCABULARY)
    holding: Sequence[int] = [(1 << len(epoch.rules)) - 1]
    steps: list[NDArray[np.intp]] = []
    for group in groups:
        accepted = [
            reduce(and_, (epoch.accepting[space.POSITIONS[pair]] for pair in zip(group, values, strict=True)))
            for values in product(*(VOCABULARY[attribute] for attribute in group))
        ]
        places: dict[int, int] = {}
        step = [[places.setdefault(before & rules, len(places)) for rules in accepted] for before in holding]
        steps.append(np.array(step, np.intp))
        holding = list(places)
    answers: dict[tuple[str, ...], Outcome | AmbiguousLaw] = {}
    named = [_decide(epoch, rules, answers) for rules in holding]
    ordered = list(answers)
    # The last step leads straight to the answer: sets of rules that say the same become one.
    steps[-1] = np.array([ordered.index(name) for name in named], np.intp)[steps[-1]]
    return Tables(tuple(answers.values()), groups, tuple(steps))


def encode_facts(facts: Iterable[Facts]) -> Codes:
    """Return the situations of these facts: one for each category they ask for, in order."""
    columns = []
    for given in facts:
        values = [VOCABULARY[attribute].index(value) for attribute, value in given.values.items()]
        columns += [[*values, VOCABULARY["category"].index(category)] for category in given.categories]
    return np.array(columns, np.uint8).reshape(-1, len(VOCABULARY)).T.copy()


def _group(attributes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[str, ...]] = [()]
    size = 1
    for attribute in attributes:
        size *= len(VOCABULARY[attribute])
        if size <= _LARGEST_GROUP:
            groups[-1] += (attribute,)
        else:
            groups.append((attribute,))
            size = len(VOCABULARY[attribute])
    return tuple(groups)


def _decide(epoch: Epoch, holding: int, answers: dict[tuple[str, ...], Outcome | AmbiguousLaw]) -> tuple[str, ...]:
    """Put what these rules say into `answers`, and return the name it has there."""
    answer: Outcome | AmbiguousLaw
    try:
        answer = epoch.decide(holding)
        name = answer.rule_ids
    except AmbiguousLaw as error:
        # A pack is free to contradict itself where nobody ever asks: `prove` finds that, a batch only meets it.
        answer, name = error, ("", str(error))
    answers.setdefault(name, answer)
    return name


def _require_codes(codes: Codes) -> None:
    if codes.ndim != 2 or codes.shape[0] != len(VOCABULARY) or codes.dtype != np.uint8:
        raise ValueError(f"codes must be uint8, {len(VOCABULARY)} rows and a column per situation")
    for row, (attribute, values) in zip(codes, VOCABULARY.items(), strict=True):
        if row.size and int(row.max()) >= len(values):
            column, allowed = int((row >= len(values)).argmax()), f"0 to {len(values) - 1}"
            raise UnknownFact(
                f"fact {attribute!r} has the number {row[column]} in situation {column}; allowed: {allowed}"
            )
