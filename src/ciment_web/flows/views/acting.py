"""What members do within a flow: note a communication, read one, review what the register drew."""

import uuid
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment_web.flows.actions.note import NewCommunication, note_communication, read_communication
from ciment_web.flows.actions.review import drawn_and_open, entrust_sample, review_communication
from ciment_web.flows.forms import CommunicationForm, ReviewForm
from ciment_web.flows.models import Communication
from ciment_web.flows.permissions import can_note, can_review
from ciment_web.flows.queries import get_communication, get_flow
from ciment_web.flows.refusals import LeavesFlow
from ciment_web.flows.sealing import open_communication, open_flow, open_review, open_terms
from ciment_web.flows.standing import require_in_force
from ciment_web.flows.words import tell_categories, tell_conditions, tell_day, tell_terms
from ciment_web.inquiries.documents import today
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@require_http_methods(["GET", "POST"])
def note(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Note one communication; what is not exactly the flow's leads to recording a request instead."""
    actor = request.actor
    flow = get_flow(actor, flow_id)
    require(can_note(actor))
    terms = require_in_force(actor, flow, open_flow(actor, flow)).template.terms
    sent = request.POST if request.method == "POST" else None
    form = CommunicationForm(terms.categories, sent, initial={"sent_on": today(flow.institution)})
    if form.is_valid():
        try:
            note_communication(actor, flow, _noted(form))
        except LeavesFlow:
            # Nothing of it is kept: what was typed would otherwise stand beside a flow that does not allow it.
            return render(request, "flows/leaves.html", {"flow": flow}, status=409)
        return redirect("flow", slug=slug, flow_id=flow_id)
    page = {
        "flow": flow,
        "form": form,
        "service": terms.service,
        "terms": [each for each in tell_terms(terms, flow.institution) if each[1]][:2],
        "channel": tell_terms(terms, flow.institution)[5][1],
        "conditions": tell_conditions(terms),
        "readers": _(
            "Vous et les référents. Si le registre tire cette communication au sort, la personne déléguée peut la lire aussi."
        ),
        "next": _("La communication est notée et scellée. Aucun accord n’est redemandé."),
    }
    return render(request, "flows/note.html", page, status=422 if form.errors else 200)


@require_POST
def entrust(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Hand what was drawn to the data protection officer."""
    entrust_sample(request.actor, get_flow(request.actor, flow_id))
    return redirect("flow", slug=slug, flow_id=flow_id)


@require_GET
def show_communication(request: SignedIn, slug: str, flow_id: uuid.UUID, communication_id: uuid.UUID) -> HttpResponse:
    """Show one communication; the reading is in the register first."""
    del slug
    return _show(request, get_communication(request.actor, flow_id, communication_id), ReviewForm())


@require_POST
def review(request: SignedIn, slug: str, flow_id: uuid.UUID, communication_id: uuid.UUID) -> HttpResponse:
    """Take the conclusion of a review."""
    communication, form = get_communication(request.actor, flow_id, communication_id), ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, communication, form)
    given = form.cleaned_data
    review_communication(request.actor, communication, conforms=given["conforms"] == "yes", text=given["text"])
    return redirect("flow-communication", slug=slug, flow_id=flow_id, communication_id=communication_id)


def _show(request: SignedIn, communication: Communication, form: ReviewForm) -> HttpResponse:
    actor, flow = request.actor, communication.flow
    words = read_communication(actor, communication)
    terms = open_terms(flow, open_flow(actor, flow))
    drawn = any(row.id == communication.id for row in drawn_and_open(actor, flow, terms.sample))
    row = getattr(communication, "review", None)
    page = {
        "flow": flow,
        "communication": communication,
        "service": terms.service,
        "facts": [
            (_("Le"), tell_day(date.fromisoformat(words.sent_on))),
            (_("Ce qui a été communiqué"), tell_categories(words.categories)),
            (_("Au sujet de"), words.about),
            (_("Où est la pièce"), words.kept_at),
        ],
        "terms": tell_terms(terms, flow.institution),
        "reviewed": row,
        "review_text": open_review(communication, open_communication(actor, communication), bytes(row.sealed_words))
        if row
        else "",
        "may_review": drawn and can_review(actor, communication),
        "own": drawn and communication.noted_by_id == actor.member.id,
        "form": form,
    }
    return render(request, "flows/communication.html", page, status=422 if form.errors else 200)


def _noted(form: CommunicationForm) -> NewCommunication:
    given = form.cleaned_data
    return NewCommunication(
        sent_on=given["sent_on"],
        categories=tuple(given["categories"]),
        about=given["about"],
        kept_at=given["kept_at"],
        exactly=given["exactly"] == "yes",
    )
