"""The list of flows, and the questions that propose one."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ciment_web.flows.actions.propose import NewFlow, propose_flow
from ciment_web.flows.actions.review import drawn_and_open
from ciment_web.flows.forms import TermsForm, WhoForm
from ciment_web.flows.law import bases_for
from ciment_web.flows.models import Flow
from ciment_web.flows.permissions import can_follow, can_propose
from ciment_web.flows.queries import visible
from ciment_web.flows.sealing import open_flow, open_terms
from ciment_web.flows.states import state_of
from ciment_web.flows.words import tell_categories, tell_day
from ciment_web.law import word_for
from ciment_web.members.actor import Actor
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record


@require_GET
def list_flows(request: SignedIn, slug: str) -> HttpResponse:
    """List the flows the member may see, those that run here apart from those that are only declared."""
    del slug
    actor = request.actor
    with transaction.atomic():
        rows = [_row(actor, flow) for flow in visible(actor)]
        if rows:
            record(actor, "flow.listed", {"flows": len(rows)})
    page = {
        "here": [row for row in rows if not row["flow"].outside],
        "outside": [row for row in rows if row["flow"].outside],
        "may_propose": can_propose(actor),
    }
    return render(request, "flows/list.html", page)


@require_http_methods(["GET", "POST"])
def new_flow(request: SignedIn, slug: str) -> HttpResponse:
    """Ask what the law must know first; then, under a rule that it gives, the rest."""
    actor = request.actor
    require(can_propose(actor))
    who = WhoForm(request.POST if request.method == "POST" else None)
    if not who.is_valid():
        return render(request, "flows/who.html", {"form": who}, status=422 if who.errors else 200)
    asked = who.cleaned_data
    bases = bases_for(actor.institution, asked["requester"], asked["categories"])
    told = {
        "asked": [
            (_("À qui"), capfirst(word_for("requester", asked["requester"]))),
            (_("Ce qui peut être dit"), tell_categories(asked["categories"])),
        ],
        "who": who,
        "outside": asked["outside"] == "yes",
        "bases": bases,
        **_who_sees(),
    }
    sent = request.POST if "stage" in request.POST else None
    form = TermsForm(actor.institution, bases, sent)
    if bases and form.is_valid():
        flow = propose_flow(actor, _new_flow(asked, form))
        return redirect("flow", slug=slug, flow_id=flow.id)
    return render(request, "flows/terms.html", {**told, "form": form}, status=422 if form.errors else 200)


def _row(actor: Actor, flow: Flow) -> dict[str, Any]:
    key = open_flow(actor, flow)
    terms = open_terms(flow, key)
    return {
        "flow": flow,
        "service": terms.service,
        "until": tell_day(terms.last_day),
        "state": state_of(actor, flow, key),
        "to_review": len(drawn_and_open(actor, flow, terms.sample)) if can_follow(actor) else 0,
    }


def _new_flow(asked: dict[str, Any], form: TermsForm) -> NewFlow:
    given = form.cleaned_data
    names = ("rule", "service", "channel", "address", "verified", "purpose", "owner", "until", "sample")
    return NewFlow(
        outside=asked["outside"] == "yes",
        requester=asked["requester"],
        categories=tuple(asked["categories"]),
        **{name: given[name] for name in names},
    )


def _who_sees() -> dict[str, Any]:
    return {
        "readers": _(
            "Les travailleurs, les référents, les signataires et la personne déléguée à la protection des données. Le texte est scellé."
        ),
        "next": _(
            "Le texte est figé. La personne déléguée donne son avis, puis vous demandez les accords aux signataires."
        ),
    }
