"""The scenarios that come with Ciment hold, cover the pack and its dates, and say why; a bad file is refused."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment.cli import main
from ciment.law import ScenarioRefused, load_pack, qualify
from ciment.law.epoch import epoch_of
from ciment.law.scenarios import (
    Expectation,
    Mismatch,
    Scenario,
    find_mismatches,
    parse_scenarios,
    shipped_scenarios,
)

PACK = load_pack("be")
FILES = shipped_scenarios("be")
SCENARIOS = {scenario.id: scenario for file, content in FILES.items() for scenario in parse_scenarios(file, content)}
TRAPS = {
    "prosecutor.oral": "oral request by a genuine prosecutor",
    "prosecutor.unreasoned": "written but unreasoned",
    "prosecutor.ordinary": "reasoned but ordinary offence",
    "councillor.neighbour": "a councillor asking about a neighbour",
    "consent.withdrawn": "consent withdrawn",
    "bailiff.claimed": "a bailiff claiming a statute",
    "judge.telephone": "a judge by telephone",
    "police.for_judge": "police delegated by a judge",
    "access.lawyer.no_mandate": "a lawyer without mandate",
    "police.search.consent": "search by “consent”",
}
GOOD = """
[[scenario]]
id = "one"
title = "Une lettre de la police."
on = 2026-11-24
facts = { requester = "police", form = "written" }
expect.aid = { verdict = "silence", rules = ["be.secret"] }
reason = "Le secret."
source = "art. 36"
"""


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_pack_says_what_the_scenario_expects(name: str) -> None:
    assert find_mismatches(PACK, SCENARIOS[name]) == ()


def test_there_are_enough_and_each_has_its_own_name() -> None:
    listed = [scenario for file, content in FILES.items() for scenario in parse_scenarios(file, content)]
    assert len(listed) == len(SCENARIOS) >= 80
    assert SCENARIOS.keys() >= TRAPS.keys()
    assert all(each.verdict == "silence" for name in TRAPS for each in SCENARIOS[name].expected.values())


def test_no_two_scenarios_ask_the_same_of_the_same_law() -> None:
    seen: dict[object, str] = {}
    for scenario in SCENARIOS.values():
        rules = epoch_of(PACK, scenario.on, scenario.known).rules
        key = scenario.facts.positions, scenario.facts.categories, tuple((rule.id, rule.sources) for rule in rules)
        assert key not in seen, f"{scenario.id} repeats {seen[key]}"
        seen[key] = scenario.id


def test_every_rule_decides_in_a_scenario() -> None:
    decided = {rule for each in SCENARIOS.values() for expected in each.expected.values() for rule in expected.rules}
    assert decided == {rule.id for rule in PACK.rules}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_source_is_one_of_the_rules_that_decide(name: str) -> None:
    scenario = SCENARIOS[name]
    verdicts = qualify(PACK, scenario.facts, scenario.on, scenario.known).verdicts.values()
    assert scenario.source in {source.ref for verdict in verdicts for source in verdict.sources}


@pytest.mark.parametrize("name", SCENARIOS)
def test_title_and_reason_are_written_as_french_is(name: str) -> None:
    for text in (SCENARIOS[name].title, SCENARIOS[name].reason):
        assert not re.search(r"'|\w’? [?!:;](\s|$)| »|« ", text), text
        assert text.rstrip("»\u00a0").endswith((".", "?", "!")), text


def changes_of_law() -> set[date]:
    days = {rule.annulled_on for rule in PACK.rules}
    spans = {span for rule in PACK.rules for span in (*rule.in_force, *(source.cited for source in rule.sources))}
    return {day for day in days | {bound for span in spans for bound in (span.start, span.end)} if day is not None}


@pytest.mark.parametrize("change", sorted(changes_of_law()), ids=str)
def test_each_change_of_law_has_the_day_before_and_the_day_itself(change: date) -> None:
    def asked(day: date) -> set[object]:
        return {each.facts.positions for each in SCENARIOS.values() if day in (each.on, each.known)}

    assert asked(change) & asked(change - timedelta(days=1))


def parse(text: str) -> tuple[Scenario, ...]:
    return parse_scenarios("mine.toml", text.encode())


def test_a_scenario_is_known_on_its_own_day_unless_it_says_otherwise() -> None:
    (plain,), (later,) = parse(GOOD), parse(GOOD.replace("on = 2026", "known = 2027-01-01\non = 2026"))
    assert (plain.on, plain.known) == (date(2026, 11, 24), date(2026, 11, 24))
    assert (later.on, later.known) == (date(2026, 11, 24), date(2027, 1, 1))
    assert (plain.facts.categories, plain.title) == (("aid",), "Une lettre de la police.")


def test_what_differs_is_told_be_it_the_verdict_or_the_rules() -> None:
    (scenario,) = parse(GOOD)
    found = Expectation("silence", ("be.secret",))
    for wrong in (Expectation("must", ("be.secret",)), Expectation("silence", ("be.union",))):
        mismatches = find_mismatches(PACK, replace(scenario, expected={"aid": wrong}))
        assert mismatches == (Mismatch("aid", wrong, found),)


def test_neither_the_order_of_the_rules_nor_a_byte_order_mark_matters() -> None:
    (scenario,) = parse("\ufeff" + GOOD.replace('["be.secret"]', '["b", "a"]'))
    assert scenario.expected["aid"].rules == ("a", "b")


def test_a_file_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(ScenarioRefused, match="not TOML in UTF-8"):
        parse("a = " + "[" * 100_000)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[[scenario]]", "[[scene]]", "unknown key 'scene'; allowed: scenario"),
        ("[[scenario]]", "[scenario]", "scenario must be written [[scenario]]"),
        (GOOD, "", "no scenario; write at least one"),
        ('id = "one"', "id = one", "not TOML in UTF-8"),
        ('id = "one"', "", "scenario #1: missing 'id'"),
        ('id = "one"', "id = 1", "scenario 1: id must be a text that is not empty"),
        ("on = 2026-11-24", "", "scenario one: missing 'on'"),
        ("on = 2026-11-24", 'on = "2026-11-24"', "on must be a date written YYYY-MM-DD, without quotes"),
        ("on = 2026-11-24", "on = 2026-11-24\nknown = true", "known must be a date"),
        ('reason = "Le secret."', 'reason = " "', "reason must be a text"),
        ('reason = "Le secret."', 'why = "x"', "unknown key 'why'; allowed: id, title, on"),
        ('"police"', '"wizard"', "fact 'requester' has the value 'wizard'; allowed: nobody, police"),
        ('form = "written"', 'category = "aid"', "facts name no category; write it as a key of expect"),
        ('facts = { requester = "police", form = "written" }', "facts = 1", "facts must be a table"),
        ("expect.aid", "expect.colour", "fact 'category' has the value 'colour'"),
        ('{ verdict = "silence", rules = ["be.secret"] }', '"silence"', "expect must be a table"),
        (', rules = ["be.secret"]', "", "expect must give a verdict and rules"),
        ('"silence"', '"perhaps"', "expect has the verdict 'perhaps'; allowed: silence, may"),
        ('["be.secret"]', '"be.secret"', "expect.rules must be a list"),
        ('["be.secret"]', "[1]", "expect.rules must be a text"),
        ("[[scenario]]", f"{GOOD}[[scenario]]", "scenario one: duplicate id"),
    ],
)
def test_each_fault_of_a_file_is_refused_with_its_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, reason: str
) -> None:
    assert old in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(old, new), "utf-8")
    assert main(["law", "test", str(path)]) == 2
    said = capsys.readouterr()
    assert (said.out, str(path) in said.err, reason in said.err) == ("", True, True), said.err


@given(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8"))
def test_a_mistyped_letter_is_read_or_refused_never_a_crash(position: int, letter: str) -> None:
    with suppress(ScenarioRefused):
        parse(GOOD[:position] + letter + GOOD[position + 1 :])


def test_the_command_says_how_many_held(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "test"]) == 0
    assert capsys.readouterr().out == f"{len(SCENARIOS)} scenarios, 0 failed\n"


def test_the_command_tells_what_failed_and_why(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('"silence", rules = ["be.secret"]', '"must", rules = []'), "utf-8")
    assert main(["law", "test", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: one on 2026-11-24: Une lettre de la police.",
        "  aid: expected must by no rule; found silence by be.secret",
        "  Le secret. (art. 36)",
        "1 scenarios, 1 failed",
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--pack", "xx"], "unknown pack 'xx'; allowed: be"),
        (["absent.toml"], "'absent.toml' cannot be read"),
    ],
)
def test_what_cannot_be_used_exits_2(capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str) -> None:
    assert main(["law", "test", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert reason in said.err


def test_a_pack_without_scenarios_asks_for_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(__file__).parents[3] / "examples" / "packs" / "exemple"
    assert main(["law", "test", "--pack", str(folder)]) == 2
    assert "pack 'exemple' comes with no scenario; name a scenario file" in capsys.readouterr().err
