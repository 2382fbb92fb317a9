"""The law's answer, category by category, in words for a page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ciment_web.inquiries.models import Qualification
from ciment_web.law import word_for


def describe_verdicts(qualification: Qualification) -> list[dict[str, Any]]:
    """Return the cards of a stored qualification."""
    return describe_answer(qualification.answer, frozenset(qualification.silenced))


def describe_answer(
    answer: Mapping[str, Any], silenced: frozenset[str] = frozenset(), misses: int = 3
) -> list[dict[str, Any]]:
    """Return the cards of an answer, in the variables of components/verdict.html: one for each distinct verdict.

    Of the near misses of a verdict, the nearest ones: at most `misses`.
    """
    described = [
        _describe(category, verdict, is_silenced=category in silenced, misses=misses)
        for category, verdict in answer["verdicts"].items()
    ]
    # Categories that share one answer share one card: twelve times the same silence would hide the one difference.
    grouped: dict[str, dict[str, Any]] = {}
    for each in described:
        key = repr(
            [each[name] for name in ("verdict", "text", "decided_by", "status", "flags", "rules", "near_misses")]
        )
        if key in grouped:
            grouped[key]["subject"] += f", {each['subject']}"
        else:
            grouped[key] = each
    return list(grouped.values())


def assumed_words(answer: Mapping[str, Any]) -> list[str]:
    """Return the attributes that nobody stated, in words."""
    return [word_for("attribute", name) for name in answer["assumed"]]


def _describe(category: str, verdict: Mapping[str, Any], *, is_silenced: bool, misses: int) -> dict[str, Any]:
    text = verdict["text"]
    if is_silenced:
        text = _("L’institution a choisi de se taire. ") + text
    return {
        "verdict": "silence" if is_silenced else verdict["verdict"],
        "subject": word_for("category", category),
        "text": text,
        "decided_by": word_for("decided_by", "signatory" if is_silenced else verdict["decided_by"]),
        "status": verdict["status"],
        "rules": verdict["rules"],
        "sources": verdict["sources"],
        "flags": [word_for("flag", flag) for flag in verdict["flags"]],
        "near_misses": [] if is_silenced else [_describe_miss(miss) for miss in verdict["near_misses"][:misses]],
    }


def _describe_miss(miss: Mapping[str, Any]) -> dict[str, Any]:
    changes = [
        _("%(name)s : %(value)s")
        % {"name": word_for("attribute", name), "value": _(" ou ").join(word_for(name, value) for value in values)}
        for name, values in miss["changes"].items()
    ]
    return {"verdict": word_for("verdict", miss["verdict"]), "changes": changes}
