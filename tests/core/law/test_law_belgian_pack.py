"""The Belgian pack, rule by rule: a situation that yields each rule, and every single change, which undoes it or not.

The tables say, for each fact of a situation, the values that keep the rule; they were written by hand, not derived.
A fact not named in a situation may take any value without undoing the rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciment.law import VOCABULARY, CategoryVerdict, Rule, load_pack, parse_facts, qualify

TODAY = date(2026, 11, 24)
PACK = load_pack("be")
RULES = {rule.id: rule for rule in PACK.rules}

EVERY_REQUESTER = set(VOCABULARY["requester"])
EVERY_CATEGORY = set(VOCABULARY["category"])
PLAIN = EVERY_CATEGORY - {"confidence", "third_party", "medical"}
CALM = set(VOCABULARY["setting"]) - {"urgent_danger"}
COMPETENT = {
    "police",
    "police_for_judge",
    "prosecutor",
    "investigating_judge",
    "health_professional",
    "emergency_services",
    "youth_protection",
}
AVERTING = {"prosecutor", "emergency_services", "youth_protection", "person_in_danger", "health_professional"}
SOMEBODY = {"person", "identified_other", "other_vulnerable"}


@dataclass(frozen=True)
class Case:
    """One rule: fact → the values that keep it (the first is used), what it says."""

    keeps: Mapping[str, list[str]]
    verdict: str
    decided_by: str
    flags: tuple[str, ...] = ()
    on: date = TODAY


def first(values: set[str], value: str) -> list[str]:
    assert value in values
    return [value, *sorted(values - {value})]


DANGER = {
    "danger": ["grave_and_imminent"],
    "danger_to": first(SOMEBODY, "identified_other"),
    "other_means": ["exhausted"],
    "protected_interest": ["equal_or_higher"],
    "category": first(EVERY_CATEGORY, "address"),
}
NECESSITY = {**DANGER, "self_created": ["no"]}
ASKED_NOW = {"requester": first(COMPETENT, "police"), "recipient": ["same_as_requester"], "setting": ["urgent_danger"]}
TOLD_NOW = {"recipient": first(AVERTING, "emergency_services"), "setting": ["urgent_danger"]}
ASKED = {**ASKED_NOW, "authenticated": ["yes"], "setting": first(CALM, "ordinary")}
TOLD = {
    "requester": first(EVERY_REQUESTER - {"nobody"}, "housing"),
    "recipient": first(AVERTING, "person_in_danger"),
    "authenticated": ["yes"],
    "setting": first(CALM, "ordinary"),
}
FIRST = {"requester": ["nobody"], "recipient": first(AVERTING, "prosecutor"), "setting": first(CALM, "ordinary")}
VICTIM = {
    "offence": ["listed_458bis"],
    "danger": ["grave_and_imminent"],
    "danger_to": ["person"],
    "other_means": ["exhausted"],
    "category": first(EVERY_CATEGORY, "confidence"),
}
RISK = {**VICTIM, "danger": ["serious_and_real"], "danger_to": ["other_vulnerable", "identified_other"]}
TO_PROSECUTOR = {"recipient": ["prosecutor"]}
FROM_PROSECUTOR = {"requester": ["prosecutor"]}
PASSIVE = {
    "requester": ["prosecutor"],
    "form": ["written_reasoned"],
    "authenticated": ["yes"],
    "ground": ["terrorism_administrative_data"],
    "offence": ["terrorism"],
}
# The silences that await a source leave no room for consent.
OPEN = {
    "requester": first(EVERY_REQUESTER - {"councillor", "union_delegate", "youth_protection"}, "housing"),
    "title": first(set(VOCABULARY["title"]) - {"production_order"}, "none"),
}
SHARED = {
    **OPEN,
    "form": ["written", "written_reasoned"],
    "authenticated": ["yes"],
    "ground": ["shared_secret"],
    "recipient_bound": ["yes"],
}
UNSOURCED = {"requester": first(EVERY_REQUESTER, "bailiff"), "category": first(EVERY_CATEGORY, "aid")}
SILENT = ("silence", "signatory")
NO_VICTIM = {"person_role": ["unknown", "author"]}
TO_THE_ASKER = {"recipient": ["same_as_requester", "prosecutor"]}

CASES = {
    "be.councillor": Case(
        {"requester": ["councillor"], "category": first(EVERY_CATEGORY, "aid")}, "silence", "signatory"
    ),
    "be.union": Case(
        {"requester": ["union_delegate"], "category": first(EVERY_CATEGORY, "aid")}, "silence", "signatory"
    ),
    "be.necessity.urgent": Case({**NECESSITY, **ASKED_NOW}, "may", "holder_now", ("duty_to_help", "personal")),
    "be.necessity.urgent_other": Case(
        {**NECESSITY, **TOLD_NOW, "requester": first(EVERY_REQUESTER, "nobody")},
        "may",
        "holder_now",
        ("duty_to_help", "personal"),
    ),
    "be.necessity": Case({**NECESSITY, **ASKED}, "may", "signatories", ("personal",)),
    "be.necessity.other": Case({**NECESSITY, **TOLD}, "may", "signatories", ("personal",)),
    "be.necessity.first": Case({**NECESSITY, **FIRST}, "may", "signatories", ("personal",)),
    "be.assistance": Case(
        {**DANGER, "setting": ["urgent_danger"], "requester": first(EVERY_REQUESTER, "relative")},
        "may",
        "holder_now",
        ("duty_to_help",),
    ),
    "be.46bis1.passive": Case(
        {**PASSIVE, **TO_THE_ASKER, "category": ["address", "identity", "household"]}, "must", "dg_or_president"
    ),
    "be.46bis1.contact": Case({**PASSIVE, **TO_THE_ASKER, "category": ["contact"]}, "must", "dg_or_president"),
    "be.46bis1.existence": Case({**PASSIVE, **NO_VICTIM, "category": ["existence"]}, *SILENT),
    "be.46bis1.undefined": Case(
        {**PASSIVE, **NO_VICTIM, "category": ["aid", "attendance", "bank", "documents"]}, *SILENT
    ),
    "be.46bis1.active": Case(
        {
            "requester": ["nobody"],
            **TO_THE_ASKER,
            "ground": ["terrorism_serious_indications"],
            "offence": ["terrorism"],
            "category": first(EVERY_CATEGORY - {"medical"}, "confidence"),
        },
        "must",
        "dg_or_president",
        on=date(2018, 6, 1),
    ),
    "be.testimony": Case(
        {
            "requester": ["court", "investigating_judge", "parliamentary_inquiry"],
            "authenticated": ["yes"],
            "setting": ["sworn_testimony"],
            "category": first(EVERY_CATEGORY, "confidence"),
        },
        "may_testify",
        "summoned_person",
    ),
    "be.seizure": Case(
        {
            "requester": ["police", "police_for_judge", "prosecutor", "investigating_judge"],
            "setting": ["search_or_seizure"],
            "title": ["warrant", "flagrante"],
            "category": first(EVERY_CATEGORY, "documents"),
        },
        "do_not_obstruct",
        "holder_now",
    ),
    "be.conference": Case(
        {
            "requester": first(EVERY_REQUESTER, "police"),
            "authenticated": ["yes"],
            "setting": ["case_conference"],
            "ground": ["case_conference_authorised", "case_conference_by_law"],
            "category": first(EVERY_CATEGORY, "aid"),
        },
        "may",
        "signatories",
    ),
    "be.consent": Case(
        {
            **OPEN,
            "form": ["written", "written_reasoned"],
            "authenticated": ["yes"],
            "ground": first(set(VOCABULARY["ground"]) - {"litigation_file", "own_defence"}, "none"),
            "consent": ["express_specific_written"],
            "category": first(PLAIN, "aid"),
        },
        "may",
        "signatories",
        ("disputed",),
    ),
    "be.shared": Case(
        {**SHARED, "consent": ["informed", "express_specific_written"], "category": first(PLAIN | {"medical"}, "aid")},
        "may",
        "signatories",
    ),
    "be.shared.confidence": Case(
        {**SHARED, "consent": ["express_specific_written"], "category": ["confidence"]}, "may", "signatories"
    ),
    "be.flow": Case(
        {
            "requester": first(
                EVERY_REQUESTER - {"police", "police_for_judge", "prosecutor", "councillor", "union_delegate"},
                "social_security_institution",
            ),
            "authenticated": ["yes"],
            "ground": ["authorised_flow"],
            "statute": ["verified"],
            "category": first(PLAIN, "aid"),
        },
        "may",
        "authorised_flow",
    ),
    "be.victim": Case(
        {
            "requester": first(EVERY_REQUESTER, "prosecutor"),
            "form": ["written", "written_reasoned"],
            "authenticated": ["yes"],
            "offence": first(set(VOCABULARY["offence"]) - {"none"}, "other"),
            "person_role": ["victim_only_contact"],
            "category": first(EVERY_CATEGORY - {"third_party"}, "documents"),
        },
        "may",
        "signatories",
    ),
    "be.statutory.unread": Case(
        {**UNSOURCED, "ground": ["statutory_duty"], "statute": ["claimed", "verified"]}, *SILENT
    ),
    "be.litigation": Case({**UNSOURCED, "ground": ["litigation_file"]}, *SILENT),
    "be.defence": Case({**UNSOURCED, "ground": ["own_defence"]}, *SILENT),
    "be.production": Case({**UNSOURCED, "title": ["production_order"]}, *SILENT),
    "be.youth": Case({"requester": ["youth_protection"], "category": first(EVERY_CATEGORY, "aid")}, *SILENT),
    "be.access": Case(
        {
            "requester": ["person_concerned", "lawyer_of_person", "guardian_or_administrator"],
            "recipient": ["same_as_requester"],
            "authenticated": ["yes"],
            "ground": ["access_right"],
            "category": first(EVERY_CATEGORY - {"third_party"}, "medical"),
        },
        "own_right",
        "referent",
    ),
}
for name, dangers in (("victim", VICTIM), ("risk", RISK)):
    CASES |= {
        f"be.minors.{name}": Case({**dangers, **ASKED, **FROM_PROSECUTOR}, "may", "signatories", ("personal",)),
        f"be.minors.{name}.other": Case({**dangers, **TOLD, **TO_PROSECUTOR}, "may", "signatories", ("personal",)),
        f"be.minors.{name}.first": Case({**dangers, **FIRST, **TO_PROSECUTOR}, "may", "signatories", ("personal",)),
        f"be.minors.{name}.urgent": Case(
            {**dangers, **ASKED_NOW, **FROM_PROSECUTOR}, "may", "holder_now", ("personal",)
        ),
        f"be.minors.{name}.urgent_other": Case(
            {**dangers, **TOLD_NOW, **TO_PROSECUTOR, "requester": first(EVERY_REQUESTER, "school")},
            "may",
            "holder_now",
            ("personal",),
        ),
    }


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


# Obligations of the mission that can be read off the boxes, over every epoch.


def epochs() -> list[tuple[date, date]]:
    days = {date(1976, 1, 1), TODAY}
    for rule in PACK.rules:
        days |= {rule.annulled_on} if rule.annulled_on else set()
        days |= {day for interval in rule.in_force for day in (interval.start, interval.end) if day}
    return [(on, known) for on in sorted(days) for known in sorted(days) if known >= on]


def test_no_two_rules_conflict_in_any_epoch() -> None:
    for on, known in epochs():
        for one, other in combinations([rule for rule in PACK.rules if rule.holds(on, known)], 2):
            if one.verdict != other.verdict and meet(one, other):
                assert other.id in PACK.yielding[one.id] or one.id in PACK.yielding[other.id], (one.id, other.id)


def meet(one: Rule, other: Rule) -> bool:
    return all(
        set(one.when.get(name, values)) & set(other.when.get(name, values)) for name, values in VOCABULARY.items()
    )


def granting() -> list[Rule]:
    return [rule for rule in PACK.rules if rule.verdict != "silence"]


def test_a_grant_asks_for_authentication_except_in_danger_or_a_search_or_when_nobody_asks() -> None:
    for rule in granting():
        assert (
            rule.when.get("authenticated") == ("yes",)
            or rule.when.get("setting") in {("urgent_danger",), ("search_or_seizure",)}
            or rule.when.get("requester") == ("nobody",)
        ), rule.id


def test_consent_never_opens_what_concerns_others_and_alone_opens_no_confidence() -> None:
    for rule in granting():
        if "consent" in rule.when:
            assert "withdrawn" not in rule.when["consent"]
            kept = {"third_party"} if "ground" in rule.when else {"third_party", "confidence", "medical"}
            assert not kept & set(rule.when["category"]), rule.id
            assert "confidence" not in rule.when["category"] or rule.when["consent"] == ("express_specific_written",)


def test_an_administrative_duty_never_takes_confidences_or_medical_data() -> None:
    for rule in granting():
        if rule.when.get("ground") == ("terrorism_administrative_data",):
            assert not {"third_party", "confidence", "medical"} & set(rule.when["category"]), rule.id


def test_an_oral_request_of_police_or_prosecutor_opens_nothing_but_for_a_danger() -> None:
    for rule in granting():
        oral = "oral" in rule.when.get("form", ("oral",)) and "ordinary" in rule.when.get("setting", ("ordinary",))
        if oral and {"police", "prosecutor"} & set(rule.when.get("requester", VOCABULARY["requester"])):
            assert "danger" in rule.when, rule.id


def test_police_and_prosecutor_never_hear_a_testimony() -> None:
    assert not {"police", "police_for_judge", "prosecutor"} & set(RULES["be.testimony"].when["requester"])


def test_a_worker_decides_alone_only_what_is_personal_or_a_search() -> None:
    for rule in granting():
        if rule.decided_by in {"holder_now", "summoned_person"}:
            named = {"personal", "duty_to_help"} & set(rule.flags)
            assert named or rule.verdict in {"may_testify", "do_not_obstruct"}, rule.id
