"""docs/law/sources.md, which jurists read, and the Belgian pack say the same of every rule, no more and no less."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ciment.law import Interval, Rule, label, load_pack, parse_facts, qualify

PAGE = (Path(__file__).parents[3] / "docs" / "law" / "sources.md").read_text("utf-8")
RULES = load_pack("be").rules
RECAST = date(2026, 9, 1)


def sections() -> Iterator[tuple[str, list[str]]]:
    """Yield each rule the page names, with the lines under its heading that are not empty."""
    for section in PAGE.split("\n### ")[1:]:
        heading, *lines = section.splitlines()
        for rule_id in re.findall(r"`([^`]+)`", heading):
            yield rule_id, [line for line in lines if line]


def days(interval: Interval) -> str:
    bounds = [f"dès le {interval.start}"] if interval.start else []
    return ", ".join(bounds + ([f"avant le {interval.end}"] if interval.end else [])) or "toujours"


def history(rule: Rule) -> str:
    known = " puis ".join(days(interval) for interval in rule.in_force).replace("toujours", "sans date lue")
    annulled = f" Annulée le {rule.annulled_on}, comme si elle n’avait jamais existé." if rule.annulled_on else ""
    return f"{label('verdict', rule.verdict, 'fr').capitalize()}. En vigueur : {known}.{annulled}"


def test_the_page_names_each_rule_once_and_no_other() -> None:
    named = [rule_id for rule_id, _ in sections()]
    assert sorted(named) == sorted(rule.id for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_verdict_history_and_sources_of_a_rule_are_those_of_the_page(rule: Rule) -> None:
    said, _, _, *rows = dict(sections())[rule.id]
    assert said == history(rule)
    assert rows == [
        f"| {source.ref} | {source.status} | {source.checked} | {days(source.cited)} "
        f"| {f'<{source.url}>' if source.url else 'aucune source lue'} |"
        for source in rule.sources
    ]


def test_the_recast_penal_code_is_never_cited_as_read() -> None:
    """Before the day announced, the Code of 1867; from that day on, a number nobody has read yet."""
    cited = [source for rule in RULES for source in rule.sources]
    old = [source for source in cited if "Code pénal de 1867" in source.ref]
    new = [source for source in cited if "nouveau Code pénal" in source.ref]
    assert old
    assert {source.cited for source in old} == {Interval(None, RECAST)}
    assert {(source.cited, source.status) for source in new} == {(Interval(RECAST, None), "to_confirm")}
    numbers = {re.search(r"art\. (458\w*|422\w*)", source.ref) for source in old}
    for number in {match[1] for match in numbers if match}:
        assert any(f"(article {number} du Code de 1867)" in source.ref for source in new), number


@pytest.mark.parametrize(("on", "code"), [(date(2026, 8, 31), "Code pénal de 1867"), (RECAST, "nouveau Code pénal")])
def test_a_qualification_cites_the_code_of_its_day(on: date, code: str) -> None:
    verdict = qualify(load_pack("be"), parse_facts({"requester": "press", "category": "aid"}), on).verdicts["aid"]
    assert [("loi organique" in source.ref, code in source.ref) for source in verdict.sources] == [
        (True, False),
        (False, True),
    ]
    assert verdict.status == ("confirmed" if on < RECAST else "to_confirm")
