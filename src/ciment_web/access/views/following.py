"""The page of one person's request: its clock, its checks, its statement."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ciment.vault import InvalidRecipient
from ciment_web.access import permissions
from ciment_web.access.actions.extend import extend_request, extension_reason
from ciment_web.access.actions.hand import (
    Handing,
    hand_over,
    open_packet,
    open_statement,
    packet_words,
    prove_statement,
)
from ciment_web.access.actions.record import check_request, read_mandate, read_request, seconds_for, take_over
from ciment_web.access.clock import due_on
from ciment_web.access.content import Content
from ciment_web.access.forms import ACTING, IDENTITIES, WANTED, HandForm, ReasonForm
from ciment_web.access.keys import open_key
from ciment_web.access.models import PersonRequest, PersonStatement
from ciment_web.access.queries import get_request
from ciment_web.access.signing import checked_by
from ciment_web.inquiries.documents import today
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Member


@require_GET
def show_request(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Show a person's request; the reading leaves its trace."""
    del slug
    return _show(request, get_request(request.actor, request_id))


@require_POST
def check(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Take the signature of a second person who checked."""
    check_request(request.actor, get_request(request.actor, request_id))
    return redirect("person", slug=slug, request_id=request_id)


@require_POST
def extend(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Extend the clock, with a reason."""
    asked = get_request(request.actor, request_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        extend_request(request.actor, asked, form.cleaned_data["reason"])
        return redirect("person", slug=slug, request_id=request_id)
    return _show(request, asked, extension=form)


@require_POST
def take(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Let an auditor take a correction or an erasure over."""
    take_over(request.actor, get_request(request.actor, request_id))
    return redirect("person", slug=slug, request_id=request_id)


@require_POST
def hand(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Hand the statement over, in person or as a packet."""
    asked = get_request(request.actor, request_id)
    form = HandForm(request.POST)
    if form.is_valid():
        way = Handing(packet=form.cleaned_data["way"] == "packet", recipient=form.cleaned_data["recipient"])
        try:
            hand_over(request.actor, asked, way)
            return redirect("person", slug=slug, request_id=request_id)
        except InvalidRecipient:
            form.add_error(
                "recipient", _("Ce n’est pas une clé. Elle commence par « age1 » et s’écrit d’un seul tenant.")
            )
    return _show(request, asked, handing=form)


@require_GET
def show_mandate(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Give the picture of the mandate, as a download that no browser runs."""
    del slug
    asked = get_request(request.actor, request_id)
    return _download(read_mandate(request.actor, asked), "application/octet-stream", "mandat")


@require_GET
def show_statement(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Give the statement; the reading is in the register before it leaves."""
    del slug
    asked = _stated(request, request_id)
    return _download(open_statement(request.actor, asked), "application/pdf", "releve.pdf")


@require_GET
def show_proof(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Give the offline proof of the statement, once its entry is published."""
    del slug
    asked = _stated(request, request_id)
    proof = prove_statement(request.actor, asked)
    if proof is None:
        return render(request, "access/not_published.html", {"asked": asked}, status=409)
    return _download(proof, "text/plain; charset=utf-8", "releve.tlog-proof")


@require_GET
def show_packet(request: SignedIn, slug: str, request_id: uuid.UUID) -> HttpResponse:
    """Give the packet, which only the person opens."""
    del slug
    asked = _stated(request, request_id)
    if not asked.statement.sealed_packet:
        raise Http404
    return _download(open_packet(request.actor, asked), "application/octet-stream", "releve.age")


def _stated(request: SignedIn, request_id: uuid.UUID) -> PersonRequest:
    asked = get_request(request.actor, request_id)
    if not PersonStatement.objects.filter(request=asked).exists():
        raise Http404
    return asked


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(
    request: SignedIn, asked: PersonRequest, *, extension: ReasonForm | None = None, handing: HandForm | None = None
) -> HttpResponse:
    actor = request.actor
    content = read_request(actor, asked)
    statement = PersonStatement.objects.filter(request=asked).select_related("handed_by").first()
    checkers = checked_by(actor, asked, content)
    may = {
        "check": permissions.can_check(actor, asked) and actor.id not in checkers,
        "extend": permissions.can_extend(actor, asked)
        and today(request.institution) <= due_on(asked.received_on, extended=False),
        "search": permissions.can_search(actor, asked),
        "hand": permissions.can_hand_over(actor, asked),
        "take": permissions.can_take_over(actor, asked),
    }
    page = {
        "asked": asked,
        "content": content,
        "words": _words(content),
        "checkers": list(Member.objects.filter(institution=request.institution, id__in=checkers)),
        "alone": len(checkers) < 2 and bool(seconds_for(actor)),
        "clock": _clock(request, asked),
        "reason": extension_reason(asked, open_key(actor, asked, "request")),
        "statement": statement,
        "secret": packet_words(actor, asked) if statement else "",
        "may": may,
        "extension": extension or ReasonForm(),
        "handing": handing or HandForm(initial={"way": "person"}),
    }
    wrong = bool((extension and extension.errors) or (handing and handing.errors))
    return render(request, "access/request.html", page, status=422 if wrong else 200)


def _clock(request: SignedIn, asked: PersonRequest) -> dict[str, Any]:
    # Counted again from the day of reception, which is sealed with the words: the column only sorts lists.
    last = due_on(asked.received_on, extended=bool(asked.sealed_extension))
    left = (last - today(request.institution)).days
    return {"last": last, "left": left, "late": -left, "over": asked.state == PersonRequest.State.DONE}


def _words(content: Content) -> dict[str, Any]:
    def word(choices: Sequence[tuple[str, Any]], value: str) -> str:
        return str(dict(choices).get(value, value))

    return {
        "identity": word(IDENTITIES, content.identity),
        "acting": word(ACTING, content.acting),
        "wanted": word(WANTED, content.wanted),
    }
