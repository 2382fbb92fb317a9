"""Tell the person of one request, or put it off on a named restriction."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ciment_web.access.actions.tell import (
    defer_telling,
    open_notice,
    prove_notice,
    read_tellings,
    tell_person,
)
from ciment_web.access.forms import DeferForm, TellForm
from ciment_web.access.grounds import all_grounds
from ciment_web.access.letters import PersonAddress
from ciment_web.access.models import Telling
from ciment_web.access.outcomes import Outcome, may_be_told
from ciment_web.access.permissions import can_tell
from ciment_web.access.tellings import DEFER, TELL, Choice, Told
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.queries import get_inquiry
from ciment_web.members.middleware import SignedIn


@require_GET
def show_telling(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Ask whether the person is told of this request, and show what was decided."""
    del slug
    return _show(request, _inquiry(request, inquiry_id))


@require_POST
def tell(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Decide that the person is told."""
    inquiry = _inquiry(request, inquiry_id)
    form = TellForm(request.POST)
    if not form.is_valid():
        return _show(request, inquiry, telling=form)
    given = form.cleaned_data
    lines = (given["name"], *given["reach"].splitlines())
    to = PersonAddress(lines) if given["letter"] == "yes" else None
    tell_person(request.actor, inquiry, to, given["reason"])
    return redirect("telling", slug=slug, inquiry_id=inquiry_id)


@require_POST
def defer(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Put telling off, or prolong it."""
    inquiry = _inquiry(request, inquiry_id)
    form = DeferForm(request.POST, today=today(request.institution))
    if not form.is_valid():
        return _show(request, inquiry, deferring=form)
    given = form.cleaned_data
    defer_telling(request.actor, inquiry, Choice(DEFER, given["reason"], given["ground"], given["review_on"]))
    return redirect("telling", slug=slug, inquiry_id=inquiry_id)


@require_GET
def show_letter(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Give the letter to the person."""
    del slug
    inquiry = _inquiry(request, inquiry_id)
    pdf = open_notice(request.actor, inquiry, _lettered(inquiry))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="information-{inquiry.reference}.pdf"'
    return response


@require_GET
def show_letter_proof(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Give the offline proof of the letter, once its entry is published."""
    del slug
    inquiry = _inquiry(request, inquiry_id)
    proof = prove_notice(request.actor, inquiry, _lettered(inquiry))
    if proof is None:
        return render(request, "inquiries/not_published.html", {"inquiry": inquiry}, status=409)
    response = HttpResponse(proof, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="information-{inquiry.reference}.tlog-proof"'
    return response


def _inquiry(request: SignedIn, inquiry_id: uuid.UUID) -> Inquiry:
    inquiry = get_inquiry(request.actor, inquiry_id)
    # Whoever noted or signed the request does not even learn that there is such a page for it.
    if not can_tell(request.actor, inquiry):
        raise Http404
    return inquiry


def _lettered(inquiry: Inquiry) -> Telling:
    row = Telling.objects.filter(inquiry=inquiry, leaf_index__isnull=False).order_by("-position").first()
    if row is None:
        raise Http404
    return row


def _show(
    request: SignedIn, inquiry: Inquiry, *, telling: TellForm | None = None, deferring: DeferForm | None = None
) -> HttpResponse:
    outcome, said = read_tellings(request.actor, inquiry)
    last = said[-1] if said else None
    day = today(request.institution)
    later = {"review_on": day + timedelta(days=90)}
    page = {
        "inquiry": inquiry,
        "pending": outcome is Outcome.PENDING,
        "released": outcome is Outcome.RELEASED,
        "outcome": outcome.value,
        "standing": may_be_told(outcome, last).value,
        "last": last,
        "due": last is not None and last.choice == DEFER and last.review_on is not None and last.review_on <= day,
        "said": [_describe(each) for each in reversed(said)],
        "told": last is not None and last.choice == TELL,
        "lettered": any(each.row.leaf_index is not None for each in said),
        "telling": telling or TellForm(initial={"letter": "yes"}),
        "deferring": deferring or DeferForm(today=day, initial=later),
        "grounds": all_grounds().values(),
    }
    wrong = (telling is not None and telling.errors) or (deferring is not None and deferring.errors)
    return render(request, "access/telling.html", page, status=422 if wrong else 200)


def _describe(told: Told) -> dict[str, Any]:
    ground = all_grounds().get(told.ground)
    return {"told": told, "ground": ground.label if ground else told.ground, "deferred": told.choice == DEFER}
