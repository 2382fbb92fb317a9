"""The mailbox: what waits, one message with the questions it answers, and its end."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment_web.arrivals.permissions import can_see_arrivals, can_take_over
from ciment_web.inquiries.actions.record import NewInquiry
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.forms import RecordForm
from ciment_web.inquiries.incoming import suggest
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.mailbox.actions import NAME, OpenedMessage, open_message, record_message, set_aside
from ciment_web.mailbox.queries import get_message, waiting_messages
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@require_GET
def list_messages(request: SignedIn, slug: str) -> HttpResponse:
    """List what waits, by its hour alone."""
    del slug
    require(can_see_arrivals(request.actor))
    page = {"rows": waiting_messages(request.actor), "may_take": can_take_over(request.actor)}
    return render(request, "mailbox/list.html", page)


@require_http_methods(["GET", "POST"])
def show_message(request: SignedIn, slug: str, message_id: uuid.UUID) -> HttpResponse:
    """Show a message with the six questions, as far as it answers them; record it."""
    row = get_message(request.actor, message_id)
    require(can_take_over(request.actor))
    form = _questions(request.POST or None)
    if request.method == "POST" and form.is_valid():
        inquiry = record_message(request.actor, row, _answers(form))
        return redirect("inquiry", slug=slug, inquiry_id=inquiry.id)
    opened = open_message(request.actor, row)
    if request.method == "GET":
        form = _questions(initial=_suggested(opened))
    return render(request, "mailbox/message.html", _page(opened, form), status=422 if form.errors else 200)


@require_GET
def give_original(request: SignedIn, slug: str, message_id: uuid.UUID) -> HttpResponse:
    """Give the message as it came, as a download that no browser runs."""
    del slug
    row = get_message(request.actor, message_id)
    require(can_take_over(request.actor))
    response = HttpResponse(open_message(request.actor, row).data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return response


@require_POST
def put_aside(request: SignedIn, slug: str, message_id: uuid.UUID) -> HttpResponse:
    """Set a message aside."""
    set_aside(request.actor, get_message(request.actor, message_id))
    return redirect("mailbox", slug=slug)


def _questions(*args: Any, **kwargs: Any) -> RecordForm:
    form = RecordForm(*args, **kwargs)
    # The message stays in the mailbox until it is recorded: there is no draft of it.
    del form.fields["draft"]
    return form


def _suggested(opened: OpenedMessage) -> dict[str, Any]:
    if opened.read is None:
        return {"form": "written"}
    found = suggest(opened.read)
    return {
        "requester": found.requester or "",
        "name": found.name,
        "reach": found.reach,
        "form": found.form,
        "about": found.about or "",
        "categories": list(found.wanted),
        "text": found.text,
    }


def _answers(form: RecordForm) -> NewInquiry:
    given = form.cleaned_data
    content = Content(given["name"], given["reach"], given["about"], given["text"])
    return NewInquiry(given["requester"], given["form"], tuple(given["categories"]), content)


def _page(opened: OpenedMessage, form: RecordForm) -> dict[str, Any]:
    codes = opened.read.warnings if opened.read else (opened.refusal,)
    return {
        "form": form,
        "row": opened.row,
        "read": opened.read,
        "warnings": [explain_message(code) for code in codes],
        "readers": _("Vous, les autres référents et les signataires de l’institution. Le courriel est scellé."),
        "next": _(
            "La demande est enregistrée avec le courriel et ses pièces, et vous recevez l’attestation de relais."
        ),
    }
