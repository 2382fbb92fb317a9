"""Scenarios: situations as people meet them, with the verdict a jurist expects of each category and why.

A TOML file holds `[[scenario]]` tables: `id`, `title`, `on` (and `known`), the facts without their category, and for
each category asked the verdict expected with the rules that decide. `reason` and `source` say why to whoever reads.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ciment.law.errors import ScenarioRefused, UnknownFact
from ciment.law.facts import Facts, parse_facts
from ciment.law.qualification import qualify
from ciment.law.rules import Pack
from ciment.law.vocabulary import VERDICTS

_SHIPPED = Path(__file__).parent
_NEEDED = ("id", "title", "on", "facts", "expect", "reason", "source")
_OPTIONAL = ("known",)
_WORDS = ("id", "title", "reason", "source")


@dataclass(frozen=True)
class Expectation:
    """A verdict and the identifiers of the rules that decide it together, sorted."""

    verdict: str
    rules: tuple[str, ...]

    def __str__(self) -> str:
        """Return both in the words of the file."""
        return f"{self.verdict} by {', '.join(self.rules) or 'no rule'}"


@dataclass(frozen=True)
class Scenario:
    """One situation on a day, as known on another, and what is expected of each category asked."""

    id: str
    title: str
    facts: Facts
    on: date
    known: date
    expected: Mapping[str, Expectation]
    reason: str
    source: str


@dataclass(frozen=True)
class Mismatch:
    """A category of a scenario on which the pack says something else than expected."""

    category: str
    expected: Expectation
    found: Expectation


def shipped_scenarios(pack: str) -> dict[str, bytes]:
    """Return the scenario files that come with Ciment for the pack of that name: file name to content."""
    return {path.name: path.read_bytes() for path in sorted(_SHIPPED.glob("*/*.toml")) if path.parent.name == pack}


def parse_scenarios(file: str, content: bytes) -> tuple[Scenario, ...]:
    """Return the scenarios of one file, in its order.

    Raises:
        ScenarioRefused: naming file, scenario and reason.
    """
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ScenarioRefused(file, None, f"not TOML in UTF-8: {error}") from error
    tables = document.pop("scenario", [])
    if document:
        raise ScenarioRefused(file, None, f"unknown key {min(document)!r}; allowed: scenario")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ScenarioRefused(file, None, "scenario must be written [[scenario]]")
    scenarios: dict[str, Scenario] = {}
    for number, table in enumerate(tables, 1):
        name = str(table.get("id", f"#{number}"))
        if name in scenarios:
            raise ScenarioRefused(file, name, "duplicate id; give each scenario its own")
        try:
            scenarios[name] = _read_scenario(table)
        except (ValueError, UnknownFact) as error:
            raise ScenarioRefused(file, name, str(error)) from error
    if not scenarios:
        raise ScenarioRefused(file, None, "no scenario; write at least one [[scenario]]")
    return tuple(scenarios.values())


def find_mismatches(pack: Pack, scenario: Scenario) -> tuple[Mismatch, ...]:
    """Return the categories on which the pack says something else than the scenario; none when it says the same.

    Raises:
        AmbiguousLaw: the pack contradicts itself on these facts.
    """
    verdicts = qualify(pack, scenario.facts, scenario.on, scenario.known).verdicts
    found = {name: Expectation(each.verdict, tuple(sorted(each.rules))) for name, each in verdicts.items()}
    return tuple(
        Mismatch(name, expected, found[name]) for name, expected in scenario.expected.items() if found[name] != expected
    )


def _read_scenario(table: Mapping[str, object]) -> Scenario:
    for key in table:
        if key not in _NEEDED and key not in _OPTIONAL:
            raise ValueError(f"unknown key {key!r}; allowed: {', '.join((*_NEEDED, *_OPTIONAL))}")
    for key in _NEEDED:
        if key not in table:
            raise ValueError(f"missing {key!r}")
    words = {key: _read_text(key, table[key]) for key in _WORDS}
    expected = {
        category: _read_expectation(value) for category, value in _read_table("expect", table["expect"]).items()
    }
    facts = _read_table("facts", table["facts"])
    if "category" in facts:
        raise ValueError("facts name no category; write it as a key of expect")
    on = _read_day("on", table["on"])
    return Scenario(
        facts=parse_facts({**facts, "category": list(expected)}),
        on=on,
        known=_read_day("known", table.get("known", on)),
        expected=expected,
        **words,
    )


def _read_expectation(value: object) -> Expectation:
    table = _read_table("expect", value)
    if set(table) != {"verdict", "rules"}:
        raise ValueError('expect must give a verdict and rules, as in expect.aid = { verdict = "may", rules = ["x"] }')
    verdict, rules = table["verdict"], table["rules"]
    if verdict not in VERDICTS:
        raise ValueError(f"expect has the verdict {verdict!r}; allowed: {', '.join(VERDICTS)}")
    if type(rules) is not list:
        raise ValueError("expect.rules must be a list")
    return Expectation(str(verdict), tuple(sorted(_read_text("expect.rules", rule) for rule in rules)))


def _read_text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be a text that is not empty")
    return value


def _read_table(key: str, value: object) -> Mapping[str, object]:
    if type(value) is not dict:
        raise ValueError(f"{key} must be a table")
    return value


def _read_day(key: str, value: object) -> date:
    # `datetime` is a kind of `date`: only the plain day is wanted.
    if type(value) is not date:
        raise ValueError(f"{key} must be a date written YYYY-MM-DD, without quotes")
    return value
