"""The cases, as they are written in `cases/*.toml`: one file each, for a jurist or a trainer to read and add."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ciment.canon import CimentError
from ciment.law import Facts, UnknownFact, parse_facts

FOLDER = Path(__file__).parent / "cases"
AUDIENCES = ("worker", "referent", "signatory")
CHANNELS = ("counter", "phone", "email", "letter", "corridor", "street", "visit", "social")
REFLEXES = ("relay", "help", "weigh", "flow", "directors", "witness", "not_obstruct", "access")
_KEYS = {"title", "audience", "who", "channel", "facts", "expect", "say", "why", "sources", "moment"}
_MOMENT_KEYS = {"lines", "ask", "choices", "right"}
# A reading of the law for somebody whom its vocabulary does not name says so.
_OPTIONAL = {"approximate"}


class CaseRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A file that is no case; the message names it and says why."""


@dataclass(frozen=True)
class Line:
    """What one person says."""

    by: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One answer offered, and what it leads to."""

    text: str
    comment: str


@dataclass(frozen=True)
class Moment:
    """A decisive moment: what is said up to it, the question, and three or four choices, one of which is right."""

    lines: tuple[Line, ...]
    ask: str
    choices: tuple[Choice, ...]
    right: int


@dataclass(frozen=True)
class Case:
    """One simulated request.

    `facts` is what the law pack reads; `expected` the reflex for each category of information, held against the pack
    by a test; `sources` the rules whose sources the case relies on.
    """

    slug: str
    title: str
    audience: str
    who: str
    channel: str
    facts: Facts
    expected: Mapping[str, str]
    say: str
    why: str
    sources: tuple[str, ...]
    moments: tuple[Moment, ...]
    approximate: str


def reflex_of(verdict: str, decided_by: str) -> str:
    """Return the reflex that an answer of the law asks for."""
    if verdict == "may":
        return {"holder_now": "help", "authorised_flow": "flow"}.get(decided_by, "weigh")
    return {
        "must": "directors",
        "may_testify": "witness",
        "do_not_obstruct": "not_obstruct",
        "own_right": "access",
    }.get(verdict, "relay")


@lru_cache(maxsize=1)
def all_cases() -> Mapping[str, Case]:
    """Return every case by its slug, for workers first, then referents, then signatories, by title.

    Raises:
        CaseRefused: for a file that is no case.
    """
    cases = [parse_case(path.stem, path.read_bytes()) for path in FOLDER.glob("*.toml")]
    ordered = sorted(cases, key=lambda case: (AUDIENCES.index(case.audience), case.title.lower()))
    return {case.slug: case for case in ordered}


def next_case(case: Case) -> Case:
    """Return the case after this one for the same audience; after the last, the first again."""
    group = [each for each in all_cases().values() if each.audience == case.audience]
    return group[(group.index(case) + 1) % len(group)]


def parse_case(slug: str, content: bytes) -> Case:
    """Return the case that a file writes.

    Raises:
        CaseRefused: naming the file and the reason.
    """
    try:
        told = tomllib.loads(content.decode("utf-8"))
        return _read(slug, told)
    except (ValueError, TypeError, UnknownFact) as error:
        raise CaseRefused(f"{slug}.toml: {error}") from error


def _read(slug: str, told: Mapping[str, Any]) -> Case:
    _require_keys(told, _KEYS, _OPTIONAL)
    expected = told["expect"]
    if not expected or not set(expected.values()) <= set(REFLEXES):
        raise ValueError(f"expect gives each category one of: {', '.join(REFLEXES)}")
    moments = tuple(_read_moment(each) for each in told["moment"])
    if not moments:
        raise ValueError("a case has at least one moment")
    return Case(
        slug=slug,
        title=_text(told["title"]),
        audience=_one_of(told["audience"], AUDIENCES),
        who=_text(told["who"]),
        channel=_one_of(told["channel"], CHANNELS),
        facts=parse_facts({**told["facts"], "category": list(expected)}),
        expected=dict(expected),
        say=_text(told["say"]),
        why=_text(told["why"]),
        sources=tuple(_text(each) for each in told["sources"]),
        moments=moments,
        approximate=_text(told.get("approximate", " ")),
    )


def _read_moment(told: Mapping[str, Any]) -> Moment:
    _require_keys(told, _MOMENT_KEYS, set())
    choices = tuple(Choice(*_pair(each)) for each in told["choices"])
    right = told["right"]
    if not 3 <= len(choices) <= 4 or type(right) is not int or not 0 <= right < len(choices):
        raise ValueError("a moment offers three or four choices, and right is the place of one")
    lines = tuple(Line(*_pair(each)) for each in told["lines"])
    return Moment(lines, _text(told["ask"]), choices, right)


def _require_keys(told: Mapping[str, Any], needed: set[str], optional: set[str]) -> None:
    if not isinstance(told, Mapping):
        raise TypeError("a moment is written [[moment]]")
    wrong = (needed - told.keys()) | (told.keys() - needed - optional)
    if wrong:
        raise ValueError(f"missing or unknown key: {', '.join(sorted(wrong))}")


def _pair(value: Sequence[object]) -> tuple[str, str]:
    first, second = value
    return _text(first), _text(second)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("words are missing")
    return value.strip()


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of: {', '.join(allowed)}")
    return value
