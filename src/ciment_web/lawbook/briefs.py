"""A bill in words: for its page, and as the values of a printable brief."""

from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.law import Pack
from ciment_web.governance.letterhead import head_of
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution
from ciment_web.law import word_for
from ciment_web.lawbook.bills import Comparison
from ciment_web.lawbook.cards import describe_source, say_condition
from ciment_web.lawbook.telling import (
    describe_shifts,
    tell_answer,
    tell_example,
    tell_limits,
    tell_necessity,
    tell_sides,
)
from ciment_web.letters import BillBrief, BriefChange, BriefSource, Letterhead

# Two pages hold no more, and the page of the bill has them all.
_MOST_EXAMPLES = 3
_MOST_TODAY = 3


def ask() -> str:
    """Return the question put to every text."""
    return _("Que permet ce texte que la nécessité ne permet pas déjà ?")


def write_brief(institution: Institution, pack: Pack, comparison: Comparison, day: date) -> BillBrief:
    """Return the brief of a compared bill, as of one day."""
    head = head_of(institution)
    bill, shifts = comparison.bill, describe_shifts(comparison.shifts)
    return BillBrief(
        letterhead=Letterhead(
            institution=institution.name,
            address=head.address,
            contact=head.contact,
            language=reading_language(),
        ),
        date=day,
        title=bill.title[reading_language()],
        question=ask(),
        answer=tuple(tell_answer(comparison)),
        summary=(bill.summary[reading_language()], tell_sides(comparison)),
        today=tell_today(comparison)[:_MOST_TODAY],
        shared=tuple(capfirst(say_condition(each)) for each in shifts["shared"]),
        changes=tuple(
            BriefChange(
                when=capfirst(" ; ".join(row["when"])) or tell_unbound(row["before"]),
                what=row["what"],
                before=capfirst(row["before"]),
                after=capfirst(row["after"]),
            )
            for row in shifts["rows"]
        ),
        examples=tell_examples(comparison)[:_MOST_EXAMPLES],
        necessity=tuple(tell_necessity(comparison)),
        sources=tuple(
            BriefSource(ref=each.ref, status=word_for("status", each.status), url=each.url)
            for each in comparison.sources
        ),
        limits=tuple(tell_limits(comparison)),
        pack=pack.name,
        digest=pack.digest,
    )


def describe_bill(comparison: Comparison) -> dict[str, Any]:
    """Return the page of a compared bill."""
    bill = comparison.bill
    return {
        "bill": bill.name,
        "title": bill.title[reading_language()],
        "summary": bill.summary[reading_language()],
        "sides": tell_sides(comparison),
        "question": ask(),
        "answer": tell_answer(comparison),
        "today": tell_today(comparison),
        "changes": describe_shifts(comparison.shifts),
        "necessity": tell_necessity(comparison),
        "sources": [describe_source(source) for source in comparison.sources],
        "limits": tell_limits(comparison),
    }


def tell_unbound(before: str) -> str:
    """Return when a shift happens that has no condition of its own."""
    return _("Des situations où le droit, sans le texte, dit « %(before)s »") % {"before": before}


def tell_today(comparison: Comparison) -> tuple[str, ...]:
    """Return what the law says, without the text, of the situations that change: each sentence once."""
    examples = (facts for shift in comparison.shifts for facts in shift.examples)
    return tuple(dict.fromkeys(comparison.outcomes(facts)[0].texts[reading_language()] for facts in examples))


def tell_examples(comparison: Comparison) -> tuple[str, ...]:
    """Return an example of each shift, each of another kind where there are several, then the others."""
    shifts = comparison.shifts
    first = [shift.examples[place % len(shift.examples)] for place, shift in enumerate(shifts)]
    others = [facts for shift in shifts for facts in shift.examples if facts not in first]
    return tuple(tell_example(facts, comparison.outcomes(facts)) for facts in (*first, *others))
