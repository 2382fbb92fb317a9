"""One rule explained: the example is decided by it, and the verdicts next to it are exactly those that there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciment.cli import main
from ciment.law import (
    VOCABULARY,
    Interval,
    Pack,
    Rule,
    Source,
    UnknownWord,
    explain,
    load_pack,
    parse_facts,
    qualify,
    space,
)
from ciment.law.explanation import find_outside

DAY = date(2026, 11, 24)
SMALL = ("form", "authenticated", "consent")


def rule(
    name: str,
    verdict: str,
    when: Mapping[str, Sequence[str]],
    overrides: Sequence[str] = (),
    in_force: tuple[Interval, ...] = (Interval(None, None),),
    annulled_on: date | None = None,
) -> Rule:
    return Rule(
        id=name,
        verdict=verdict,
        decided_by="signatories",
        when={key: tuple(values) for key, values in when.items()},
        in_force=in_force,
        annulled_on=annulled_on,
        overrides=tuple(overrides),
        flags=(),
        sources=(Source("art. 1", "", DAY, "to_confirm"),),
        text={"fr": "Texte."},
    )


def pack(*rules: Rule) -> Pack:
    return Pack("x", ("fr",), tuple(sorted(rules, key=lambda rule: rule.id)))


def facts_of(situation: int) -> dict[str, object]:
    return {name: value for name, (value,) in space.conditions(situation, VOCABULARY).items()}


small_boxes = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(VOCABULARY[name]), min_size=1, unique=True) for name in SMALL}
)
REST = {name: values[:1] for name, values in VOCABULARY.items() if name not in SMALL}
POINTS = [
    space.box(REST | {name: (value,) for name, value in zip(SMALL, values, strict=True)})
    for values in product(*(VOCABULARY[name] for name in SMALL))
]


@given(small_boxes, st.lists(small_boxes, max_size=8))
def test_a_situation_outside_is_found_exactly_when_there_is_one(
    inside: dict[str, list[str]], others: list[dict[str, list[str]]]
) -> None:
    mask, boxes = space.box(inside), [space.box(other) for other in others]
    free = [point for point in POINTS if not point & ~mask and all(point & ~box for box in boxes)]
    found = find_outside(mask, boxes)
    assert (found is None) == (not free)
    if found is not None:
        assert found in free


def test_a_piece_that_is_covered_does_not_end_the_search() -> None:
    oral = {"form": ["oral"], "authenticated": ["no"]}
    found = find_outside(space.EVERYTHING, [space.box(oral), space.box({"form": ["written", "written_reasoned"]})])
    assert found is not None
    assert space.conditions(found, ["form", "authenticated"]) == {"form": ("oral",), "authenticated": ("yes",)}


def test_the_values_nearest_to_the_defaults_are_chosen() -> None:
    found = find_outside(space.box({"form": ["written_reasoned", "written"]}), [])
    assert found == space.box({name: values[:1] for name, values in VOCABULARY.items()} | {"form": ("written",)})


@given(
    st.lists(st.tuples(small_boxes, st.sampled_from(["silence", "may", "must"])), min_size=1, max_size=5),
    st.integers(0, 4),
)
@settings(max_examples=60)
def test_example_and_neighbours_against_plain_qualification(
    drawn: list[tuple[dict[str, list[str]], str]], chosen: int
) -> None:
    # Each rule overrides all those before it, so no pack is ambiguous.
    rules = [rule(f"r{n}", verdict, when, [f"r{m}" for m in range(n)]) for n, (when, verdict) in enumerate(drawn)]
    law = pack(*rules)
    explained = rules[chosen % len(rules)]
    example = explain(law, explained.id, DAY).example
    deciding = [point for point in POINTS if explained.id in _answer(law, facts_of(point))[1]]
    if example is None:
        assert deciding == []
        return
    assert isinstance(example.nearest, tuple)
    facts = facts_of(example.situation)
    assert _answer(law, facts) == (explained.verdict, (explained.id,))
    if explained.verdict == "silence":
        return
    expected: dict[tuple[str, str], tuple[str, ...]] = {}
    for name in VOCABULARY:
        for value in VOCABULARY[name]:
            verdict, _ = _answer(law, facts | {name: value})
            if verdict != explained.verdict:
                expected[name, verdict] = (*expected.get((name, verdict), ()), value)
    assert {(*miss.changes, miss.verdict): next(iter(miss.changes.values())) for miss in example.nearest} == expected


def _answer(law: Pack, facts: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    (verdict,) = qualify(law, parse_facts(facts), DAY).verdicts.values()
    return verdict.verdict, verdict.rules


def test_a_rule_that_never_decides_has_no_example() -> None:
    law = pack(rule("low", "may", {"form": ["oral"]}), rule("top", "silence", {}, ["low"]))
    assert explain(law, "low", DAY).example is None


@pytest.mark.parametrize(
    ("in_force", "annulled_on", "day"),
    [
        ((Interval(date(2030, 1, 1), None),), None, date(2030, 1, 1)),
        ((Interval(None, date(2020, 1, 1)),), None, date(2019, 12, 31)),
        ((Interval(None, None),), date(2020, 1, 1), date(2019, 12, 31)),
        ((Interval(None, date(2021, 1, 1)),), date(2020, 1, 1), date(2019, 12, 31)),
        ((Interval(None, date(2002, 1, 1)), Interval(date(2003, 1, 1), date(2004, 1, 1))), None, date(2003, 1, 1)),
        ((Interval(date(2001, 1, 1), None),), date(2000, 1, 1), None),
        ((Interval(None, date(1, 1, 1)),), None, None),
        ((Interval(None, date(1, 1, 2)),), None, date(1, 1, 1)),
    ],
)
def test_the_example_is_of_a_day_when_the_rule_was_law(
    in_force: tuple[Interval, ...], annulled_on: date | None, day: date | None
) -> None:
    explanation = explain(pack(rule("r", "may", {}, (), in_force, annulled_on)), "r", DAY)
    assert not explanation.holds
    assert (explanation.example and explanation.example.on) == day


def test_where_a_rule_is_overridden_everywhere_today_the_example_is_of_another_day() -> None:
    since = (Interval(date(2010, 1, 1), None),)
    law = pack(
        rule("low", "may", {}, (), since), rule("top", "silence", {}, ["low"], (Interval(date(2020, 1, 1), None),))
    )
    explanation = explain(law, "low", DAY)
    assert explanation.holds
    assert explanation.example is not None
    assert explanation.example.on == date(2010, 1, 1)


def test_rules_that_yield_are_in_order() -> None:
    names = [f"r{number}" for number in range(10)]
    law = pack(*(rule(name, "may", {}) for name in names), rule("top", "must", {}, names))
    assert explain(law, "top", DAY).overrides == tuple(law.rules[:10])
    assert explain(law, "r3", DAY).overridden_by == (law.rules[10],)


def test_what_prevails_reaches_through_other_rules() -> None:
    law = pack(rule("a", "silence", {}), rule("b", "may", {}, ["a"]), rule("c", "must", {}, ["b"]))
    assert [other.id for other in explain(law, "c", DAY).overrides] == ["a", "b"]
    assert [other.id for other in explain(law, "a", DAY).overridden_by] == ["b", "c"]


@pytest.mark.parametrize("name", [each.id for each in load_pack("be").rules])
def test_every_shipped_rule_can_be_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    explanation = explain(load_pack("be"), name, DAY)
    assert explanation.example is not None
    answer = qualify(load_pack("be"), parse_facts(facts_of(explanation.example.situation)), explanation.example.on)
    assert name in next(iter(answer.verdicts.values())).rules
    assert explanation.example.nearest
    for lang in load_pack("be").languages:
        assert main(["law", "explain", name, "--lang", lang]) == 0
        assert capsys.readouterr().out.startswith(f"{name} : ")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("be.46bis1", "unknown rule 'be.46bis1' of pack 'be'; close: be.46bis1.active, be.46bis1.contact"),
        ("be.necesity", "unknown rule 'be.necesity' of pack 'be'; close: be.necessity"),
        ("be.secrets", "close: be.secret"),
        ("zzz", "unknown rule 'zzz' of pack 'be'; allowed: be.46bis1.active"),
        ("", "unknown rule '' of pack 'be'; allowed: "),
    ],
)
def test_an_unknown_rule_names_those_that_come_close(asked: str, message: str) -> None:
    with pytest.raises(UnknownWord) as refusal:
        explain(load_pack("be"), asked, DAY)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("nome", "close: name9, name8, name7, name6, name5"),
        ("name", "close: name1, name2, name3, name4, name5, name6, name7, name8"),
        ("ame9", "close: name9, name8, name7, name6, name5"),
        ("x", "allowed: name1, name2, name3, name4, name5, name6, name7, name8, name9"),
    ],
)
def test_those_that_come_close_are_few_and_named_once(asked: str, told: str) -> None:
    law = pack(*(rule(f"name{number}", "may", {}) for number in range(1, 10)))
    with pytest.raises(UnknownWord) as refusal:
        explain(law, asked, DAY)
    assert str(refusal.value) == f"unknown rule {asked!r} of pack 'x'; {told}"


def test_the_annulled_rule_is_told_with_its_history(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "explain", "be.46bis1.active", "--on", "2026-11-24"]) == 0
    told = capsys.readouterr().out
    assert "En vigueur : depuis le 01/09/2017" in told
    assert "! Annulée le 14/03/2019 : pour qui raisonne" in told
    assert "Cette règle ne s’applique pas le 24/11/2026." in told
    assert "selon le droit du 01/09/2017 :" in told
    assert "- auteur de la demande : aucun auteur" in told
    assert "- se taire — catégorie d’information : informations médicales" in told
    assert "- droit de la personne : be.access" in told
    assert "- catégorie d’information : tout sauf « informations médicales »" in told
    assert "prosecutor" not in told


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("be.nothing.here",), "unknown rule 'be.nothing.here'"),
        (("be.secret", "--pack", "zz"), "unknown pack 'zz'"),
        (("be.secret", "--pack", "./absent"), "unknown pack './absent'"),
        (("be.secret", "--lang", "xx"), "does not speak the language 'xx'; allowed: "),
        (("be.secret", "--on", "24/11/2026"), "'24/11/2026' is not a day"),
    ],
)
def test_what_cannot_be_explained_exits_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], expected: str
) -> None:
    try:
        code = main(["law", "explain", *arguments])
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else -1
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert expected in said.err
