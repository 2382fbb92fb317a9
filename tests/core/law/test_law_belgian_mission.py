"""Obligations of the mission that can be read off the boxes of the Belgian pack, over every epoch."""

from datetime import date
from itertools import combinations

from ciment.law import VOCABULARY, Rule, load_pack

TODAY = date(2026, 11, 24)
PACK = load_pack("be")
RULES = {rule.id: rule for rule in PACK.rules}


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
