"""A rule of the pack in words: the variables of lawbook/_rule.html."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ciment.law import VOCABULARY, Interval, Rule, Source
from ciment_web.institutions.languages import reading_language
from ciment_web.law import word_for
from ciment_web.letters.wording import load_wording, write_date

# Beyond, naming the values a condition leaves out reads better than naming those it accepts.
_FEW = 4


def describe_rule(rule: Rule) -> dict[str, Any]:
    """Return a rule as a card."""
    return {
        "id": rule.id,
        "verdict": rule.verdict,
        "word": word_for("verdict", rule.verdict),
        "text": rule.text[reading_language()],
        "decided_by": word_for("decided_by", rule.decided_by),
        "flags": [word_for("flag", flag) for flag in rule.flags],
        "status": rule.status,
        "conditions": describe_conditions(rule.when),
        "sources": [describe_source(source) for source in rule.sources],
        "history": describe_history(rule),
        "annulled": rule.annulled_on,
        "overrides": rule.overrides,
    }


def describe_families(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return one card for each verdict on the same sources: the first rule's, with the others as its variants."""
    families: dict[tuple[str, tuple[Source, ...]], list[Rule]] = {}
    for rule in rules:
        families.setdefault((rule.verdict, rule.sources), []).append(rule)
    return [
        {
            **describe_rule(first),
            "variants": [{"id": rule.id, "text": rule.text[reading_language()]} for rule in others],
        }
        for first, *others in families.values()
    ]


def describe_conditions(when: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    """Return each condition in words: an attribute, and the values it accepts or those it leaves out."""
    described = []
    for attribute, accepted in when.items():
        wanted = set(accepted)
        kept = [value for value in VOCABULARY[attribute] if value in wanted]
        left = [value for value in VOCABULARY[attribute] if value not in wanted]
        is_exception = len(left) < len(kept) and len(kept) > _FEW
        described.append(
            {
                "name": word_for("attribute", attribute),
                "values": [word_for(attribute, value) for value in (left if is_exception else kept)],
                "is_exception": is_exception,
                # What is asked is then said by the name alone.
                "is_stated": kept == ["yes"],
            }
        )
    return described


def say_condition(condition: Mapping[str, Any]) -> str:
    """Return one described condition as one line."""
    if condition["is_stated"]:
        return str(condition["name"])
    if condition["is_exception"]:
        return _("%(name)s : tout sauf %(values)s") % {
            "name": condition["name"],
            "values": _(" et ").join(_("« %(word)s »") % {"word": value} for value in condition["values"]),
        }
    return _("%(name)s : %(values)s") % {"name": condition["name"], "values": _(" ou ").join(condition["values"])}


def describe_source(source: Source) -> dict[str, Any]:
    """Return a source with how far it was read, and the days of the law for which it is the reference."""
    return {
        "ref": source.ref,
        "url": source.url,
        "checked": write_day(source.checked),
        "status": word_for("status", source.status),
        "cited": _say_interval(source.cited) if source.cited != Interval(None, None) else "",
    }


def describe_history(rule: Rule) -> list[str]:
    """Return what is known of the days of a rule, one sentence each."""
    told = [_say_force(interval) for interval in rule.in_force]
    if rule.annulled_on:
        told.append(
            _("Annulation le %(day)s : depuis ce jour, on sait que cette règle n’a jamais existé.")
            % {"day": write_day(rule.annulled_on)}
        )
    return told


def write_day(day: date) -> str:
    """Return a day in French words."""
    return write_date(load_wording(reading_language()), day)


def _say_force(interval: Interval) -> str:
    if interval == Interval(None, None):
        return _("En vigueur ; date d’entrée en vigueur non lue, ou principe non écrit.")
    return _("En vigueur %(when)s.") % {"when": _say_interval(interval)}


def _say_interval(interval: Interval) -> str:
    start = write_day(interval.start) if interval.start else ""
    end = write_day(interval.end) if interval.end else ""
    if start and end:
        return _("du %(start)s au %(end)s, ce dernier jour non compris") % {"start": start, "end": end}
    return _("depuis le %(start)s") % {"start": start} if start else _("avant le %(end)s") % {"end": end}
