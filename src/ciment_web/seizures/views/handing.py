"""Photos, the inventory on paper, and handing over under constraint."""

import uuid
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment_web.inquiries.permissions import is_recused, may_hand_over
from ciment_web.inquiries.queries import get_inquiry
from ciment_web.inquiries.queries import visible as visible_inquiries
from ciment_web.members.middleware import SignedIn
from ciment_web.seizures.actions import read_photo
from ciment_web.seizures.forms import HandoverForm
from ciment_web.seizures.handover import Objection, hand_over, list_pieces
from ciment_web.seizures.inventory import make_inventory, open_inventory, prove_inventory
from ciment_web.seizures.queries import get_inventory, get_photo, get_seizure
from ciment_web.seizures.steps import objection_sentence


@require_GET
def show_photo(request: SignedIn, slug: str, seizure_id: uuid.UUID, position: int) -> StreamingHttpResponse:
    """Give the photo of a fact, as a download that no browser runs."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    name, content = read_photo(request.actor, get_photo(seizure, position))
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


@require_POST
def print_inventory(request: SignedIn, slug: str, seizure_id: uuid.UUID) -> HttpResponse:
    """Print what was noted so far."""
    make_inventory(request.actor, get_seizure(request.actor, seizure_id))
    return redirect("seizure", slug=slug, seizure_id=seizure_id)


@require_GET
def show_inventory(request: SignedIn, slug: str, seizure_id: uuid.UUID, number: int) -> HttpResponse:
    """Give an inventory."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    pdf = open_inventory(request.actor, get_inventory(seizure, number))
    name = f"inventaire-{seizure.reference}-{number}.pdf"
    return _download(pdf, name, "application/pdf")


@require_GET
def show_proof(request: SignedIn, slug: str, seizure_id: uuid.UUID, number: int) -> HttpResponse:
    """Give the offline proof of an inventory, once its entry is published."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    proof = prove_inventory(request.actor, get_inventory(seizure, number))
    if proof is None:
        return render(request, "seizures/not_published.html", {"seizure": seizure}, status=409)
    return _download(proof, f"inventaire-{seizure.reference}.tlog-proof", "text/plain; charset=utf-8")


@require_GET
def list_inquiries(request: SignedIn, slug: str, seizure_id: uuid.UUID) -> HttpResponse:
    """Say what handing over is and is not, and ask of which request."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    wanted = request.GET.get("reference", "").strip()
    rows = visible_inquiries(request.actor).order_by("-received_at")
    year, _dash, number = wanted.partition("-")
    if year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(wanted) < 12:
        rows = rows.filter(year=int(year) % 10000, number=int(number))
    page = {"seizure": seizure, "rows": list(rows[:50]), "wanted": wanted}
    return render(request, "seizures/handover.html", page)


@require_http_methods(["GET", "POST"])
def hand_over_pieces(request: SignedIn, slug: str, seizure_id: uuid.UUID, inquiry_id: uuid.UUID) -> HttpResponse:
    """Ask what is demanded of one request and what was objected; give it, with a line and an entry for each item."""
    del slug
    seizure = get_seizure(request.actor, seizure_id)
    inquiry = get_inquiry(request.actor, inquiry_id)
    page: dict[str, Any] = {"seizure": seizure, "inquiry": inquiry, "sentence": objection_sentence()}
    if not may_hand_over(request.actor, inquiry):
        page["recused"] = is_recused(request.actor, inquiry)
        return render(request, "seizures/handover_closed.html", page, status=403)
    pieces = list_pieces(request.actor, inquiry)
    form = HandoverForm(
        request.POST if request.method == "POST" else None, pieces=[(each.part, each.title) for each in pieces]
    )
    if form.is_valid():
        given = form.cleaned_data
        objection = Objection(given["objection"], given["objection_words"])
        exported = hand_over(request.actor, seizure, inquiry, given["parts"], objection)
        return _download(exported.content, exported.name, "application/octet-stream")
    page["form"] = form
    page["readers"] = _("La personne à qui vous remettez l’objet. Ciment ne sait pas ce qu’elle en fait.")
    return render(request, "seizures/handover_inquiry.html", page, status=422 if form.errors else 200)


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
