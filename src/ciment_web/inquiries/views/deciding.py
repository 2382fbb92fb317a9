"""The referent's and the signatory's pages: qualify, refuse, prepare."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciment.canon import CimentError
from ciment.vault import InvalidRecipient, WrongPassphrase
from ciment_web.decisions.actions.copies import NewCopy, add_copy, remove_copy
from ciment_web.decisions.copies import copies_in_preparation, describe
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.decisions.refusals import CopyRefused
from ciment_web.governance.directory import authorities_for
from ciment_web.inquiries import permissions
from ciment_web.inquiries.actions.open import Opened, read_inquiry
from ciment_web.inquiries.actions.override import Override, silence_duty
from ciment_web.inquiries.actions.prepare import add_nothing_held, prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import (
    Assessment,
    latest_qualification,
    preview,
    qualify_inquiry,
    releasable_categories,
    silenceable_duties,
)
from ciment_web.inquiries.actions.refuse import draft_refusal, refuse_inquiry
from ciment_web.inquiries.copy_refusals import explain_copy
from ciment_web.inquiries.forms import CopyForm, OverrideForm, QualificationForm, RecipientForm
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.message_refusals import explain_message
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.inquiries.queries import get_inquiry
from ciment_web.inquiries.verdicts import assumed_words, describe_answer
from ciment_web.institutions.languages import reading_language
from ciment_web.members.middleware import SignedIn
from ciment_web.members.refusals import require


@require_http_methods(["GET", "POST"])
def qualify(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Ask the facts; show the verdict before it is stored."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_qualify(request.actor, inquiry))
    form = QualificationForm(request.POST or None, initial=_known_facts(inquiry))
    if request.method == "POST" and form.is_valid():
        _require_silenceable(request, inquiry, form)
    if request.method == "POST" and not form.errors and "preview" not in request.POST:
        assessment = Assessment(form.facts(), form.cleaned_data["note"], frozenset(form.cleaned_data["silenced"]))
        qualify_inquiry(request.actor, inquiry, assessment)
        return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)
    opened = read_inquiry(request.actor, inquiry) if request.method == "GET" else None
    page = {"inquiry": inquiry, "form": form, "opened": opened, **_answer_page(inquiry, form)}
    page["authorities"] = authorities_for(request.actor, inquiry.requester)
    return render(request, "inquiries/qualify.html", page, status=422 if form.errors else 200)


@require_POST
def preview_verdicts(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Show what the pack answers to the facts as they stand; nothing is stored."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_qualify(request.actor, inquiry))
    form = QualificationForm(request.POST)
    form.is_valid()
    return render(request, "inquiries/_verdicts.html", {**_answer_page(inquiry, form), "slug": slug})


@require_http_methods(["GET", "POST"])
def override(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Let the director general stay silent on a duty: what the law says first, then the risk, then the passphrase."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    qualification = latest_qualification(inquiry)
    duties = silenceable_duties(qualification) if qualification else frozenset()
    require(permissions.can_override(request.actor, inquiry) and bool(duties))
    opened = read_inquiry(request.actor, inquiry)
    form = OverrideForm(request.POST or None, duties=duties)
    if request.method == "POST" and form.is_valid():
        chosen = Override(frozenset(form.cleaned_data["categories"]), form.cleaned_data["risk"])
        try:
            silence_duty(request.actor, opened, chosen, form.cleaned_data["phrase"])
            return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)
        except WrongPassphrase:
            form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été décidé. Recommencez."))
    page = {"inquiry": inquiry, "form": form, "verdicts": _duty_cards(qualification, duties)}
    return render(request, "inquiries/override.html", page, status=422 if form.errors else 200)


def _duty_cards(qualification: Qualification | None, duties: frozenset[str]) -> list[dict[str, Any]]:
    if qualification is None:
        return []
    kept = {name: verdict for name, verdict in qualification.answer["verdicts"].items() if name in duties}
    return describe_answer({**qualification.answer, "verdicts": kept}, frozenset(), misses=0)


@require_http_methods(["GET", "POST"])
def refuse(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Show the letter that would leave, then sign it."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_refuse(request.actor, inquiry))
    opened = read_inquiry(request.actor, inquiry)
    if request.method == "POST":
        refuse_inquiry(request.actor, opened)
        return redirect("inquiry", slug=slug, inquiry_id=inquiry_id)
    return render(request, "inquiries/refuse.html", {"inquiry": inquiry, "content": opened.content})


@require_GET
def refusal_draft(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Give the unsigned letter, to be read before signing."""
    del slug
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_refuse(request.actor, inquiry))
    letter = draft_refusal(request.actor, read_inquiry(request.actor, inquiry))
    response = HttpResponse(letter, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="projet-{inquiry.reference}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def prepare(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Add copies, choose the recipient, submit the decision to the signatories."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_prepare(request.actor, inquiry))
    opened = read_inquiry(request.actor, inquiry)
    recipient_form = RecipientForm(request.POST or None)
    if request.method == "POST" and recipient_form.is_valid():
        try:
            decision = prepare_decision(request.actor, opened, recipient_form.cleaned_data["recipient"])
            return redirect("decision", slug=slug, decision_id=decision.id)
        except InvalidRecipient:
            recipient_form.add_error(
                "recipient",
                _("Ce n’est pas une clé de destinataire. Elle commence par « age1 » et s’écrit d’un seul tenant."),
            )
        except CopyRefused as error:
            recipient_form.add_error(None, explain_copy(error.code))
    return _show_preparation(request, opened, recipient_form=recipient_form)


@require_POST
def add(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Add one copy to what is being prepared."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_prepare(request.actor, inquiry))
    opened = read_inquiry(request.actor, inquiry)
    form = CopyForm(request.POST, request.FILES, categories=_allowed(inquiry))
    if getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("document", explain_message("too_large"))
    elif form.is_valid():
        try:
            add_copy(request.actor, subject_of(inquiry, opened.key), form.cleaned_data["document"], _new_copy(form))
            return redirect("prepare", slug=slug, inquiry_id=inquiry_id)
        except CopyRefused as error:
            form.add_error("pages" if error.code in ("pages", "reason") else "document", explain_copy(error.code))
    return _show_preparation(request, opened, copy_form=form)


@require_POST
def add_nothing(request: SignedIn, slug: str, inquiry_id: uuid.UUID) -> HttpResponse:
    """Prepare the answer that nothing is held in one category."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_prepare(request.actor, inquiry))
    opened = read_inquiry(request.actor, inquiry)
    add_nothing_held(request.actor, opened, request.POST.get("category", ""))
    return redirect("prepare", slug=slug, inquiry_id=inquiry_id)


@require_POST
def remove(request: SignedIn, slug: str, inquiry_id: uuid.UUID, copy_id: uuid.UUID) -> HttpResponse:
    """Remove one copy from what is being prepared."""
    inquiry = get_inquiry(request.actor, inquiry_id)
    require(permissions.can_prepare(request.actor, inquiry))
    subject = subject_of(inquiry, open_key(request.actor, inquiry))
    copy = get_object_or_404(
        ReleaseCopy, id=copy_id, institution=request.institution, subject_digest=subject.digest, decision=None
    )
    remove_copy(request.actor, subject, copy)
    return redirect("prepare", slug=slug, inquiry_id=inquiry_id)


def _require_silenceable(request: SignedIn, inquiry: Inquiry, form: QualificationForm) -> None:
    verdicts = preview(inquiry, form.facts()).verdicts
    duties = [name for name in form.cleaned_data["silenced"] if name in verdicts and verdicts[name].verdict == "must"]
    if duties and not permissions.can_silence_duty(request.actor):
        form.add_error(
            "silenced",
            _("La loi oblige à répondre sur une de ces catégories. Seule la direction générale peut s’y opposer."),
        )
    elif duties and not form.cleaned_data["note"].strip():
        form.add_error(
            "note", _("Vous gardez le silence malgré une obligation. Notez ici quel risque est assumé, et pourquoi.")
        )


def _known_facts(inquiry: Inquiry) -> dict[str, Any]:
    qualification = latest_qualification(inquiry)
    if qualification is None:
        return {"form": inquiry.form, "categories": inquiry.categories}
    facts = dict(qualification.facts)
    return {**facts, "categories": facts.pop("category", inquiry.categories), "silenced": qualification.silenced}


def _answer_page(inquiry: Inquiry, form: QualificationForm) -> dict[str, Any]:
    if form.is_bound and form.errors:
        return {"verdicts": [], "assumed": []}
    facts: dict[str, object] = (
        form.facts() if form.is_bound else {"form": inquiry.form, "category": list(inquiry.categories)}
    )
    silenced = frozenset(form.cleaned_data["silenced"]) if form.is_bound else frozenset()
    try:
        answer = preview(inquiry, facts).to_json(reading_language())
    except CimentError:
        return {"verdicts": [], "assumed": []}
    return {"verdicts": describe_answer(answer, silenced), "assumed": assumed_words(answer), "answer": answer}


def _allowed(inquiry: Inquiry) -> frozenset[str]:
    qualification = latest_qualification(inquiry)
    return releasable_categories(qualification) if qualification else frozenset()


def _new_copy(form: CopyForm) -> NewCopy:
    given = form.cleaned_data
    reasons = tuple(line.strip() for line in given["reason"].splitlines() if line.strip())
    return NewCopy(given["category"], given["description"], given["pages"], reasons, given["reading"])


def _show_preparation(
    request: SignedIn,
    opened: Opened,
    *,
    copy_form: CopyForm | None = None,
    recipient_form: RecipientForm | None = None,
) -> HttpResponse:
    inquiry = opened.inquiry
    subject = subject_of(inquiry, opened.key)
    copies = copies_in_preparation(subject, inquiry.institution_id)
    form = copy_form or CopyForm(categories=_allowed(inquiry))
    page = {
        "inquiry": inquiry,
        "content": opened.content,
        "copies": [{"row": copy, "words": describe(copy, subject)} for copy in copies],
        "copy_form": form,
        "recipient_form": recipient_form if recipient_form is not None else RecipientForm(),
    }
    wrong = form.errors or (recipient_form is not None and recipient_form.errors)
    return render(request, "inquiries/prepare.html", page, status=422 if wrong else 200)
