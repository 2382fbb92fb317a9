"""The page of one inquiry and its documents."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ciment.law import VOCABULARY
from ciment_web.blobs.sealing import open_file
from ciment_web.governance.recusals import recusals_of
from ciment_web.inquiries import permissions
from ciment_web.inquiries.actions.answer import answer_inquiry, close_inquiry, may_leave_at, withdraw_inquiry
from ciment_web.inquiries.actions.open import Opened, read_inquiry, state_recusal, trace_reading
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note, silenceable_duties
from ciment_web.inquiries.actions.record import open_attachment
from ciment_web.inquiries.documents import local_time, open_document, prove_document
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Attachment, Document, Inquiry
from ciment_web.inquiries.phrases import sentence_if_pressed, sentence_to_say
from ciment_web.inquiries.queries import get_inquiry, progress
from ciment_web.inquiries.recusals import seats_out
from ciment_web.inquiries.verdicts import describe_verdicts
from ciment_web.law import word_for
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Role
from ciment_web.members.refusals import require

_TITLES = {
    "certificate": _("Attestation de relais"),
    "refusal": _("Lettre de réponse"),
    "reply": _("Lettre de communication"),
}


@require_GET
def show_inquiry(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Show an inquiry: the recusal question first where it is due, the words of the request after."""
    del slug
    actor = request.actor
    inquiry = get_inquiry(actor, inquiry_id)
    page: dict[str, Any] = {"inquiry": inquiry, **_public_words(inquiry)}
    if permissions.is_frozen(inquiry):
        return render(request, "inquiries/frozen.html", page)
    if permissions.is_recused(actor, inquiry):
        page["recusals"] = recusals_of(actor)
        page["by_setting"] = page["recusals"].covers(actor.id, inquiry.requester)
        return render(request, "inquiries/recused.html", page)
    if not permissions.may_read(actor, inquiry):
        return render(request, "inquiries/recusal.html", page)
    opened = read_inquiry(actor, inquiry)
    page.update(_opened_words(request, opened))
    return render(request, "inquiries/inquiry.html", page)


@require_POST
def answer_recusal(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Take the answer to the recusal question."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    if request.POST.get("tied") not in ("yes", "no"):
        return redirect("inquiry", slug=slug, inquiry_id=inquiry.id)
    state_recusal(request.actor, inquiry, recused=request.POST["tied"] == "yes")
    return redirect("inquiry", slug=slug, inquiry_id=inquiry.id)


@require_GET
def show_document(request: SignedIn, slug: str, inquiry_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give a document; the reading is in the register before it leaves, and so is a letter's own entry."""
    del slug
    inquiry, document, key = _document(request, inquiry_id, kind)
    # A letter leaves once its entry is published, and not before; a certificate is the worker's at once.
    if kind != "certificate" and prove_document(request.actor, document, key) is None:
        return _not_published(request, inquiry)
    pdf = open_document(document, key)
    trace_reading(request.actor, inquiry, f"document/{kind}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_stem(inquiry, kind)}.pdf"'
    return response


@require_GET
def show_proof(request: SignedIn, slug: str, inquiry_id: uuid.UUID, kind: str) -> HttpResponse:
    """Give the offline proof of a document, once its entry is published."""
    del slug
    inquiry, document, key = _document(request, inquiry_id, kind)
    proof = prove_document(request.actor, document, key)
    if proof is None:
        return _not_published(request, inquiry)
    response = HttpResponse(proof, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_stem(inquiry, kind)}.tlog-proof"'
    return response


@require_GET
def show_attachment(request: SignedIn, slug: str, inquiry_id: uuid.UUID, position: int) -> StreamingHttpResponse:
    """Give a file that came with the request, as a download that no browser runs."""
    del slug
    actor = request.actor
    inquiry = get_inquiry(actor, inquiry_id)
    require(permissions.may_read(actor, inquiry))
    attachment = get_object_or_404(Attachment.objects.select_related("inquiry"), inquiry=inquiry, position=position)
    name, identifier, key = open_attachment(actor, attachment)
    content = open_file(key, attachment.blob, identifier)
    trace_reading(actor, inquiry, f"attachment/{position}")
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    # Django names only files it can read; this one is opened piece by piece.
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


@require_POST
def mark_answered(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Record that the reply left."""
    answer_inquiry(request.actor, get_inquiry(request.actor, inquiry_id))
    return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)


@require_POST
def close(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Close an inquiry."""
    close_inquiry(request.actor, get_inquiry(request.actor, inquiry_id))
    return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)


@require_POST
def withdraw(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Withdraw an inquiry."""
    withdraw_inquiry(request.actor, get_inquiry(request.actor, inquiry_id))
    return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)


def file_stem(inquiry: Inquiry, kind: str) -> str:
    """Return the name under which a document is saved: the reference, and nothing about anyone."""
    stems = {"certificate": "attestation", "refusal": "reponse", "reply": "communication"}
    return f"{stems[kind]}-{inquiry.reference}"


def _not_published(request: SignedIn, inquiry: Inquiry) -> HttpResponse:
    return render(request, "inquiries/not_published.html", {"inquiry": inquiry}, status=409)


def _document(request: SignedIn, inquiry_id: uuid.UUID, kind: str) -> tuple[Inquiry, Document, bytes]:
    actor = request.actor
    inquiry = get_inquiry(actor, inquiry_id)
    document = Document.objects.filter(inquiry=inquiry, kind=kind).select_related("inquiry__institution").first()
    if document is None:
        raise Http404
    require(permissions.may_read(actor, inquiry))
    return inquiry, document, open_key(actor, inquiry)


def _public_words(inquiry: Inquiry) -> dict[str, Any]:
    categories = [word_for("category", value) for value in VOCABULARY["category"] if value in inquiry.categories]
    return {
        "requester": word_for("requester", inquiry.requester),
        "form": word_for("form", inquiry.form),
        "categories": categories,
        "received_at": local_time(inquiry.institution, inquiry.received_at),
    }


def _opened_words(request: SignedIn, opened: Opened) -> dict[str, Any]:
    actor, inquiry = request.actor, opened.inquiry
    qualification = latest_qualification(inquiry)
    leave_at = may_leave_at(inquiry)
    documents = list(inquiry.documents.order_by("made_at").only("kind", "leaf_index"))
    return {
        "content": opened.content,
        "steps": _steps(inquiry),
        "sentence": sentence_to_say(),
        "insist": sentence_if_pressed(local_time(inquiry.institution, timezone.now())),
        "just_recorded": inquiry.recorded_by_id == actor.member.id and inquiry.state == "received",
        "attachments": [
            {"position": row.position, "name": open_attachment(actor, row)[0]}
            for row in inquiry.attachments.select_related("inquiry")
        ],
        "documents": [{"kind": row.kind, "title": _TITLES[row.kind], "index": row.leaf_index} for row in documents],
        "qualification": qualification,
        "note": read_note(inquiry, opened.key, qualification) if qualification else "",
        "verdicts": describe_verdicts(qualification) if qualification else [],
        "may": {
            "qualify": permissions.can_qualify(actor, inquiry),
            "override": bool(
                qualification and silenceable_duties(qualification) and permissions.can_override(actor, inquiry)
            ),
            "refuse": permissions.can_refuse(actor, inquiry),
            "prepare": permissions.can_prepare(actor, inquiry),
            "answer": permissions.can_answer(actor, inquiry),
            "close": permissions.can_close(actor, inquiry),
            "withdraw": permissions.can_withdraw(actor, inquiry),
            "freeze": actor.holds(Role.REFERENT, Role.SIGNATORY),
            "recuse": permissions.can_recuse(actor, inquiry),
            "state": permissions.must_state_recusal(actor, inquiry),
        },
        "out": seats_out(actor, inquiry) if _waits_for_accords(inquiry) else [],
        "leave_at": local_time(inquiry.institution, leave_at) if leave_at and leave_at > timezone.now() else None,
    }


def _waits_for_accords(inquiry: Inquiry) -> bool:
    return inquiry.lane == "release" and inquiry.state in ("qualified", "prepared")


def _steps(inquiry: Inquiry) -> list[dict[str, Any]]:
    words = {
        "received": _("Reçue"),
        "qualified": _("Qualifiée"),
        "prepared": _("Préparée"),
        "decided": _("Décidée"),
        "answered": _("Réponse envoyée"),
    }
    return [{**step, "label": words[step["state"]]} for step in progress(inquiry)]
