"""The page of one flow: what it allows, where it stands, and the acts that lead to its accords or stop it."""

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ciment_web.flows import permissions
from ciment_web.flows.actions.agree import advise_on_flow, submit_flow, suspend_flow
from ciment_web.flows.actions.propose import count_lacking, give_up_flow, share_flow
from ciment_web.flows.forms import OpinionForm, SuspensionForm
from ciment_web.flows.models import Flow
from ciment_web.flows.queries import get_flow, readable, suspension_of
from ciment_web.flows.sampling import Sample, samples_of
from ciment_web.flows.sealing import open_flow, open_opinion, open_reason, open_terms
from ciment_web.flows.states import state_of
from ciment_web.flows.words import tell_day, tell_opinion, tell_terms
from ciment_web.members.middleware import SignedIn
from ciment_web.members.tracing import record


@require_GET
def show_flow(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Show a flow whole."""
    del slug
    return _show(request, get_flow(request.actor, flow_id))


@require_POST
def advise(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Take the officer's opinion."""
    flow, form = get_flow(request.actor, flow_id), OpinionForm(request.POST)
    if not form.is_valid():
        return _show(request, flow, opinion_form=form)
    given = form.cleaned_data
    advise_on_flow(request.actor, flow, favourable=given["favourable"] == "yes", text=given["text"])
    return redirect("flow", slug=slug, flow_id=flow_id)


@require_POST
def submit(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Ask the signatories for their accords."""
    submit_flow(request.actor, get_flow(request.actor, flow_id))
    return redirect("flow", slug=slug, flow_id=flow_id)


@require_POST
def suspend(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Stop the flow at once."""
    flow, form = get_flow(request.actor, flow_id), SuspensionForm(request.POST)
    if not form.is_valid():
        return _show(request, flow, suspension_form=form)
    suspend_flow(request.actor, flow, form.cleaned_data["reason"])
    return redirect("flow", slug=slug, flow_id=flow_id)


@require_POST
def give_up(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Take a proposal or a declaration back."""
    give_up_flow(request.actor, get_flow(request.actor, flow_id))
    return redirect("flow", slug=slug, flow_id=flow_id)


@require_POST
def share(request: SignedIn, slug: str, flow_id: uuid.UUID) -> HttpResponse:
    """Give the flow to the members who came later."""
    share_flow(request.actor, get_flow(request.actor, flow_id))
    return redirect("flow", slug=slug, flow_id=flow_id)


def _show(
    request: SignedIn,
    flow: Flow,
    *,
    opinion_form: OpinionForm | None = None,
    suspension_form: SuspensionForm | None = None,
) -> HttpResponse:
    actor, key = request.actor, open_flow(request.actor, flow)
    terms, opinion = open_terms(flow, key), open_opinion(flow, key)
    with transaction.atomic():
        state = state_of(actor, flow, key)
        record(actor, "flow.read", {"flow": str(flow.id)})
    may_review = permissions.can_follow(actor)
    page = {
        "flow": flow,
        "service": terms.service,
        "state": state,
        "terms": tell_terms(terms, flow.institution),
        "opinion": tell_opinion(opinion) if opinion else "",
        "suspension": _suspension(flow, key),
        "communications": readable(actor, flow),
        "samples": [_sample(actor, each) for each in samples_of(actor, flow, terms.sample)] if may_review else [],
        "may_note": state.running and permissions.can_note(actor),
        "may_advise": permissions.can_advise(actor, flow),
        "may_submit": permissions.can_submit(actor, flow),
        "may_suspend": permissions.can_suspend(actor, flow, terms),
        "may_give_up": permissions.can_give_up(actor, flow),
        "may_entrust": permissions.can_share(actor),
        "lacking": count_lacking(actor, flow),
        "opinion_form": opinion_form or OpinionForm(),
        "suspension_form": suspension_form or SuspensionForm(),
        "readers": _("Les lecteurs de ce flux. Le texte est scellé."),
    }
    wrong = (opinion_form and opinion_form.errors) or (suspension_form and suspension_form.errors)
    return render(request, "flows/flow.html", page, status=422 if wrong else 200)


def _suspension(flow: Flow, key: bytes) -> dict[str, Any] | None:
    row = suspension_of(flow)
    if row is None:
        return None
    reason = open_reason(flow, key, str(row.decision_id), bytes(row.sealed_reason))
    return {"by": row.suspended_by.name, "at": row.suspended_at, "reason": reason}


def _sample(actor: Any, sample: Sample) -> dict[str, Any]:
    waiting = {row.id for row in sample.open}
    held = {row.id for row in sample.drawn if row.keys.filter(member=actor.member).exists()}
    return {
        "month": sample.month,
        "total": sample.total,
        "due": tell_day(sample.due),
        "stops": tell_day(sample.stops),
        "waiting": len(waiting),
        "rows": [
            {
                "row": row,
                "open": row.id in waiting,
                "held": row.id in held,
                "mine": row.noted_by_id == actor.member.id,
            }
            for row in sample.drawn
        ],
    }
