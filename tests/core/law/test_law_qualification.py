"""The engine on small packs: overriding, uniting, dates, and near misses against brute force."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from law_small_packs import many

from ciment.law import (
    VOCABULARY,
    AmbiguousLaw,
    Interval,
    NearMiss,
    Pack,
    Rule,
    Source,
    UnknownWord,
    parse_facts,
    qualify,
)
from ciment.law.epoch import epoch_of

DAY = date(2026, 11, 24)
ALWAYS = (Interval(None, None),)


def rule(
    name: str,
    verdict: str,
    when: Mapping[str, Sequence[str]],
    overrides: Sequence[str] = (),
    *,
    decided_by: str = "signatories",
    in_force: tuple[Interval, ...] = ALWAYS,
    annulled_on: date | None = None,
    flags: tuple[str, ...] = (),
    status: str = "confirmed",
) -> Rule:
    return Rule(
        id=name,
        verdict=verdict,
        decided_by=decided_by,
        when={key: tuple(values) for key, values in when.items()},
        in_force=in_force,
        annulled_on=annulled_on,
        overrides=tuple(overrides),
        flags=flags,
        sources=(Source(f"source of {name}", "https://example.org", DAY, status),),
        text={"fr": f"Texte de {name}."},
    )


def pack(*rules: Rule) -> Pack:
    return Pack("x", ("fr",), tuple(sorted(rules, key=lambda rule: rule.id)))


DEFAULT = rule("default", "silence", {}, decided_by="signatory")
ASKED: dict[str, object] = {"requester": "police", "category": "aid"}


def test_a_rule_that_overrides_decides_alone() -> None:
    law = pack(DEFAULT, rule("speak", "may", {"form": ["written"]}, ["default"]))
    spoken = qualify(law, parse_facts({**ASKED, "form": "written"}), DAY).verdicts["aid"]
    assert (spoken.verdict, spoken.rules, spoken.decided_by) == ("may", ("speak",), "signatories")
    assert spoken.text("fr") == "Texte de speak."
    assert spoken.near_misses == ()
    silent = qualify(law, parse_facts(ASKED), DAY).verdicts["aid"]
    assert (silent.verdict, silent.rules, silent.decided_by) == ("silence", ("default",), "signatory")
    assert silent.near_misses == (NearMiss("may", {"form": ("written",)}),)


def test_rules_of_one_verdict_decide_together() -> None:
    law = pack(
        DEFAULT,
        rule("a", "may", {}, ["default"], decided_by="signatories", flags=("personal",), status="partly_read"),
        rule("b", "may", {}, ["default"], decided_by="holder_now", flags=("disputed",)),
    )
    verdict = qualify(law, parse_facts(ASKED), DAY).verdicts["aid"]
    assert verdict.rules == ("a", "b")
    assert verdict.decided_by == "holder_now"
    assert verdict.flags == ("disputed", "personal")
    assert verdict.status == "partly_read"
    assert [source.ref for source in verdict.sources] == ["source of a", "source of b"]
    assert verdict.text("fr") == "Texte de a. Texte de b."


def test_what_two_rules_say_alike_is_said_once() -> None:
    law = pack(DEFAULT, *(replace(rule(name, "may", {}, ["default"]), text={"fr": "Pareil."}) for name in "ab"))
    assert qualify(law, parse_facts(ASKED), DAY).verdicts["aid"].text("fr") == "Pareil."


def test_deciders_follow_their_own_order_not_the_alphabet() -> None:
    law = pack(
        DEFAULT,
        rule("a", "may", {}, ["default"], decided_by="dg_or_president"),
        rule("b", "may", {}, ["default"], decided_by="summoned_person"),
    )
    assert qualify(law, parse_facts(ASKED), DAY).verdicts["aid"].decided_by == "summoned_person"


def test_flags_are_in_order_and_sources_are_named_once() -> None:
    flags = tuple("jihgfedcba")
    shared = Source("art. 1", "https://example.org", DAY, "confirmed")
    law = pack(DEFAULT, *(replace(rule(name, "may", {}, ["default"], flags=flags), sources=(shared,)) for name in "ab"))
    verdict = qualify(law, parse_facts(ASKED), DAY).verdicts["aid"]
    assert verdict.flags == tuple("abcdefghij")
    assert verdict.sources == (shared,)


def test_nobody_can_change_the_rules_of_a_day() -> None:
    assert epoch_of(pack(DEFAULT), DAY, DAY).rules == (DEFAULT,)


def test_an_unknown_language_is_refused_in_full_words() -> None:
    text = {"fr": "Texte.", "nl": "Tekst."}
    answer = qualify(Pack("x", ("fr", "nl"), (replace(DEFAULT, text=text),)), parse_facts(ASKED), DAY)
    with pytest.raises(UnknownWord) as refusal:
        answer.to_json("xx")
    assert str(refusal.value) == "pack 'x' does not speak the language 'xx'; allowed: fr, nl"
    with pytest.raises(UnknownWord) as refusal:
        answer.verdicts["aid"].text("xx")
    assert str(refusal.value) == "unknown language 'xx'; allowed: fr, nl"


def test_overriding_reaches_through_rules_that_do_not_hold_here() -> None:
    law = pack(
        DEFAULT,
        rule("low", "may", {}, ["default"]),
        rule("middle", "must", {"requester": ["court"]}, ["low"]),
        rule("top", "own_right", {}, ["middle"]),
    )
    assert qualify(law, parse_facts(ASKED), DAY).verdicts["aid"].rules == ("top",)


def test_rules_of_one_verdict_linked_only_through_another_decide_together() -> None:
    law = pack(
        DEFAULT,
        rule("low", "may", {}, ["default"]),
        rule("middle", "silence", {"requester": ["court"]}, ["low"]),
        rule("top", "may", {}, ["middle"]),
    )
    assert qualify(law, parse_facts(ASKED), DAY).verdicts["aid"].rules == ("low", "top")


def test_a_pack_that_contradicts_itself_says_so() -> None:
    law = pack(DEFAULT, rule("may", "may", {}, ["default"]), rule("must", "must", {}, ["default"]))
    with pytest.raises(AmbiguousLaw, match=r"rules may, must conflict: neither overrides the other$"):
        qualify(law, parse_facts(ASKED), DAY)


def test_where_no_rule_speaks_there_is_silence() -> None:
    law = pack(rule("speak", "may", {"form": ["written"]}))
    answer = qualify(law, parse_facts(ASKED), DAY)
    verdict = answer.verdicts["aid"]
    assert (verdict.verdict, verdict.rules, verdict.decided_by) == ("silence", (), "signatory")
    assert (verdict.status, verdict.sources) == ("to_confirm", ())
    assert "Aucune règle" in verdict.text("fr")
    assert verdict.near_misses == (NearMiss("may", {"form": ("written",)}),)
    assert not answer.reveals_existence


def test_intervals_are_half_open() -> None:
    law = pack(DEFAULT, rule("r", "may", {}, ["default"], in_force=(Interval(date(2020, 1, 1), date(2021, 1, 1)),)))
    verdicts = {
        day: qualify(law, parse_facts(ASKED), day).verdicts["aid"].verdict
        for day in (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    }
    assert list(verdicts.values()) == ["silence", "may", "may", "silence"]


def test_an_annulment_is_retroactive_for_those_who_know_it() -> None:
    law = pack(
        DEFAULT,
        rule("r", "may", {}, ["default"], in_force=(Interval(date(2020, 1, 1), None),), annulled_on=date(2022, 5, 5)),
    )

    def verdict(on: date, known: date | None = None) -> str:
        return qualify(law, parse_facts(ASKED), on, known).verdicts["aid"].verdict

    assert verdict(date(2021, 1, 1)) == "may"
    assert verdict(date(2021, 1, 1), date(2022, 5, 4)) == "may"
    assert verdict(date(2021, 1, 1), date(2022, 5, 5)) == "silence"
    assert verdict(date(2022, 5, 5)) == "silence"
    assert verdict(date(2019, 1, 1), date(2019, 1, 1)) == "silence"


def test_a_rule_out_of_force_is_no_near_miss() -> None:
    law = pack(
        DEFAULT, rule("r", "may", {"form": ["written"]}, ["default"], in_force=(Interval(None, date(2020, 1, 1)),))
    )
    assert qualify(law, parse_facts(ASKED), DAY).verdicts["aid"].near_misses == ()
    assert qualify(law, parse_facts(ASKED), date(2019, 1, 1)).verdicts["aid"].near_misses != ()


def test_the_answer_in_json_has_the_published_shape() -> None:
    law = pack(DEFAULT, rule("speak", "may", {"form": ["written"], "category": ["aid"]}, ["default"]))
    facts = parse_facts({**ASKED, "form": "written", "category": ["aid", "medical"]})
    answer = qualify(law, facts, DAY, date(2026, 1, 1)).to_json("fr")
    verdicts = answer.pop("verdicts")
    assert answer == {
        "pack": "x",
        "digest": law.digest,
        "on": "2026-11-24",
        "known": "2026-01-01",
        "assumed": list(facts.assumed),
        "reveals_existence": True,
    }
    assert isinstance(verdicts, dict)
    assert list(verdicts) == ["aid", "medical"]
    assert verdicts["aid"] == {
        "verdict": "may",
        "rules": ["speak"],
        "decided_by": "signatories",
        "flags": [],
        "status": "confirmed",
        "near_misses": [],
        "sources": [
            {
                "ref": "source of speak",
                "url": "https://example.org",
                "checked": "2026-11-24",
                "status": "confirmed",
            }
        ],
        "text": "Texte de speak.",
    }


def test_each_day_of_the_law_has_its_own_reference_and_its_own_status() -> None:
    renumbered = date(2026, 9, 1)
    plain = rule("speak", "may", {}, ["default"])
    old = Source("art. 1", "https://example.org", DAY, "confirmed", Interval(None, renumbered))
    new = Source("numéro non lu", "", DAY, "to_confirm", Interval(renumbered, None))
    law = pack(DEFAULT, replace(plain, sources=(*plain.sources, old, new)))
    for on, ref, status in ((date(2026, 8, 31), "art. 1", "confirmed"), (renumbered, "numéro non lu", "to_confirm")):
        verdict = qualify(law, parse_facts(ASKED), on, DAY).verdicts["aid"]
        assert ([source.ref for source in verdict.sources], verdict.status) == (["source of speak", ref], status)


def test_a_draft_language_says_so() -> None:
    text = {"fr": "Texte.", "nl": "Tekst."}
    answer = qualify(Pack("x", ("fr", "nl"), (replace(DEFAULT, text=text),), ("nl",)), parse_facts(ASKED), DAY)
    assert answer.to_json("nl")["draft"] is True
    assert "draft" not in answer.to_json("fr")


def test_a_language_the_pack_does_not_speak_is_refused() -> None:
    answer = qualify(pack(DEFAULT), parse_facts(ASKED), DAY)
    with pytest.raises(UnknownWord, match="does not speak the language 'nl'; allowed: fr"):
        answer.to_json("nl")
    with pytest.raises(UnknownWord, match="unknown language 'nl'; allowed: fr"):
        answer.verdicts["aid"].text("nl")


def test_a_silence_that_blocks_a_grant_is_part_of_the_way_out() -> None:
    law = pack(
        DEFAULT,
        rule("consent", "may", {"consent": ["informed"]}, ["default"]),
        rule("stop", "silence", {"setting": ["ordinary"]}, ["default", "consent"]),
    )
    verdict = qualify(law, parse_facts(ASKED), DAY).verdicts["aid"]
    assert verdict.rules == ("stop",)
    others = tuple(value for value in VOCABULARY["setting"] if value != "ordinary")
    assert verdict.near_misses == (NearMiss("may", {"setting": others, "consent": ("informed",)}),)


# Near misses against brute force: random packs over a few attributes, later rules overriding earlier ones.

SMALL = ("form", "authenticated", "statute", "consent")


@st.composite
def small_packs(draw: st.DrawFn) -> Pack:
    rules = [DEFAULT]
    for index in range(draw(st.integers(1, 5))):
        when = {
            name: draw(st.lists(st.sampled_from(VOCABULARY[name]), min_size=1, unique=True))
            for name in draw(st.lists(st.sampled_from(SMALL), min_size=1, unique=True))
        }
        when["requester"] = draw(st.sampled_from([["police"], ["police", "court"], ["court"]]))
        when["category"] = draw(st.sampled_from([["aid"], ["aid", "bank"], ["bank"]]))
        verdict = draw(st.sampled_from(["silence", "may", "must"]))
        rules.append(rule(f"r{index}", verdict, when, [earlier.id for earlier in rules]))
    return pack(*rules)


def find_by_brute_force(law: Pack, facts: dict[str, object]) -> dict[frozenset[str], dict[tuple[str, ...], str]]:
    """Return minimal set of attributes → values → verdict, by trying everything, smallest sets first."""
    found: dict[frozenset[str], dict[tuple[str, ...], str]] = {}
    for size in range(1, len(SMALL) + 1):
        for names in combinations(SMALL, size):
            if any(smaller < frozenset(names) for smaller in found):
                continue
            choices = [[value for value in VOCABULARY[name] if value != facts[name]] for name in names]
            for values in product(*choices):
                changed = parse_facts({**facts, **dict(zip(names, values, strict=True))})
                verdict = qualify(law, changed, DAY).verdicts["aid"].verdict
                if verdict != "silence":
                    found.setdefault(frozenset(names), {})[values] = verdict
    return found


@given(small_packs(), st.fixed_dictionaries({name: st.sampled_from(VOCABULARY[name]) for name in SMALL}))
@many
def test_near_misses_are_all_the_minimal_changes_and_nothing_else(law: Pack, values: dict[str, str]) -> None:
    facts: dict[str, object] = {**ASKED, **values}
    verdict = qualify(law, parse_facts(facts), DAY).verdicts["aid"]
    assume(verdict.verdict == "silence")
    told: dict[frozenset[str], dict[tuple[str, ...], str]] = {}
    for miss in verdict.near_misses:
        names = [name for name in SMALL if name in miss.changes]
        assert len(names) == len(miss.changes)
        for chosen in product(*(miss.changes[name] for name in names)):
            told.setdefault(frozenset(names), {})[chosen] = miss.verdict
    assert told == find_by_brute_force(law, facts)
