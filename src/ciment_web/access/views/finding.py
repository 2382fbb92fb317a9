"""The referent's pages: find what speaks of the person, have the readings extracted, make the statement."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from ciment_web.access.actions.readings import ask_readings, auditors, extract_readings, open_readings
from ciment_web.access.actions.search import confirm_hit, read_findings, search_requests
from ciment_web.access.actions.state import NotYet, make_statement, progress_of
from ciment_web.access.content import open_content
from ciment_web.access.findings import Findings, verdict_of
from ciment_web.access.keys import open_key
from ciment_web.access.models import PersonRequest
from ciment_web.access.permissions import can_extract, can_search
from ciment_web.access.queries import get_asked, get_request
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import must_state_recusal
from ciment_web.inquiries.queries import visible
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@require_http_methods(["GET", "POST"])
def search(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Show what was found; on POST, open every request the referent may read and compare names."""
    asked = get_request(request.actor, request_id)
    require(can_search(request.actor, asked))
    if request.method == "POST":
        search_requests(request.actor, asked)
        return redirect("person-search", slug=slug, request_id=request_id)
    return _show(request, asked)


@require_POST
def confirm(request: SignedIn, slug: str, request_id: uuid.UUID, found_id: uuid.UUID) -> HttpResponse:
    """Take the referent's word on one hit."""
    asked = get_request(request.actor, request_id)
    if request.POST.get("same") in ("yes", "no"):
        confirm_hit(request.actor, asked, str(found_id), same=request.POST["same"] == "yes")
    return redirect("person-search", slug=slug, request_id=request_id)


@require_http_methods(["GET", "POST"])
def readings(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Let a referent ask for the readings, and an auditor extract them."""
    actor = request.actor
    if request.method == "POST" and request.POST.get("do") == "ask":
        ask_readings(actor, get_request(actor, request_id))
        return redirect("person-search", slug=slug, request_id=request_id)
    asked = get_asked(actor, request_id)
    require(can_extract(actor, asked))
    found = extract_readings(actor, asked) if request.method == "POST" else None
    return render(request, "access/readings.html", {"asked": asked, "found": found, "done": found is not None})


@require_POST
def make(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Make the statement."""
    asked = get_request(request.actor, request_id)
    try:
        make_statement(request.actor, asked)
    except NotYet:
        # What is missing stands on the page, with what to do about it.
        return _show(request, asked, status=409)
    return redirect("person", slug=slug, request_id=request_id)


def _show(request: SignedIn, asked: PersonRequest, status: int = 200) -> HttpResponse:
    actor = request.actor
    found = read_findings(actor, asked)
    content = open_content(asked, open_key(actor, asked, "request"))
    progress = progress_of(actor, asked, content)
    rows = {str(each.id): each for each in visible(actor).filter(id__in=[hit.inquiry for hit in found.hits])}
    given = open_readings(actor, asked)
    page = {
        "asked": asked,
        "content": content,
        "found": found,
        "missed": found.received - len(found.opened),
        "unanswered": _unanswered(request, found)[:20],
        "hits": [_describe(request, asked, found, hit.inquiry, rows.get(hit.inquiry)) for hit in found.hits],
        "progress": progress,
        "tasks": [_TASKS[name] for name in progress.missing],
        "readings": given,
        "may_ask": bool(found.at) and bool(auditors(actor)),
        "waits": bool(asked.sealed_asked) and given is None,
    }
    return render(request, "access/findings.html", page, status=status)


def _unanswered(request: SignedIn, found: Findings) -> list[Inquiry]:
    """Return the requests that stay closed to the referent until the question of ties is answered."""
    waiting = visible(request.actor).exclude(id__in=found.opened).order_by("received_at")
    return [each for each in waiting[:50] if must_state_recusal(request.actor, each)]


def _describe(
    request: SignedIn, asked: PersonRequest, found: Findings, inquiry: str, row: Inquiry | None
) -> dict[str, Any]:
    hit = next(each for each in found.hits if each.inquiry == inquiry)
    return {
        "id": inquiry,
        "row": row,
        "about": hit.about,
        "full": hit.closeness == "full",
        "same": verdict_of(request.actor, asked, found, inquiry),
    }


_TASKS = {
    "search": _("Lancez la recherche."),
    "verdicts": _("Dites, pour chaque demande trouvée, si elle concerne bien cette personne."),
    "unread": _(
        "Une demande confirmée ne vous est pas ouverte : une autre référente ou un autre référent doit établir le relevé."
    ),
    "undecided": _("Décidez, pour chaque demande qui l’attend, si la personne est informée ou si l’on diffère."),
    "second": _("Une deuxième personne doit encore dire qu’elle a vérifié identité et mandat."),
    "readings": _("Demandez les lectures à la personne déléguée à la protection des données."),
}
