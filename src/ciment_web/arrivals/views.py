"""The page where a signatory opens the institution to arrivals, and anyone competent closes it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ciment.vault import WrongPassphrase
from ciment_web.arrivals.actions import close_arrivals, open_arrivals
from ciment_web.arrivals.forms import OpenForm
from ciment_web.arrivals.permissions import can_close_arrivals, can_open_arrivals, can_see_arrivals
from ciment_web.arrivals.trust import ArrivalsClosed, OpenArrivals, is_shared_trust, open_arrivals_of
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def settle(request: SignedIn, slug: str) -> HttpResponse:
    """Show what is open, under whose signature; open it, or open it anew."""
    require(can_see_arrivals(request.actor))
    form = OpenForm(request.POST or None)
    if request.method == "POST":
        require(can_open_arrivals(request.actor))
    if form.is_valid():
        try:
            open_arrivals(request.actor, form.cleaned_data["channels"], form.cleaned_data["phrase"])
        except WrongPassphrase:
            form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été ouvert. Recommencez."))
        else:
            return redirect("arrivals", slug=slug)
    page: dict[str, Any] = {"form": form, "may": _may(request), **_describe(request)}
    return render(request, "arrivals/settings.html", page, status=422 if form.errors else 200)


@require_POST
def close(request: SignedIn, slug: str) -> HttpResponse:
    """Close it."""
    close_arrivals(request.actor)
    return redirect("arrivals", slug=slug)


def _may(request: SignedIn) -> dict[str, bool]:
    return {"open": can_open_arrivals(request.actor), "close": can_close_arrivals(request.actor)}


def _describe(request: SignedIn) -> dict[str, Any]:
    try:
        found: OpenArrivals = open_arrivals_of(request.institution)
    except ArrivalsClosed:
        return {"open": None}
    return {
        "open": found.row,
        "channels": found.opening.channels,
        "trusted": is_shared_trust(request.actor, found.opening),
        "readers": [share.member.name for share in found.row.shares.select_related("member").order_by("member__login")],
    }
