"""Each condition of each rule, broken alone: verdict and near misses follow, as the TOML read slowly says."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

import pytest
from law_reference import Change, Reading, Table, read_tables

from ciment.law import VOCABULARY, CategoryVerdict, load_pack, parse_facts, qualify

PACK = load_pack("be")
TABLES = read_tables("be")
CONDITIONS = [(name, attribute) for name, rule in TABLES.items() for attribute in rule["when"]]
# Brute force looks at every change of one or two facts; what takes more is checked one by one.
LARGEST = 2


def day_of(rule: Table) -> date:
    """Return the last day on which the rule was law, or today."""
    return rule["annulled_on"] - timedelta(days=1) if "annulled_on" in rule else date(2026, 11, 24)


@lru_cache
def reading(on: date) -> Reading:
    return Reading(TABLES, on, on)


def situation_of(rule: Table) -> dict[str, str]:
    """Return facts the rule decides: the first value it accepts of each, and elsewhere the default."""
    facts = {name: values[0] for name, values in VOCABULARY.items()} | {"requester": "relative"}
    facts |= {name: accepted[0] for name, accepted in rule["when"].items()}
    assert rule in reading(day_of(rule)).find_deciding(facts)
    return facts


def ask(facts: dict[str, str], on: date) -> CategoryVerdict:
    return qualify(PACK, parse_facts(facts), on).verdicts[facts["category"]]


def told(verdict: CategoryVerdict) -> tuple[str, str, list[str], list[str]]:
    return verdict.verdict, verdict.decided_by, sorted(verdict.flags), sorted(verdict.rules)


def broken(name: str, attribute: str) -> Iterator[dict[str, str]]:
    """Yield the situation of a rule with one fact outside what the rule accepts, for every such value."""
    facts = situation_of(TABLES[name])
    for value in VOCABULARY[attribute]:
        if value not in TABLES[name]["when"][attribute]:
            yield {**facts, attribute: value}


def spelled_out(verdict: CategoryVerdict) -> dict[Change, str]:
    """Return the near misses one by one: which facts become what, and where that leads."""
    return {
        frozenset(zip(miss.changes, values, strict=True)): miss.verdict
        for miss in verdict.near_misses
        for values in product(*miss.changes.values())
    }


def test_every_condition_of_every_rule_is_broken() -> None:
    assert {name for name, _ in CONDITIONS} | {"be.secret"} == {rule.id for rule in PACK.rules}
    assert len(CONDITIONS) > 150
    assert all(list(broken(*condition)) for condition in CONDITIONS)


@pytest.mark.parametrize("name", TABLES)
def test_the_rule_decides_its_situation(name: str) -> None:
    rule = TABLES[name]
    facts, on = situation_of(rule), day_of(rule)
    verdict = ask(facts, on)
    assert name in verdict.rules
    assert told(verdict) == reading(on).answer(facts)


@pytest.mark.parametrize(("name", "attribute"), CONDITIONS)
def test_a_broken_condition_changes_the_verdict_as_the_text_says(name: str, attribute: str) -> None:
    on = day_of(TABLES[name])
    for facts in broken(name, attribute):
        verdict = ask(facts, on)
        assert name not in verdict.rules
        assert told(verdict) == reading(on).answer(facts), facts[attribute]


@pytest.mark.parametrize(("name", "attribute"), CONDITIONS)
def test_a_broken_condition_is_what_the_near_misses_ask_for(name: str, attribute: str) -> None:
    rule, on = TABLES[name], day_of(TABLES[name])
    facts = next(broken(name, attribute))
    verdict = ask(facts, on)
    misses = spelled_out(verdict)
    if verdict.verdict != "silence":
        assert misses == {}
        return
    expected = reading(on).find_ways_out(facts, LARGEST)
    assert {change: where for change, where in misses.items() if len(change) <= LARGEST} == expected
    for change in misses.keys() - expected.keys():
        assert reading(on).answer({**facts, **dict(change)})[0] == misses[change]
    changed = {frozenset(dict(change)) for change in misses}
    assert not any(smaller < larger for smaller in changed for larger in changed)
    if rule["verdict"] != "silence" and attribute not in {"requester", "category"}:
        for value in rule["when"][attribute]:
            assert misses[frozenset({(attribute, value)})] == ask({**facts, attribute: value}, on).verdict


@pytest.mark.parametrize("name", TABLES)
def test_where_two_rules_meet_the_one_the_text_names_decides(name: str) -> None:
    rule, on = TABLES[name], day_of(TABLES[name])
    for other in reading(on).rules:
        facts = {**VOCABULARY, **rule["when"]}
        both = {key: [value for value in facts[key] if value in other["when"].get(key, facts[key])] for key in facts}
        if all(both.values()):
            situation = {key: values[0] for key, values in both.items()}
            assert told(ask(situation, on)) == reading(on).answer(situation), other["id"]
