"""The reflex card, on screen and on paper."""

from functools import lru_cache

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ciment_web.inquiries.card import write_card
from ciment_web.inquiries.documents import today
from ciment_web.letters import ReflexCard, render_card
from ciment_web.members.middleware import SignedIn


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


# The same values are typeset once.
@lru_cache(maxsize=32)
def _typeset(card: ReflexCard) -> bytes:
    return render_card(card)
