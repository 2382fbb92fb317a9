"""The Belgian pack, rule by rule: a situation that yields each rule, and every single change, which undoes it or not.

The tables of `law_belgian_cases` say, for each fact of a situation, the values that keep the rule.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_belgian_cases import CASES, TODAY

from ciment.law import VOCABULARY, CategoryVerdict, load_pack, parse_facts, qualify

PACK = load_pack("be")
RULES = {rule.id: rule for rule in PACK.rules}


def ask(facts: Mapping[str, str], on: date = TODAY, known: date | None = None) -> CategoryVerdict:
    return qualify(PACK, parse_facts(facts), on, known).verdicts[facts["category"]]


def test_every_rule_has_its_case() -> None:
    assert set(CASES) | {"be.secret"} == set(RULES)


@pytest.mark.parametrize("name", CASES)
def test_the_situation_yields_the_rule(name: str) -> None:
    case = CASES[name]
    verdict = ask({key: values[0] for key, values in case.keeps.items()}, case.on)
    assert name in verdict.rules
    assert (verdict.verdict, verdict.decided_by, verdict.flags) == (case.verdict, case.decided_by, case.flags)


def single_changes(facts: dict[str, str]) -> Iterator[tuple[str, str]]:
    for attribute, values in VOCABULARY.items():
        for value in values:
            if facts.get(attribute, values[0]) != value:
                yield attribute, value


@pytest.mark.parametrize("name", CASES)
def test_each_condition_alone_undoes_the_rule_and_nothing_else_does(name: str) -> None:
    case = CASES[name]
    facts = {key: values[0] for key, values in case.keeps.items()}
    for attribute, value in single_changes(facts):
        verdict = ask({**facts, attribute: value}, case.on)
        kept = value in case.keeps.get(attribute, [value])
        assert (name in verdict.rules) == kept, f"{attribute} = {value}: {verdict.rules}"


@pytest.mark.parametrize("requester", VOCABULARY["requester"])
@pytest.mark.parametrize("category", VOCABULARY["category"])
def test_without_anything_else_the_law_is_silence(requester: str, category: str) -> None:
    verdict = ask({"requester": requester, "category": category})
    assert verdict.verdict == "silence"
    assert verdict.decided_by == "signatory"
    assert verdict.rules in {("be.secret",), ("be.councillor",), ("be.union",), ("be.youth",)}


def test_existence_is_revealed_by_any_grant_and_keeps_its_own_verdict() -> None:
    facts = {key: values[0] for key, values in CASES["be.46bis1.passive"].keeps.items()}
    answer = qualify(PACK, parse_facts({**facts, "category": ["existence", "address"]}), TODAY)
    assert answer.reveals_existence
    assert answer.verdicts["existence"].verdict == "silence"
    alone = qualify(PACK, parse_facts({**facts, "category": "existence"}), TODAY)
    assert not alone.reveals_existence


@pytest.mark.parametrize(
    ("on", "known", "verdict"),
    [
        (date(2017, 8, 31), None, "silence"),
        (date(2017, 9, 1), None, "must"),
        (date(2019, 3, 13), None, "must"),
        (date(2019, 3, 14), None, "silence"),
        (date(2018, 6, 1), date(2019, 3, 13), "must"),
        (date(2018, 6, 1), date(2019, 3, 14), "silence"),
    ],
)
def test_the_active_duty_never_existed_once_annulled(on: date, known: date | None, verdict: str) -> None:
    facts = {key: values[0] for key, values in CASES["be.46bis1.active"].keeps.items()}
    assert ask(facts, on, known).verdict == verdict


def test_the_passive_duty_survives_the_annulment() -> None:
    facts = {key: values[0] for key, values in CASES["be.46bis1.passive"].keeps.items()}
    assert [ask(facts, day).verdict for day in (date(2017, 8, 31), date(2017, 9, 1), date(2019, 3, 14), TODAY)] == [
        "silence",
        "must",
        "must",
        "must",
    ]


def test_the_reply_to_an_unreasoned_request_can_say_what_was_missing() -> None:
    facts = {key: values[0] for key, values in CASES["be.46bis1.passive"].keeps.items()}
    misses = ask({**facts, "form": "oral", "authenticated": "no"}).near_misses
    assert misses[0].to_json() == {
        "verdict": "must",
        "changes": {"form": ["written_reasoned"], "authenticated": ["yes"]},
    }


every_fact = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VOCABULARY.items()})


@given(every_fact)
@settings(max_examples=100)
def test_near_misses_lead_where_they_say_and_ask_for_nothing_superfluous(facts: dict[str, str]) -> None:
    for miss in ask(facts).near_misses:
        for values in product(*miss.changes.values()):
            changes = dict(zip(miss.changes, values, strict=True))
            assert ask({**facts, **changes}).verdict == miss.verdict
            for size in range(len(changes)):
                for fewer in combinations(changes.items(), size):
                    assert ask({**facts, **dict(fewer)}).verdict == "silence"
