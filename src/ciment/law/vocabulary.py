"""The closed words of the law: attributes with their values, verdicts, who decides, flags and statuses.

These are public names: keys and values of the facts people send and of the packs lawyers write. Values may be added
when the law needs them, never renamed. The first value of an attribute is its default, the least favourable to
disclosure.
"""

from collections.abc import Mapping
from types import MappingProxyType

VOCABULARY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "requester": (
            "nobody",
            "police",
            "police_for_judge",
            "prosecutor",
            "labour_auditor",
            "investigating_judge",
            "court",
            "parliamentary_inquiry",
            "intelligence_service",
            "immigration_office",
            "social_inspection",
            "tax_administration",
            "social_security_institution",
            "municipality",
            "other_centre",
            "partner_service",
            "councillor",
            "union_delegate",
            "bailiff",
            "lawyer_of_person",
            "guardian_or_administrator",
            "other_lawyer",
            "housing",
            "employer",
            "school",
            "health_professional",
            "emergency_services",
            "youth_protection",
            "supervisory_authority",
            "relative",
            "press",
            "person_concerned",
        ),
        "recipient": (
            "same_as_requester",
            "prosecutor",
            "emergency_services",
            "youth_protection",
            "person_in_danger",
            "health_professional",
            "other_authority",
        ),
        "form": ("oral", "written", "written_reasoned"),
        "authenticated": ("no", "yes"),
        "setting": (
            "ordinary",
            "judicial_investigation",
            "sworn_testimony",
            "search_or_seizure",
            "case_conference",
            "urgent_danger",
        ),
        "title": ("none", "consent_to_search", "production_order", "flagrante", "warrant"),
        "ground": (
            "none",
            "terrorism_administrative_data",
            "terrorism_serious_indications",
            "statutory_duty",
            "case_conference_by_law",
            "case_conference_authorised",
            "shared_secret",
            "access_right",
            "litigation_file",
            "own_defence",
            "authorised_flow",
        ),
        "statute": ("none", "claimed", "verified"),
        "offence": ("none", "terrorism", "listed_458bis", "social_fraud", "other"),
        "person_role": ("unknown", "author", "victim_only_contact"),
        "consent": ("none", "withdrawn", "informed", "express_specific_written"),
        "recipient_bound": ("no", "yes"),
        "danger": ("none", "possible", "grave", "serious_and_real", "grave_and_imminent"),
        "danger_to": ("nobody", "person", "identified_other", "other_vulnerable"),
        "other_means": ("available", "exhausted"),
        "protected_interest": ("lower", "equal_or_higher"),
        "self_created": ("yes", "no"),
        "category": (
            "existence",
            "identity",
            "address",
            "household",
            "contact",
            "attendance",
            "aid",
            "bank",
            "documents",
            "confidence",
            "third_party",
            "medical",
        ),
    }
)

REQUIRED = ("requester", "category")
"""Attributes without which there is no question to answer; all others have a default."""

VERDICTS = ("silence", "may", "must", "may_testify", "do_not_obstruct", "own_right")

DECIDERS = (
    "holder_now",
    "summoned_person",
    "dg_or_president",
    "signatories",
    "authorised_flow",
    "referent",
    "signatory",
)
"""Who decides, first the one who prevails when several rules decide together."""

FLAGS = ("disputed", "duty_to_help", "personal")

STATUSES = ("confirmed", "partly_read", "to_confirm")
"""How far a source was checked, from best to worst: an answer carries the worst of its sources."""
