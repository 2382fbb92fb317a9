"""A flow in words: what the signatories agree to is what every member reads."""

from collections.abc import Sequence
from datetime import date

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.canon import CimentError
from ciment.law import Rule
from ciment_web.flows.terms import CHANNELS, Opinion, Template, Terms
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of, word_for

Told = Sequence[tuple[str, str]]


def tell_template(template: Template, institution: Institution) -> Told:
    """Return the frozen text in words: titles and texts."""
    return [
        *tell_terms(template.terms, institution),
        (_("Avis de la personne déléguée"), tell_opinion(template.opinion)),
    ]


def tell_terms(terms: Terms, institution: Institution) -> Told:
    """Return the terms in words: titles and texts."""
    return [
        (_("À qui"), f"{capfirst(word_for('requester', terms.requester))} : {terms.service}"),
        (_("Ce qui peut être dit"), tell_categories(terms.categories)),
        (_("Pourquoi"), terms.purpose),
        (_("Sur quelle règle"), _tell_rule(terms.rule, institution)),
        (_("À condition que"), tell_conditions(terms)),
        (_("Par où"), f"{capfirst(str(CHANNELS[terms.channel]))} : {terms.address}"),
        (_("Comment ce canal a été vérifié"), terms.verified),
        (_("Responsable"), terms.owner_name),
        (_("Jusqu’au"), tell_day(terms.last_day)),
        (_("Contrôle mensuel"), _("%(rate)s %% des communications, au moins une") % {"rate": terms.sample}),
    ]


def tell_categories(categories: Sequence[str]) -> str:
    """Return kinds of information as one phrase."""
    return capfirst(", ".join(word_for("category", category) for category in categories))


def tell_conditions(terms: Terms) -> str:
    """Return what the rule asks for, each time."""
    asked = [
        f"{capfirst(word_for('attribute', name))} : {word_for(name, value)}" for name, value in terms.facts.items()
    ]
    return "\n".join(asked) or _("Aucune condition de plus.")


def tell_opinion(opinion: Opinion) -> str:
    """Return the officer's opinion as one text."""
    said = _("favorable") if opinion.favourable else _("défavorable")
    given = {"said": said, "name": opinion.name, "day": tell_day(date.fromisoformat(opinion.given_on))}
    return _("Avis %(said)s de %(name)s, le %(day)s.") % given + f"\n{opinion.text}"


def tell_day(day: date) -> str:
    """Return a day as people write it."""
    return formats.date_format(day, "j F Y")


def rule_of(rule_id: str, institution: Institution) -> Rule | None:
    """Return a rule of the pack in force, if it is still there and somebody vouches for the pack."""
    try:
        rules = pack_of(institution).rules
    except CimentError:
        return None
    return next((rule for rule in rules if rule.id == rule_id), None)


def _tell_rule(rule_id: str, institution: Institution) -> str:
    rule = rule_of(rule_id, institution)
    if rule is None:
        return _("%(rule)s, qui n’est plus dans le recueil de droit en vigueur") % {"rule": rule_id}
    sources = [f"– {source.ref} ({word_for('status', source.status)})" for source in rule.sources]
    return "\n".join([f"{rule_id}. {rule.text[reading_language()]}", *sources])
