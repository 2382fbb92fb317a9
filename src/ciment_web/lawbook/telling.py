"""What changes between two states of the law, in plain words."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.law import Facts, Outcome
from ciment_web.institutions.languages import reading_language
from ciment_web.law import word_for
from ciment_web.lawbook.bills import Comparison
from ciment_web.lawbook.cards import describe_conditions, say_condition, write_day
from ciment_web.lawbook.clauses import tell_situation, tell_verdict
from ciment_web.lawbook.shifts import Shift


def tell_example(facts: Facts, outcomes: tuple[Outcome, Outcome]) -> str:
    """Return a situation and what the law says of it without the text, then with it."""
    without, within = (tell_verdict(outcome.verdict) for outcome in outcomes)
    return _("%(situation)s Sans le texte, %(without)s ; avec lui, %(within)s.") % {
        "situation": tell_situation(facts),
        "without": without,
        "within": within,
    }


def describe_shifts(shifts: tuple[Shift, ...]) -> dict[str, Any]:
    """Return what all shifts have in common, then each with what it adds, its examples and its exact boxes."""
    first = shifts[0].common if shifts else {}
    shared = {
        name: values
        for name, values in first.items()
        if name != "category" and all(shift.common.get(name) == values for shift in shifts)
    }
    return {
        "shared": describe_conditions(shared),
        "rows": [_describe_shift(shift, frozenset(shared)) for shift in shifts],
    }


def _describe_shift(shift: Shift, shared: frozenset[str]) -> dict[str, Any]:
    further = {name: values for name, values in shift.common.items() if name not in shared and name != "category"}
    return {
        "before": word_for("verdict", shift.before),
        "after": word_for("verdict", shift.after),
        "verdict": shift.after,
        "when": [say_condition(each) for each in describe_conditions(further)],
        "what": _say_wanted(shift),
        "boxes": [[say_condition(each) for each in describe_conditions(box)] for box in shift.boxes],
        "examples": [tell_situation(facts) for facts in shift.examples],
    }


def tell_answer(comparison: Comparison) -> list[str]:
    """Return what the text adds to what necessity already allows, in few sentences."""
    groups = comparison.difference.groups
    if not groups:
        return [_("Rien : dans toutes les situations, le droit dit la même chose sans le texte et avec lui.")]
    told = []
    covered = [(group.before, group.after) for group in groups if group.covered_by_necessity]
    if covered:
        told.append(
            _("Là où une vie en dépend, on peut déjà parler ; le texte n’ouvre rien de plus : %(changes)s.")
            % {"changes": _say_changes(covered)}
        )
    else:
        told.append(_("La nécessité ne permet de parler dans aucune des situations que le texte change."))
    added = [(group.before, group.after) for group in groups if group.count > group.covered_by_necessity]
    if added:
        told.append(_("Ailleurs, le texte change le droit : %(changes)s.") % {"changes": _say_changes(added)})
    return told


def tell_necessity(comparison: Comparison) -> list[str]:
    """Return what necessity already allows without the text, with a situation that the text changes nevertheless."""
    if comparison.saved is None:
        return [rule.text[reading_language()] for rule in comparison.saving[:1]]
    rule, facts = comparison.saved
    example = tell_example(facts, comparison.outcomes(facts))
    return [
        rule.text[reading_language()],
        _("Par exemple : %(example)s") % {"example": example[0].lower() + example[1:]},
    ]


def tell_limits(comparison: Comparison) -> list[str]:
    """Return how the comparison was made, and what it does not show."""
    told = [
        _(
            "Le droit sans le texte et le droit avec lui sont comparés dans toutes les situations que les règles "
            "distinguent : aucune n’est tirée au sort, aucune n’est laissée de côté."
        ),
        _(
            "Chaque ligne donne ce que ses situations ont en commun. Une règle plus forte peut décider autrement de "
            "quelques-unes ; la page du texte donne les limites exactes."
        ),
    ]
    if comparison.difference.groups:
        count = f"{comparison.difference.changed:,}".replace(",", "\u202f")
        told.append(
            _(
                "Le calcul compte %(count)s situations dont la réponse change. Ce nombre dépend de la façon dont les "
                "valeurs sont découpées : il ne mesure ni des affaires, ni une part d’affaires."
            )
            % {"count": count}
        )
    if any(source.status != "confirmed" for source in comparison.sources):
        told.append(
            _("Des sources n’ont été lues qu’en partie ou restent à confirmer par un juriste : chacune dit jusqu’où.")
        )
    return told


def tell_sides(comparison: Comparison) -> str:
    """Return which two states of the law are compared."""
    bill = comparison.bill
    if bill.acts:
        return _("Comparé au droit du %(day)s, sans ce texte.") % {"day": write_day(comparison.before_on)}
    known = _(", tel qu’on le connaît depuis le %(day)s") % {"day": write_day(bill.known)}
    return _("Le droit du %(after)s%(known)s, comparé à celui du %(before)s.") % {
        "after": write_day(bill.on),
        "known": "" if bill.known == bill.on else known,
        "before": write_day(comparison.before_on),
    }


def _say_wanted(shift: Shift) -> str:
    if "category" not in shift.common:
        return _("Toute information")
    (wanted,) = describe_conditions({"category": shift.common["category"]})
    values = ", ".join(wanted["values"])
    return _("Tout sauf : %(values)s") % {"values": values} if wanted["is_exception"] else capfirst(values)


def _say_changes(pairs: list[tuple[str, str]]) -> str:
    before = {
        "silence": _("le silence"),
        "may": _("la faculté de parler"),
        "must": _("l’obligation de parler"),
        "may_testify": _("le libre témoignage"),
        "do_not_obstruct": _("l’absence d’opposition"),
        "own_right": _("le droit de la personne"),
    }
    after = {
        "silence": _("un silence imposé"),
        "may": _("une faculté de parler"),
        "must": _("une obligation de parler"),
        "may_testify": _("un libre témoignage"),
        "do_not_obstruct": _("une absence d’opposition"),
        "own_right": _("un droit de la personne"),
    }
    return " ; ".join(
        _("%(before)s devient %(after)s") % {"before": before[old], "after": after[new]}
        for old, new in dict.fromkeys(pairs)
    )
