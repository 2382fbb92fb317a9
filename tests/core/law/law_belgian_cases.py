"""For each rule of the Belgian pack, a situation that yields it, and the values of each fact that keep it.

Written by hand, not derived. A fact not named may take any value without undoing the rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ciment.law import VOCABULARY

TODAY = date(2026, 11, 24)

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
