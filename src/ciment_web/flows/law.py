"""The rules under which something may flow: chosen from the pack in force, never written freely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ciment.law import VOCABULARY, Pack, Rule, parse_facts, qualify
from ciment_web.flows.terms import Terms
from ciment_web.inquiries.documents import today
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of

# What a member shows each time is asked here; a rule that asks for more (an offence, a danger, a warrant) is for one
# case, looked at as one case.
_ASKED = ("form", "authenticated", "ground", "statute", "consent", "recipient_bound")
_OPENING = frozenset({"may", "must"})
_DECIDED = frozenset({"authorised_flow", "signatories"})


@dataclass(frozen=True)
class Basis:
    """A rule under which these kinds of information may flow to that kind of recipient, and what it asks for."""

    rule: Rule
    facts: dict[str, str]
    text: str


def bases_for(institution: Institution, requester: str, categories: Sequence[str]) -> list[Basis]:
    """Return the rules of the pack in force that let every one of `categories` flow to `requester`; often none.

    Raises:
        PackUntrusted: no key that the institution pinned vouches for the pack.
        UnknownFact: for a word outside the vocabulary.
    """
    pack, on = pack_of(institution), today(institution)
    found = []
    for rule in pack.rules:
        if not rule.holds(on, on) or not _may_recur(rule):
            continue
        facts = {name: _least(rule, name) for name in _ASKED if name in rule.when}
        if _decides(pack, institution, rule, {**facts, "requester": requester, "category": list(categories)}):
            found.append(Basis(rule.as_of(on), facts, rule.text[reading_language()]))
    return found


def answer_to(institution: Institution, terms: Terms) -> dict[str, Any]:
    """Return what the pack in force answers to a flow's facts today."""
    answer = qualify(pack_of(institution), parse_facts(terms.situation), today(institution))
    return dict(answer.to_json(institution.language))


def _may_recur(rule: Rule) -> bool:
    others = [name for name in rule.when if name not in (*_ASKED, "requester", "category")]
    return (
        rule.verdict in _OPENING
        and rule.decided_by in _DECIDED
        and "personal" not in rule.flags
        and all(VOCABULARY[name][0] in rule.when[name] for name in others)
    )


def _least(rule: Rule, name: str) -> str:
    # In the order of the vocabulary, which begins with what is least favourable to disclosure.
    return next(value for value in VOCABULARY[name] if value in rule.when[name])


def _decides(pack: Pack, institution: Institution, rule: Rule, facts: dict[str, Any]) -> bool:
    answer = qualify(pack, parse_facts(facts), today(institution))
    return all(
        rule.id in verdict.rules and verdict.verdict == rule.verdict and verdict.decided_by in _DECIDED
        for verdict in answer.verdicts.values()
    )
