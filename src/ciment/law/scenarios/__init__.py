"""Scenarios: situations as people meet them, with the verdict a jurist expects of each category and why.

A TOML file holds `[[scenario]]` tables: `id`, `title`, `on` (and `known`), the facts without their category, and for
each category asked the verdict expected with the rules that decide. `reason` and `source` say why to whoever reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ciment.law.errors import PackRefused, ScenarioRefused
from ciment.law.facts import Facts, parse_facts
from ciment.law.locating import Place
from ciment.law.qualification import qualify
from ciment.law.reading import (
    list_tables,
    read_day,
    read_document,
    read_table,
    read_text,
    read_word,
    read_words,
    require_keys,
)
from ciment.law.rules import Pack
from ciment.law.vocabulary import VERDICTS, VOCABULARY

_SHIPPED = Path(__file__).parent
_NEEDED = ("id", "title", "on", "facts", "expect", "reason", "source")
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
        ScenarioRefused: naming file, line, scenario and reason.
    """
    try:
        return _read_scenarios(*read_document(file, content, "scenario"))
    except PackRefused as refusal:
        raise ScenarioRefused(refusal.file, refusal.rule, refusal.reason, refusal.line) from refusal


def find_mismatches(pack: Pack, scenario: Scenario) -> tuple[Mismatch, ...]:
    """Return the categories on which the pack says something else than the scenario; none when it says the same.

    Raises:
        AmbiguousLaw: the pack contradicts itself on these facts.
    """
    verdicts = qualify(pack, scenario.facts, scenario.on, scenario.known).verdicts
    found = {name: Expectation(each.verdict, each.rules) for name, each in verdicts.items()}
    return tuple(
        Mismatch(name, expected, found[name]) for name, expected in scenario.expected.items() if found[name] != expected
    )


def _read_scenarios(whole: Place, document: Mapping[str, object]) -> tuple[Scenario, ...]:
    require_keys(whole, "", document, (), ("scenario",))
    scenarios: dict[str, Scenario] = {}
    for place, table in list_tables(whole, "id", document.get("scenario", [])):
        scenario = _read_scenario(place, table)
        if scenario.id in scenarios:
            raise place.refuse("duplicate id; give each scenario its own", "id")
        scenarios[scenario.id] = scenario
    if not scenarios:
        raise whole.refuse("no scenario; write at least one [[scenario]]")
    return tuple(scenarios.values())


def _read_scenario(place: Place, table: Mapping[str, object]) -> Scenario:
    require_keys(place, "", table, _NEEDED, ("known",))
    words = {key: read_text(place, key, table[key]) for key in _WORDS}
    expected = _read_expected(place, table["expect"])
    on = read_day(place, "on", table["on"])
    return Scenario(
        facts=parse_facts({**_read_facts(place, table["facts"]), "category": list(expected)}),
        on=on,
        known=read_day(place, "known", table.get("known", on)),
        expected=expected,
        **words,
    )


def _read_facts(place: Place, value: object) -> dict[str, str]:
    facts = read_table(place, "facts", value)
    if "category" in facts:
        raise place.refuse("facts name no category; write it as a key of expect", "facts.category")
    others = tuple(name for name in VOCABULARY if name not in ("requester", "category"))
    require_keys(place, "facts.", facts, ("requester",), others)
    return {name: read_word(place, f"facts.{name}", word, VOCABULARY[name]) for name, word in facts.items()}


def _read_expected(place: Place, value: object) -> dict[str, Expectation]:
    expected = read_table(place, "expect", value)
    if not expected:
        raise place.refuse("expect names no category; write what is expected of one at least", "expect")
    require_keys(place, "expect.", expected, (), VOCABULARY["category"])
    return {category: _read_expectation(place, f"expect.{category}", said) for category, said in expected.items()}


def _read_expectation(place: Place, key: str, value: object) -> Expectation:
    table = read_table(place, key, value)
    require_keys(place, f"{key}.", table, ("verdict", "rules"), ())
    verdict = read_word(place, f"{key}.verdict", table["verdict"], VERDICTS)
    return Expectation(verdict, tuple(sorted(read_words(place, f"{key}.rules", table["rules"], None))))
