"""The pages of danger: one that anybody reads at once, and those where a member states what is known."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from ciment_web.governance.alerts import latest_alert
from ciment_web.governance.rota import phones_of
from ciment_web.inquiries.phrases import danger_now, danger_soon
from ciment_web.inquiries.verdicts import describe_answer
from ciment_web.law import word_for
from ciment_web.members.middleware import SignedIn, public
from ciment_web.members.refusals import require
from ciment_web.necessity.actions import NewStatement, Stated, add_statement, read_necessity, record_necessity
from ciment_web.necessity.forms import FACTS, StatementForm
from ciment_web.necessity.permissions import can_state
from ciment_web.necessity.queries import get_necessity, latest


@public
@require_safe
def show_danger(request: SignedIn, slug: str) -> HttpResponse:
    """Show what to do when a life is in danger: no account, no cookie, nothing to fill in."""
    del slug
    # The number is for those who work here; the page itself is for anybody.
    phones = phones_of(request.institution) if getattr(request, "actor", None) is not None else ()
    return render(request, "necessity/danger.html", {**_first_lines(), "phones": phones})


@require_GET
def list_necessities(request: SignedIn, slug: str) -> HttpResponse:
    """List the situations the member may open."""
    del slug
    return render(request, "necessity/list.html", {"rows": latest(request.actor)})


@require_http_methods(["GET", "POST"])
def new_necessity(request: SignedIn, slug: str) -> HttpResponse:
    """Ask the conditions one by one; whatever is sent, even nothing, the institution takes over."""
    require(can_state(request.actor))
    form = StatementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        necessity = record_necessity(request.actor, _stated(form))
        return redirect("necessity", slug=slug, necessity_id=necessity.id)
    page = {"form": form, "phones": phones_of(request.institution), **_first_lines(), **_who_sees()}
    return render(request, "necessity/new.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def show_necessity(request: SignedIn, slug: str, necessity_id: uuid.UUID) -> HttpResponse:
    """Show a situation with what the law says of it; take what is known now."""
    necessity = get_necessity(request.actor, necessity_id)
    form = StatementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        add_statement(request.actor, necessity, _stated(form))
        return redirect("necessity", slug=slug, necessity_id=necessity.id)
    opened = read_necessity(request.actor, necessity)
    if not form.is_bound and opened:
        # What was stated of the facts stands until something else is; words are not repeated.
        form = StatementForm(initial=opened[0].row.facts)
    verdicts = _verdicts(opened[0]) if opened else []
    statements = [_describe(each) for each in opened]
    page = {
        "necessity": necessity,
        "form": form,
        "statements": statements,
        # Of nothing stated the law would say silence, which nobody in danger should read.
        "stated": bool(statements and statements[0]["facts"]),
        "silent": any(card["verdict"] == "silence" for card in verdicts),
        "verdicts": verdicts,
        "assumed": _assumed(opened[0]) if opened else [],
        "alert": latest_alert(request.actor, necessity.id),
        "phones": phones_of(request.institution),
        **_first_lines(),
        **_who_sees(),
    }
    return render(request, "necessity/necessity.html", page, status=422 if form.errors else 200)


def _stated(form: StatementForm) -> NewStatement:
    return NewStatement(form.words(), form.facts())


def _first_lines() -> dict[str, Any]:
    soon_title, soon = danger_soon()
    return {"now": danger_now(), "soon_title": soon_title, "soon": soon}


def _who_sees() -> dict[str, Any]:
    return {
        "readers": _("Vous, le référent et les signataires de l’institution. Le texte est scellé."),
        "next": _(
            "Un avis sans aucun contenu part aussitôt à la permanence, puis à ses suppléants et à tous les signataires si personne ne lit. Si personne ne rappelle, téléphonez."
        ),
    }


def _describe(stated: Stated) -> dict[str, Any]:
    row, words = stated.row, stated.words
    written = (
        (_("Ce que l’on sait"), words.known),
        (_("Depuis quand"), words.since),
        (_("Par qui"), words.source),
        (_("Ce qui a été essayé"), words.tried),
        (_("Ce qui est dit, et à qui"), words.told),
        (_("À quelle heure"), words.told_at),
    )
    facts = [
        (word_for("attribute", name), word_for(name, str(value)))
        for name, value in row.facts.items()
        if name not in ("requester", "setting")
    ]
    return {
        "by": row.stated_by.name,
        "at": row.stated_at,
        "words": [(title, text) for title, text in written if text],
        "facts": facts,
    }


def _verdicts(stated: Stated) -> list[dict[str, Any]]:
    if stated.row.answer is None:
        return []
    cards = describe_answer(stated.row.answer, misses=4)
    # One answer for everything needs no list of twelve kinds of information above it.
    return [{**card, "subject": _("Le strict nécessaire")} for card in cards] if len(cards) == 1 else cards


def _assumed(stated: Stated) -> list[str]:
    """Return the conditions that nobody stated, in words."""
    assumed = stated.row.answer["assumed"] if stated.row.answer else ()
    return [word_for("attribute", name) for name in FACTS if name in assumed]
