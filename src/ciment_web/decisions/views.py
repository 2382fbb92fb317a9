"""The decision's page: read everything on one page, then give or refuse the accord, then communicate."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from ciment.canon import CimentError
from ciment.disclosure import ActRefused, preparer_of, released_items
from ciment.law import VOCABULARY
from ciment.vault import WrongPassphrase, open_blob
from ciment_web.decisions.actions.adopt import adopt_decision
from ciment_web.decisions.actions.approve import (
    approve_decision,
    lapse_decision,
    object_to_decision,
    reason_context,
)
from ciment_web.decisions.actions.execute import execute_decision, prove_packet, read_packet
from ciment_web.decisions.actions.reading import read_reading_copy, trace_reading
from ciment_web.decisions.circumstances import delta_of, letter_of
from ciment_web.decisions.copies import describe
from ciment_web.decisions.forms import ObjectionForm
from ciment_web.decisions.models import Approval, Decision, Objection, Packet, ReleaseCopy
from ciment_web.decisions.queries import get_decision, reading_digest, shown_approvals
from ciment_web.decisions.secret import read_secret
from ciment_web.decisions.subjects import Subject, handler_for, handler_of
from ciment_web.governance.absences import acted_for, describe_title
from ciment_web.law import word_for
from ciment_web.members.forms import PassphraseForm
from ciment_web.members.middleware import SignedIn
from ciment_web.members.models import Role
from ciment_web.members.throttle import TooManyAttempts
from ciment_web.quorum.queries import holders_out
from ciment_web.quorum.trust import trusted_roster


@require_GET
def show_decision(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Show a decision whole."""
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    if decision.state == Decision.State.OPEN and decision.expires_at <= timezone.now():
        lapse_decision(request.actor, decision)
        return redirect("decision", slug=slug, decision_id=decision_id)
    return _show(request, decision, subject)


@sensitive_post_parameters()
@require_POST
def approve(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Give the accord."""
    return _act(request, slug, decision_id, approve_decision)


@sensitive_post_parameters()
@require_POST
def execute(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Make the packet of a release; put a flow into force, lift a freeze."""
    decision = get_decision(request.actor, decision_id)
    leaves = delta_of(decision).purpose == "release"
    return _act(request, slug, decision_id, execute_decision if leaves else adopt_decision)


@require_POST
def refuse(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Refuse the accord, with a reason."""
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _show(request, decision, subject, objection_form=form)
    object_to_decision(request.actor, decision, form.cleaned_data["reason"])
    return redirect("decision", slug=slug, decision_id=decision_id)


@require_GET
def show_letter(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Give the letter as frozen."""
    del slug
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    if subject.purpose != "release":
        raise Http404
    letter = letter_of(decision, subject)
    trace_reading(request.actor, decision, "letter")
    response = HttpResponse(letter, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="projet-decision-{decision.number}.pdf"'
    return response


@require_GET
def show_reading_copy(request: SignedIn, slug: str, decision_id: uuid.UUID, copy_id: uuid.UUID) -> HttpResponse:
    """Give a reading copy to a signatory, as a download; the reading is in the register first."""
    del slug
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    copy = get_object_or_404(ReleaseCopy, id=copy_id, decision=decision, institution=request.institution)
    content = read_reading_copy(request.actor, subject, copy, reading_digest(delta_of(decision), copy_id))
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="lecture-{copy.position}"'
    return response


@require_GET
def show_packet(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Give the packet: the same bytes each time, and a trace each time."""
    del slug
    packet, subject = _packet(request, decision_id)
    response = HttpResponse(read_packet(request.actor, packet, subject), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="pli-{subject.reference}.age"'
    return response


@require_GET
def show_packet_proof(request: SignedIn, slug: str, decision_id: uuid.UUID) -> HttpResponse:
    """Give the offline proof that this packet is the one the register names."""
    del slug
    packet, subject = _packet(request, decision_id)
    proof = prove_packet(request.actor, packet, subject)
    if proof is None:
        raise ActRefused("not_published")
    response = HttpResponse(proof, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pli-{subject.reference}.tlog-proof"'
    return response


def _packet(request: SignedIn, decision_id: uuid.UUID) -> tuple[Packet, Subject]:
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    packet = get_object_or_404(Packet, decision=decision, institution=request.institution)
    return packet, subject


def _act(request: SignedIn, slug: str, decision_id: uuid.UUID, act: Any) -> HttpResponse:
    decision = get_decision(request.actor, decision_id)
    subject = handler_of(decision).open_subject(request.actor, decision)
    form = PassphraseForm(request.POST)
    if form.is_valid():
        try:
            act(request.actor, decision, form.cleaned_data["phrase"])
            return redirect("decision", slug=slug, decision_id=decision_id)
        except TooManyAttempts:
            raise
        except WrongPassphrase:
            form.add_error("phrase", _("Ce n’est pas votre phrase de passe. Rien n’a été signé. Recommencez."))
    return _show(request, decision, subject, passphrase_form=form)


def _show(
    request: SignedIn,
    decision: Decision,
    subject: Subject,
    *,
    passphrase_form: PassphraseForm | None = None,
    objection_form: ObjectionForm | None = None,
) -> HttpResponse:
    delta = delta_of(decision)
    trace_reading(request.actor, decision, "page")
    roster = trusted_roster(request.actor).roster
    approvals = shown_approvals(decision, delta, roster)
    objections = list(decision.objections.select_related("member").order_by("given_at"))
    spoke = {row.member_id for row in approvals} | {row.member_id for row in objections}
    is_open = decision.state == Decision.State.OPEN
    may_sign = request.actor.holds(Role.SIGNATORY) and roster.find_seat_of(request.actor.id) is not None
    packet = Packet.objects.filter(decision=decision).select_related("executed_by", "decision").first()
    rows = {str(copy.id): copy for copy in decision.copies.all()}
    page = {
        "decision": decision,
        "subject": subject,
        "facts": _facts(delta.facts),
        "items": [_item(rows.get(item.label.ids[-1]), item.label.category, subject) for item in released_items(delta)],
        "words": handler_for(subject).tell_matter(decision, letter_of(decision, subject)),
        "target": delta.target,
        "approvals": [{"member": row.member, "title": _title(request, row)} for row in approvals],
        "objections": [{"member": row.member, "reason": _reason(request, subject, row)} for row in objections],
        "needed": roster.threshold,
        "seats": len(roster.seats),
        "out": holders_out(roster, handler_for(subject).recused(request.actor, subject), request.actor.institution.id)
        if is_open
        else [],
        "leading": any(value.get("decided_by") == "dg_or_president" for value in _verdicts(delta.verdicts)),
        "may_approve": is_open and may_sign and request.actor.member.id not in spoke,
        "may_execute": is_open and may_sign and len(approvals) >= roster.threshold,
        "passphrase_form": passphrase_form or PassphraseForm(),
        "objection_form": objection_form or ObjectionForm(),
        "packet": packet,
        "passphrase": read_secret(request.actor, packet, preparer_of(delta)) if packet else None,
        "fingerprint": delta.digest.hex()[:32],
    }
    wrong = (passphrase_form and passphrase_form.errors) or (objection_form and objection_form.errors)
    return render(request, "decisions/decision.html", page, status=422 if wrong else 200)


def _title(request: SignedIn, approval: Approval) -> str:
    absent = acted_for(request.actor, str(approval.member_id), approval.given_at)
    return describe_title(approval.member, absent)


def _facts(facts: Any) -> list[dict[str, str]]:
    stated = facts if isinstance(facts, dict) else {}
    return [
        {
            "name": word_for("attribute", name).capitalize(),
            "value": word_for(name, str(stated[name])),
        }
        for name in VOCABULARY
        if name in stated and name != "category"
    ]


def _verdicts(verdicts: Any) -> list[dict[str, Any]]:
    return [value for value in verdicts.values() if isinstance(value, dict)] if isinstance(verdicts, dict) else []


def _item(copy: ReleaseCopy | None, category: str, subject: Subject) -> dict[str, Any]:
    words = None
    if copy is not None:
        try:
            words = describe(copy, subject)
        except CimentError:
            words = None
    return {"copy": copy, "category": word_for("category", category), "words": words}


def _reason(request: SignedIn, subject: Subject, objection: Objection) -> str:
    # The recorder of the request holds the key too, but the reason is for those who decide.
    if not request.actor.holds(Role.REFERENT, Role.SIGNATORY):
        return ""
    return open_blob(subject.key, bytes(objection.sealed_reason), reason_context(subject, objection)).decode()
