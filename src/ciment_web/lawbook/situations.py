"""A situation that somebody tries: the verdict on each category, why, and the verdicts nearest to it."""

from typing import Any

from ciment.law import Qualification
from ciment.law.explanation import find_neighbours
from ciment_web.inquiries.verdicts import assumed_words, describe_answer
from ciment_web.institutions.languages import reading_language

# The nearest are read at once; a list of twenty would hide them.
_NEAREST = 3
_EVERY = 1000


def describe_situation(qualification: Qualification) -> dict[str, Any]:
    """Return the cards of an answer, each with what was missing or, where the law speaks, what would change it."""
    answer: dict[str, Any] = dict(qualification.to_json(reading_language()))
    for category, verdict in qualification.verdicts.items():
        if verdict.verdict != "silence":
            # Another requester or another category would be another request.
            around = find_neighbours(verdict.epoch, verdict.situation)
            kept = [miss.to_json() for miss in around if not miss.changes.keys() & {"requester", "category"}]
            answer["verdicts"][category]["near_misses"] = kept
    cards = describe_answer(answer, misses=_EVERY)
    for card in cards:
        # Around what the law grants, every change is of one fact: none is further than another.
        shown = _NEAREST if card["verdict"] == "silence" else _EVERY
        card["nearest"], card["further"] = card["near_misses"][:shown], card["near_misses"][shown:]
    return {
        "verdicts": cards,
        "assumed": assumed_words(answer),
        "reveals_existence": qualification.reveals_existence,
    }
