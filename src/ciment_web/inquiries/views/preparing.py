"""The reflex card, on screen and on paper, and what it leads to."""

from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ciment_web.inquiries.actions.answered import tell_answered
from ciment_web.inquiries.card import write_card
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.permissions import can_record
from ciment_web.letters import ReflexCard, render_card
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@require_safe
def show_card(request: SignedIn, slug: str) -> HttpResponse:
    """Show the reflex card."""
    del slug
    return render(request, "inquiries/card.html", {"card": write_card(request.institution, today(request.institution))})


@require_safe
def print_card(request: SignedIn, slug: str) -> HttpResponse:
    """Send the reflex card, to be printed."""
    del slug
    answer = HttpResponse(
        _typeset(write_card(request.institution, today(request.institution))), content_type="application/pdf"
    )
    answer["Content-Disposition"] = 'inline; filename="carte-reflexe.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
def already_answered(request: SignedIn, slug: str) -> HttpResponse:
    """Advise whoever answered already, before anything is written; on POST, keep the hour and tell the DPO."""
    del slug
    require(can_record(request.actor))
    page = {}
    if request.method == "POST":
        page = {"recorded": tell_answered(request.actor), "told_at": timezone.now()}
    return render(request, "inquiries/answered.html", page)


@require_safe
def show_summons(request: SignedIn, slug: str) -> HttpResponse:
    """Say what to expect when a member is summoned in person; nothing is asked, nothing is stored."""
    del slug
    return render(request, "inquiries/summoned.html")


# The same values are typeset once.
@lru_cache(maxsize=32)
def _typeset(card: ReflexCard) -> bytes:
    return render_card(card)
