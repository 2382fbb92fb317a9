"""The scenarios that come with Ciment hold, cover the pack and its dates, and say why; a bad file is refused."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_small_packs import is_told

from ciment.cli import main
from ciment.law import VOCABULARY, ScenarioRefused, load_pack, qualify, scenarios
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


def test_scenarios_come_in_the_order_of_their_files_and_then_of_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "_SHIPPED", tmp_path)
    (tmp_path / "x").mkdir()
    names = [f"s{number}.toml" for number in range(9)]
    for name in reversed(names):
        (tmp_path / "x" / name).write_text(GOOD, "utf-8")
    assert list(shipped_scenarios("x")) == names
    two = parse(GOOD + GOOD.replace('"one"', '"another"'))
    assert two == (two[0], two[1])
    assert [each.id for each in two] == ["one", "another"]


def test_an_expectation_is_told_with_all_its_rules() -> None:
    assert str(Expectation("may", ("a", "b"))) == "may by a, b"


def test_the_facts_of_a_scenario_are_those_of_a_request_but_its_category() -> None:
    lines = 'facts.requester = "police"\nfacts.{} = "aid"'
    written = GOOD.replace('facts = { requester = "police", form = "written" }', lines)
    with pytest.raises(ScenarioRefused, match=r"^mine\.toml:7: scenario one: facts name no category;"):
        parse(written.replace("{}", "category"))
    allowed = ", ".join(name for name in VOCABULARY if name != "category")
    with pytest.raises(ScenarioRefused, match=f"^mine\\.toml:7: .* 'facts.shape'; allowed: {allowed}$"):
        parse(written.replace("{}", "shape"))


def test_a_file_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(ScenarioRefused, match="not TOML in UTF-8"):
        parse("a = " + "[" * 100_000)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[[scenario]]", "[[scene]]", ":2: unknown key 'scene'; did you mean 'scenario'? allowed: scenario"),
        (
            "[[scenario]]",
            "[scenario]",
            ":2: scenario must be written [[scenario]]; write [[scenario]] above the keys of each scenario",
        ),
        (GOOD, "", ": no scenario; write at least one [[scenario]]"),
        (
            'id = "one"',
            "id = one",
            ":3: not TOML in UTF-8: Invalid value (at line 3, column 6)…",
        ),
        ('id = "one"', "", ":2: scenario #1: missing 'id'; write, for instance, id = \"xx.topic\""),
        (
            'id = "one"',
            "id = 1",
            ':3: scenario 1: id must be a text that is not empty; write, for instance, id = "xx.topic"',
        ),
        ("on = 2026-11-24", "", ":2: scenario one: missing 'on'; write, for instance, on = 2020-01-31"),
        (
            "on = 2026-11-24",
            'on = "2026-11-24"',
            ":5: scenario one: on must be a date written YYYY-MM-DD, without quotes; write…",
        ),
        (
            "on = 2026-11-24",
            "on = 2026-11-24\nknown = true",
            ":6: scenario one: known must be a date written YYYY-MM-DD, without quotes; write…",
        ),
        ('reason = "Le secret."', 'reason = " "', ":8: scenario one: reason must be a text that is not empty"),
        (
            'reason = "Le secret."',
            'why = "x"',
            ":8: scenario one: unknown key 'why'; allowed: id, title, on, facts, expect, reason, source, known",
        ),
        (
            '"police"',
            '"wizard"',
            ":6: scenario one: unknown value 'wizard' of facts.requester; allowed: nobody, police…",
        ),
        (
            'form = "written"',
            'category = "aid"',
            ":6: scenario one: facts name no category; write it as a key of expect",
        ),
        ('facts = { requester = "police", form = "written" }', "facts = 1", ":6: scenario one: facts must hold tables"),
        ("expect.aid", "expect.colour", ":7: scenario one: unknown key 'expect.colour'; allowed: existence, identity…"),
        (
            '{ verdict = "silence", rules = ["be.secret"] }',
            '"silence"',
            ":7: scenario one: expect.aid must hold tables",
        ),
        (', rules = ["be.secret"]', "", ":7: scenario one: missing 'expect.aid.rules'"),
        (
            '"silence"',
            '"perhaps"',
            ":7: scenario one: unknown value 'perhaps' of expect.aid.verdict; allowed: silence, may…",
        ),
        ('["be.secret"]', '"be.secret"', ":7: scenario one: expect.aid.rules must be a list"),
        ('["be.secret"]', "[1]", ":7: scenario one: expect.aid.rules must be a text that is not empty"),
        ("[[scenario]]", f"{GOOD}[[scenario]]", ":12: scenario one: duplicate id; give each scenario its own"),
        ('title = "Une lettre de la police."', "title = 1", ":4: scenario one: title must be a text that is not empty"),
        ('source = "art. 36"', "", ":2: scenario one: missing 'source'"),
        ("aid = {", "aid = { why = 1,", ":7: scenario one: unknown key 'expect.aid.why'; allowed: verdict, rules"),
        ('verdict = "silence"', "verdict = 1", ":7: scenario one: expect.aid.verdict must be a text that is not empty"),
        (
            'expect.aid = { verdict = "silence", rules = ["be.secret"] }',
            "expect = {}",
            ":7: scenario one: expect names no category; write what is expected of one at least",
        ),
        (
            'expect.aid = { verdict = "silence", rules = ["be.secret"] }',
            "expect = 1",
            ":7: scenario one: expect must hold tables",
        ),
        ('requester = "police", ', "", ":6: scenario one: missing 'facts.requester'"),
        ('requester = "police"', "requester = 1", ":6: scenario one: facts.requester must be a text that is not empty"),
        (
            'form = "written"',
            'shape = "round"',
            ":6: scenario one: unknown key 'facts.shape'; allowed: requester, recipient…",
        ),
        ("[[scenario]]", "other = 1\n[[scenario]]", ":2: unknown key 'other'; allowed: scenario"),
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
    assert (said.out, is_told(said.err, f"ciment: {path}{reason}")) == ("", True), said.err


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
