"""The list of what persons ask, and the page where a request is noted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ciment_web.access.actions.record import record_request, seconds_for
from ciment_web.access.forms import RequestForm
from ciment_web.access.permissions import can_record, can_see_list
from ciment_web.access.queries import work_of
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Role
from ciment_web.members.refusals import require


@require_GET
def list_requests(request: SignedIn, slug: str) -> HttpResponse:
    """List the requests the member may open, the nearest last day first."""
    del slug
    require(can_see_list(request.actor))
    page = {
        "work": work_of(request.actor),
        "may_record": can_record(request.actor),
        "today": today(request.institution),
    }
    return render(request, "access/list.html", page)


@require_http_methods(["GET", "POST"])
def new_request(request: SignedIn, slug: str) -> HttpResponse:
    """Ask who wants what; without a checked identity or mandate, it becomes a request like any other."""
    actor = request.actor
    require(can_record(actor))
    posted = request.method == "POST"
    form = RequestForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=today(request.institution),
        # A worker is checked by the referents already; a referent names who else did.
        seconds=seconds_for(actor) if actor.holds(Role.REFERENT) else (),
    )
    if posted and getattr(request, "upload_too_large", False):
        form.add_error("photo", explain_message("too_large"))
    if posted and form.is_valid():
        photo = form.cleaned_data["photo"]
        new = form.new_request()
        kept = photo if isinstance(photo, SealedUpload) and new.confirmed and new.content.acting else None
        made = record_request(actor, new, kept)
        if isinstance(made, Inquiry):
            return redirect("inquiry", slug=slug, inquiry_id=made.id)
        return redirect("person", slug=slug, request_id=made.id)
    return render(request, "access/new.html", _page(form), status=422 if form.errors else 200)


def _page(form: RequestForm) -> dict[str, Any]:
    groups: tuple[tuple[str, tuple[str, ...]], ...] = (
        (_("1. La personne"), ("family", "given", "birth", "reach")),
        (_("2. Qui se présente"), ("acting", "agent", "mandate", "mandate_seen", "photo")),
        (_("3. Identité vérifiée"), ("identity", "second")),
        (_("4. Ce qu’elle demande"), ("kind", "wanted", "details", "received_on", "form")),
    )
    return {
        "form": form,
        "groups": [
            {"title": title, "fields": [form[name] for name in names if name in form.fields]} for title, names in groups
        ],
    }
