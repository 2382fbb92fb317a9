"""What is frozen, freezing, and asking to reopen."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ciment_web.freezes import permissions
from ciment_web.freezes.actions import ask_to_reopen, freeze_inquiry, freeze_institution, freeze_member
from ciment_web.freezes.forms import ReasonForm
from ciment_web.freezes.models import Freeze
from ciment_web.freezes.queries import freeze_on, get_freeze, name_of, standing
from ciment_web.freezes.sealing import open_key, open_reason
from ciment_web.inquiries.queries import get_inquiry
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Member
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record


@require_safe
def list_freezes(request: SignedIn, slug: str) -> HttpResponse:
    """Show what is frozen, and how to freeze the institution."""
    del slug
    actor = request.actor
    require(permissions.can_list(actor))
    rows = [
        {"row": row, "name": name_of(actor, row), "held": row.keys.filter(member=actor.member).exists()}
        for row in standing(actor)
    ]
    page = {"rows": rows, "may_freeze": permissions.can_freeze_institution(actor)}
    return render(request, "freezes/list.html", page)


@require_http_methods(["GET", "POST"])
def show_freeze(request: SignedIn, slug: str, freeze_id: uuid.UUID) -> HttpResponse:
    """Show one freeze with its reason; on POST, ask for the accords that reopen it."""
    actor, freeze = request.actor, get_freeze(request.actor, freeze_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = ask_to_reopen(actor, freeze, form.cleaned_data["reason"])
        return redirect("decision", slug=slug, decision_id=decision.id)
    with transaction.atomic():
        reason = open_reason(freeze, open_key(actor, freeze))
        record(actor, "freeze.read", {"freeze": str(freeze.id)})
    page = {
        "freeze": freeze,
        "name": name_of(actor, freeze),
        "reason": reason,
        "form": form,
        "may_ask": permissions.can_ask_to_reopen(actor, freeze),
    }
    return render(request, "freezes/freeze.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def freeze_one_inquiry(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Freeze a request."""
    actor, inquiry = request.actor, get_inquiry(request.actor, inquiry_id)
    require(permissions.can_freeze_inquiry(actor, inquiry))
    asked = _Asked(Freeze.Scope.INQUIRY, inquiry.id, inquiry.reference)
    return _ask(request, slug, asked, lambda why: freeze_inquiry(actor, inquiry, why))


@require_http_methods(["GET", "POST"])
def freeze_one_member(request: SignedIn, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Freeze a member."""
    actor, member = request.actor, get_object_or_404(Member, id=member_id, institution=request.institution)
    require(permissions.can_freeze_member(actor, member))
    asked = _Asked(Freeze.Scope.MEMBER, member.id, member.name)
    return _ask(request, slug, asked, lambda why: freeze_member(actor, member, why))


@require_http_methods(["GET", "POST"])
def freeze_all(request: SignedIn, slug: str) -> HttpResponse:
    """Freeze the whole institution."""
    actor = request.actor
    require(permissions.can_freeze_institution(actor))
    asked = _Asked(Freeze.Scope.INSTITUTION, request.institution.id)
    return _ask(request, slug, asked, lambda why: freeze_institution(actor, why))


@dataclass(frozen=True)
class _Asked:
    scope: Freeze.Scope
    target: uuid.UUID
    name: str = ""


def _ask(request: SignedIn, slug: str, asked: _Asked, act: Callable[[str], Freeze]) -> HttpResponse:
    frozen = freeze_on(request.actor, asked.target)
    if frozen is not None:
        return redirect("freeze", slug=slug, freeze_id=frozen.id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("freeze", slug=slug, freeze_id=act(form.cleaned_data["reason"]).id)
    page = {"form": form, "scope": asked.scope.value, "name": asked.name}
    return render(request, "freezes/new.html", page, status=422 if form.errors else 200)
