"""Refuse under one signature: the law's default, without opening any file."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import lp
from ciment.disclosure.states import Act, Lane, State, advance
from ciment_web.governance.absences import ids_acted_for, title_of
from ciment_web.inquiries.actions.open import Opened, lock_inquiry
from ciment_web.inquiries.actions.qualify import latest_qualification, public_attributes, require_lawful
from ciment_web.inquiries.documents import Refusal, compose_refusal, keep_document, put_seal, subject_of, today
from ciment_web.inquiries.forms_needed import form_needed
from ciment_web.inquiries.models import Document
from ciment_web.inquiries.permissions import can_refuse
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record as leave_trace

# The purpose is part of what is signed, so that this signature can never pass for another.
_SIGNED = b"ciment/refusal/v1/letter"


def draft_refusal(actor: Actor, opened: Opened) -> bytes:
    """Return the unsigned letter that the actor would sign today: a function of the inquiry's own words alone."""
    inquiry = opened.inquiry
    qualification = latest_qualification(inquiry)
    if qualification is None:
        raise NotAllowed("a request is qualified before it is refused")
    return compose_refusal(
        inquiry.institution,
        Refusal(
            requester=inquiry.requester,
            content=opened.content,
            form_needed=form_needed(qualification.answer),
            reference=inquiry.reference,
            on=today(inquiry.institution),
            signatory_name=actor.member.name,
            signatory_title=title_of(actor),
        ),
    )


def refuse_inquiry(actor: Actor, opened: Opened) -> Document:
    """Sign the refusal: the signatory's Ed25519 signature of the letter, then the institution's seal on it.

    Raises:
        NotAllowed: unless the actor is a signatory, not recused, and the inquiry is in the lane of silence.
    """
    inquiry = opened.inquiry
    qualification = latest_qualification(inquiry)
    if qualification is None:
        raise NotAllowed("a request is qualified before it is refused")
    letter = draft_refusal(actor, opened)
    digest = hashlib.sha256(letter).digest()
    signature = actor.keys.sign(_SIGNED + lp(inquiry.reference.encode()) + lp(digest))
    pdf = put_seal(actor.institution, letter, _("Réponse de l’institution"))
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        # The letter was written on this qualification: a newer one asks for another letter.
        require(can_refuse(actor, locked) and latest_qualification(locked) == qualification)
        require_lawful(locked, opened.key, qualification)
        locked.state = advance(State(locked.state), Act.REFUSE, Lane(locked.lane))
        locked.decided_at = timezone.now()
        locked.save(update_fields=["state", "decided_at"])
        recorded = leave_trace(
            actor,
            "inquiry.refused",
            {
                "inquiry": str(inquiry.id),
                "letter": digest.hex(),
                "signature": signature.hex(),
                "for": ids_acted_for(actor),
            },
            kind="refused",
            attributes=public_attributes(qualification),
            documents=[subject_of("refusal", hashlib.sha256(pdf).digest())],
        )
        return keep_document(locked, opened.key, "refusal", pdf, recorded)
