"""Bills: what they amend, what they are refused for, and those that come with Ciment."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from law_small_packs import DEFAULT, is_told, pack, rule

from ciment.law import (
    Epoch,
    Interval,
    Pack,
    PackRefused,
    UnknownWord,
    amend,
    compare,
    epoch_of,
    load_bill,
    load_invariants,
    load_mission,
    load_pack,
    parse_bill,
    prove,
    shipped_bills,
    shipped_packs,
)

HEAD = """
pack = "x"
on = 2026-11-24
title.fr = "Titre"
summary.fr = "Résumé."
sources = [{ ref = "proposition", checked = 2026-11-24, status = "to_confirm" }]
"""
ADD = """
[[add]]
id = "new"
verdict = "must"
overrides = ["default", "speak"]
in_force = [{}]
decided_by = "signatories"
when = { form = ["oral"] }
sources = [{ ref = "art. 1", checked = 2026-11-24, status = "to_confirm" }]
text.fr = "Nouveau."
"""
AMEND = """
[[amend]]
rule = "speak"
when = { form = ["written", "oral"] }
text.fr = "Changé."
"""
OTHER_KEYS = "verdict, decided_by, in_force, when, sources, annulled_on, overrides, flags"
REPEAL = """
[[repeal]]
rule = "speak"
"""


def law() -> Pack:
    when = {"form": ["written"], "consent": ["informed"]}
    speak = rule("speak", "may", when, ["default"], annulled_on=date(2030, 1, 1))
    return pack(DEFAULT, speak, rule("top", "must", {"danger": ["grave"]}, ["default", "speak"]))


def amended(text: str) -> Pack:
    return amend(law(), parse_bill("bill.toml", (HEAD + text).encode()))


def test_a_bill_that_changes_nothing_is_the_pack_on_its_day() -> None:
    bill = parse_bill("bill.toml", HEAD.encode())
    assert (bill.name, bill.pack, bill.on, bill.known) == ("bill", "x", date(2026, 11, 24), date(2026, 11, 24))
    known = law()
    assert amend(known, bill) is known
    later = parse_bill("bill.toml", (HEAD + "known = 2030-01-01\n").encode())
    assert [each.id for each in later.epoch(known).rules] == ["default", "top"]


def test_an_amendment_changes_the_keys_it_gives_and_no_other() -> None:
    before, after = law(), amended(AMEND)
    old, new = ({each.id: each for each in some.rules}["speak"] for some in (before, after))
    assert new.when == {"form": ("oral", "written"), "consent": ("informed",)}
    assert new.text == {"fr": "Changé."}
    assert [source.ref for source in new.sources] == ["source of speak", "proposition"]
    assert new.status == "to_confirm"
    kept = ("verdict", "decided_by", "in_force", "annulled_on", "overrides", "flags")
    assert [getattr(new, key) for key in kept] == [getattr(old, key) for key in kept]
    assert [each for each in after.rules if each.id != "speak"] == [each for each in before.rules if each.id != "speak"]
    assert after.digest != before.digest


def test_a_rule_can_be_added_and_repealed() -> None:
    added = {each.id: each for each in amended(ADD).rules}
    assert list(added) == ["default", "new", "speak", "top"]
    assert [source.ref for source in added["new"].sources] == ["art. 1", "proposition"]
    left = {each.id: each for each in amended(REPEAL).rules}
    assert list(left) == ["default", "top"]
    assert left["top"].overrides == ("default",)


def test_the_amended_pack_speaks_only_what_every_rule_speaks() -> None:
    text = {"fr": "Texte.", "nl": "Tekst."}
    both = Pack("x", ("fr", "nl"), tuple(replace(each, text=text) for each in law().rules), ("nl",))
    new = amend(both, parse_bill("bill.toml", (HEAD + AMEND).encode()))
    assert (new.languages, new.drafts) == (("fr",), ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            AMEND.replace('"speak"', '"speek"'),
            ":9: rule speek: unknown rule 'speek'; did you mean 'speak'? allowed: default, speak, top",
        ),
        (REPEAL.replace('"speak"', '"none"'), ":9: rule none: unknown rule 'none'; allowed: default, speak, top"),
        (
            ADD.replace('"new"', '"speak"'),
            ":9: rule speak: duplicate id; give the rule another id, or amend the one there is",
        ),
        (
            AMEND.replace('text.fr = "Changé."', ""),
            ':8: rule speak: missing language: text holds none; write, for instance, text.fr = "…"',
        ),
        (
            AMEND.replace('"oral"', '"spoken"'),
            ":10: rule speak: unknown value 'spoken' of when.form; allowed: oral, written, written_reasoned",
        ),
        (
            AMEND.replace("when", "where"),
            ":10: rule speak: unknown key 'where'; did you mean 'when'? allowed: rule, text…",
        ),
        (
            AMEND + 'id = "other"\n',
            f":12: rule speak: unknown key 'id'; allowed: rule, text, {OTHER_KEYS}",
        ),
        (
            AMEND + 'overrides = ["nothing"]\n',
            ":12: rule speak: unknown override 'nothing'; allowed: default, speak, top",
        ),
        (
            AMEND + 'overrides = ["default", "top"]\n',
            ":12: rule speak: overrides in a circle: speak > top > speak; take one of them out",
        ),
        (REPEAL + "verdict = 'may'\n", ":10: rule speak: unknown key 'verdict'; allowed: rule"),
        ("repeal = 3\n", ":7: repeal must be written [[repeal]]; write [[repeal]] above the keys of each repeal"),
        ("on = 4\n", ":7: not TOML in UTF-8: Cannot overwrite a value (at line 7, column 7)…"),
        ("add = [3]\n", ":7: add must be written [[add]]; write [[add]] above the keys of each add"),
        (
            "other = 3\n",
            ":7: unknown key 'other'; allowed: pack, on, title, summary, sources, known, add, amend, repeal",
        ),
        ("known = 3\n", ":7: known must be a date written YYYY-MM-DD, without quotes; write…"),
        (ADD.replace('id = "new"', ""), ":8: rule #1: missing 'id'; write, for instance, id = \"xx.topic\""),
        (
            ADD.replace('id = "new"', "id = 3"),
            ':9: rule 3: id must be a text that is not empty; write, for instance, id = "xx.topic"',
        ),
        (AMEND.replace('rule = "speak"', ""), ":8: rule #1: missing 'rule'"),
        (REPEAL.replace('"speak"', "3"), ":9: rule 3: rule must be a text that is not empty"),
        (
            ADD + REPEAL.replace("speak", "none"),
            ":19: rule none: unknown rule 'none'; allowed: default, new, speak, top",
        ),
        (REPEAL + REPEAL, ":12: rule speak: unknown rule 'speak'; allowed: default, top"),
        (
            AMEND.replace("{ form", "3 # { form"),
            ":10: rule speak: when must hold tables; write…",
        ),
        (
            ADD + AMEND + 'overrides = ["nothing"]\n',
            ":22: rule speak: unknown override 'nothing'; allowed: default, new, speak, top",
        ),
        (
            ADD.replace("[{}]", "[]"),
            ":12: rule new: in_force holds no interval; write…",
        ),
    ],
)
def test_a_bill_that_cannot_be_used_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PackRefused) as refused:
        amended(text)
    assert is_told(str(refused.value), f"bill.toml{reason}")


@pytest.mark.parametrize("key", ["pack", "on", "title", "summary", "sources"])
def test_a_bill_says_what_it_amends_when_and_on_whose_word(key: str) -> None:
    lines = [line for line in HEAD.splitlines() if not line.startswith(key)]
    with pytest.raises(PackRefused, match="missing"):
        parse_bill("bill.toml", "\n".join(lines).encode())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pack = "x"', "pack = 3", ":2: pack must be a text that is not empty"),
        ("on = 2026-11-24", "on = 3", ":3: on must be a date written YYYY-MM-DD, without quotes; write…"),
    ],
)
def test_what_a_bill_says_of_itself_is_of_its_kind(old: str, new: str, told: str) -> None:
    with pytest.raises(PackRefused) as refused:
        parse_bill("bill.toml", HEAD.replace(old, new).encode())
    assert is_told(str(refused.value), f"bill.toml{told}")


def test_a_circle_that_begins_at_a_rule_the_bill_does_not_name_is_told_of_the_bill() -> None:
    known = pack(DEFAULT, rule("early", "may", {}, ["late"]), rule("late", "must", {}, ["default"]))
    bill = '[[amend]]\nrule = "late"\noverrides = ["early"]\ntext.fr = "Changé."\n'
    with pytest.raises(PackRefused, match=r"^bill\.toml: rule early: overrides in a circle: early > late > early;"):
        amend(known, parse_bill("bill.toml", (HEAD + bill).encode()))


def test_an_amended_rule_keeps_its_end_and_names_each_source_once() -> None:
    span = (Interval(date(2020, 1, 1), date(2030, 1, 1)),)
    known = pack(DEFAULT, rule("speak", "may", {"form": ["written"]}, ["default"], in_force=span))
    bill = parse_bill("bill.toml", (HEAD + AMEND).encode())
    (_, once) = amend(known, bill).rules
    assert once.in_force == span
    assert once.sources == (*known.rules[1].sources, *bill.sources)
    (_, twice) = amend(amend(known, bill), bill).rules
    assert twice.sources == once.sources


def test_a_bill_for_another_pack_is_refused() -> None:
    with pytest.raises(PackRefused, match=r"^bill\.toml: the bill amends the pack 'y', not 'x'$"):
        amend(law(), parse_bill("bill.toml", HEAD.replace('"x"', '"y"').encode()))


def test_an_unknown_bill_names_those_there_are() -> None:
    with pytest.raises(UnknownWord, match=f"^unknown bill 'zz'; allowed: {', '.join(shipped_bills())}$"):
        load_bill("zz")


@pytest.mark.parametrize("name", shipped_bills())
def test_every_shipped_bill_leaves_a_sound_law_and_says_what_it_is(name: str) -> None:
    bill = load_bill(name)
    assert bill.pack in shipped_packs()
    assert bill.title.keys() == set(load_pack(bill.pack).languages)
    assert bill.title.keys() == bill.summary.keys()
    proof = prove(amend(load_pack(bill.pack), bill))
    assert proof.holds


def test_only_the_hypothesis_on_medical_data_breaks_the_mission() -> None:
    broken = {}
    for name in shipped_bills():
        proof = prove(amend(load_pack("be"), load_bill(name)), load_invariants("be"))
        broken[name] = [obligation for obligation, found in proof.obligations.items() if found]
    assert {name: found for name, found in broken.items() if found} == {
        "medical-data": ["no_confidence_on_administrative_duty"]
    }


def test_the_law_of_2017_in_its_three_states() -> None:
    known = load_pack("be")
    before, active, annulled = (load_bill(f"2017-{name}").epoch(known) for name in ("before", "active", "annulled"))
    necessity = load_mission("be").necessity

    def groups(old: Epoch, new: Epoch) -> set[tuple[str, str]]:
        return {(group.before, group.after) for group in compare(old, new, necessity).groups}

    assert ("silence", "must") in groups(before, active)
    assert groups(active, annulled) == {("must", "silence"), ("must", "may")}
    # What remains after the annulment is the duty to answer the prosecutor, and nobody speaks first.
    remaining = compare(before, annulled, necessity)
    duty = next(group for group in remaining.groups if (group.before, group.after) == ("silence", "must"))
    assert duty.example.values["requester"] == "prosecutor"
    assert 0 < remaining.covered_by_necessity < remaining.changed


def test_the_hypotheses_are_compared_with_the_law_of_their_day() -> None:
    known = load_pack("be")
    for name, attribute in (("every-offence", "offence"), ("medical-data", "category")):
        bill = load_bill(name)
        difference = compare(epoch_of(known, bill.on, bill.known), bill.epoch(known), load_mission("be").necessity)
        duty = next(group for group in difference.groups if (group.before, group.after) == ("silence", "must"))
        assert duty.covered_by_necessity == 0
        facts = duty.example.to_json()
        assert facts[attribute] == ("listed_458bis" if attribute == "offence" else ["medical"])


def test_the_example_of_the_page_is_a_bill() -> None:
    page = (Path(__file__).parents[3] / "docs" / "law" / "bills.md").read_text("utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    new = amend(load_pack("be"), parse_bill("page.toml", example.encode()))
    rules = {each.id: each for each in new.rules}
    assert rules["be.46bis1.passive"].when["offence"] == ("terrorism", "social_fraud")
    assert "be.union" not in rules
    for name in shipped_bills():
        assert f"`{name}`" in page
