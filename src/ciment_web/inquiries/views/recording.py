"""The worker's pages: home, record, certificate at once."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment.canon import CimentError
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.inquiries.actions.draft import discard, forget_draft, keep_draft, keep_upload, take_draft
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.channels import waiting_for
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.deadlines import duties_nearing
from ciment_web.inquiries.documents import local_time
from ciment_web.inquiries.forms import MessageForm, RecordForm
from ciment_web.inquiries.incoming import UnreadableMessage, suggest
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.inquiries.permissions import can_record
from ciment_web.inquiries.phrases import sentence_if_pressed, sentence_to_say
from ciment_web.inquiries.queries import work_of
from ciment_web.inquiries.reminders import reminders_of
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.quorum.queries import has_accords


@require_GET
def home(request: SignedIn, slug: str) -> HttpResponse:
    """Show what one may do, and what waits."""
    del slug
    work = work_of(request.actor)
    page = {
        "work": work,
        "arrivals": waiting_for(request.actor),
        "may_record": can_record(request.actor),
        "duties": duties_nearing(request.actor, timezone.now()) if request.actor.holds(Role.SIGNATORY) else [],
        "reminders": reminders_of(request.actor),
        "unfounded": not has_accords(request.institution),
    }
    return render(request, "inquiries/home.html", page)


@require_http_methods(["GET", "POST"])
def new_inquiry(request: SignedIn, slug: str) -> HttpResponse:
    """Ask the six questions, then show the certificate."""
    require(can_record(request.actor))
    form = RecordForm(request.POST or None)
    too_large = getattr(request, "upload_too_large", False)
    if request.method == "POST" and too_large:
        form.add_error(None, explain_message("too_large"))
    if request.method == "POST" and form.is_valid():
        inquiry = _record(request, form)
        return redirect("inquiry", slug=slug, inquiry_id=inquiry.id)
    return render(request, "inquiries/record.html", _record_page(request, form), status=422 if form.errors else 200)


@require_POST
def read_message(request: SignedIn, slug: str) -> HttpResponse:
    """Prefill the six questions from a message; the worker may change everything."""
    del slug
    message_form = MessageForm(request.POST, request.FILES)
    form = RecordForm()
    if getattr(request, "upload_too_large", False):
        message_form.errors.clear()
        message_form.add_error("message", explain_message("too_large"))
    elif message_form.is_valid():
        try:
            draft, message = keep_draft(request.actor, *_pages(message_form))
        except UnreadableMessage as error:
            message_form.add_error("message", explain_message(error.code))
        else:
            found = suggest(message)
            form = RecordForm(
                initial={
                    "requester": found.requester or "",
                    "name": found.name,
                    "reach": found.reach,
                    "form": found.form,
                    "about": found.about or "",
                    "categories": list(found.wanted),
                    "text": found.text,
                    "draft": draft.id,
                }
            )
            page = _record_page(request, form)
            page.update(prefilled=True, warnings=[explain_message(code) for code in message.warnings], message=message)
            return render(request, "inquiries/record.html", page)
    page = _record_page(request, form)
    page["message_form"] = message_form
    return render(request, "inquiries/record.html", page, status=422)


def _pages(form: MessageForm) -> list[SealedUpload]:
    # Browsers give files in no order of their own; cameras and scanners number their names: page 2 before page 10.
    def number(upload: SealedUpload) -> list[tuple[int, str]]:
        parts = re.split(r"(\d+)", (upload.name or "").casefold())
        return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]

    uploads: list[SealedUpload] = form.cleaned_data["message"]
    return sorted(uploads, key=number)


def _record(request: SignedIn, form: RecordForm) -> Any:
    answers = form.cleaned_data
    new = NewInquiry(
        requester=answers["requester"],
        form=answers["form"],
        categories=tuple(answers["categories"]),
        content=Content(answers["name"], answers["reach"], answers["about"], answers["text"]),
    )
    files = take_draft(request.actor, answers["draft"]) if answers["draft"] else []
    upload = request.FILES.get("message")
    if upload is not None:
        files += keep_upload(upload)  # type: ignore[arg-type]  # the only upload handler makes sealed uploads
    try:
        inquiry = record_inquiry(request.actor, new, files)
    except CimentError:
        discard(files)
        raise
    if answers["draft"]:
        forget_draft(request.actor, answers["draft"])
    return inquiry


def _record_page(request: SignedIn, form: RecordForm) -> dict[str, Any]:
    at = local_time(request.institution, timezone.now())
    return {
        "form": form,
        "message_form": MessageForm(),
        "sentence": sentence_to_say(),
        "insist": sentence_if_pressed(at),
        "readers": _(
            "Vous, le référent et les signataires de l’institution. Le texte est scellé ; l’administration du système ne peut pas le lire."
        ),
        "next": _(
            "L’institution prend le relais : vous recevez tout de suite une attestation. Le référent qualifie, un signataire répond."
        ),
    }
