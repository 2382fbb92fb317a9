"""Documents of an inquiry: composed from values, sealed by the institution, kept under the inquiry's key."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ciment.canon import JsonObject
from ciment.disclosure import ImpossibleTransition
from ciment.law import label
from ciment.register import Document as Subject
from ciment.register import Opening
from ciment.vault import open_blob, seal
from ciment_web.governance.letterhead import head_of
from ciment_web.inquiries.content import Content
from ciment_web.inquiries.keys import sealed_context
from ciment_web.inquiries.models import Document, Inquiry
from ciment_web.inquiries.phrases import sentence_to_say
from ciment_web.institutions.keyfiles import read_key
from ciment_web.institutions.languages import writing_for
from ciment_web.institutions.models import Institution
from ciment_web.letters import (
    InstitutionSeal,
    Letterhead,
    RefusalLetter,
    RelayCertificate,
    Verification,
    render_certificate,
    render_refusal,
    seal_pdf,
)
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member
from ciment_web.members.pin import pinned_log
from ciment_web.members.tracing import Recorded
from ciment_web.register.queries import Entered, prove
from ciment_web.register.signer import origin_of, signer_of

SUBJECT_TYPES = {"certificate": "certificate", "refusal": "letter", "reply": "letter"}


@dataclass(frozen=True)
class Refusal:
    """Everything a refusal is made of. No field can carry a file, so nothing it says can depend on one."""

    requester: str
    content: Content
    form_needed: tuple[str, ...]
    reference: str
    on: date
    signatory_name: str
    signatory_title: str


def compose_refusal(institution: Institution, refusal: Refusal) -> bytes:
    """Return the unsigned refusal letter: the same bytes for the same inquiry, date, signatory and reference."""
    with writing_for(institution):
        return _render_refusal(institution, refusal)


def _render_refusal(institution: Institution, refusal: Refusal) -> bytes:
    return render_refusal(
        RefusalLetter(
            letterhead=letterhead_of(institution),
            reference=refusal.reference,
            date=refusal.on,
            place=head_of(institution).place,
            addressee=refusal.content.addressee() or (label("requester", refusal.requester, institution.language),),
            subject=subject_line(refusal.reference),
            signatory_name=refusal.signatory_name,
            signatory_title=refusal.signatory_title,
            form_needed=refusal.form_needed,
        )
    )


def subject_line(reference: str) -> str:
    """Return the subject of every letter: our reference, and nothing about anyone."""
    return _("Votre demande de renseignements – notre référence %(reference)s") % {"reference": reference}


def compose_certificate(inquiry: Inquiry, recorder: Member, entry_index: int) -> bytes:
    """Return the unsigned certificate of relay; it names neither the requester nor the person concerned."""
    with writing_for(inquiry.institution):
        return _render_certificate(inquiry, recorder, entry_index)


def _render_certificate(inquiry: Inquiry, recorder: Member, entry_index: int) -> bytes:
    institution = inquiry.institution
    verifier = signer_of(institution).verifier
    return render_certificate(
        RelayCertificate(
            letterhead=letterhead_of(institution),
            reference=inquiry.reference,
            received_at=local_time(institution, inquiry.received_at).replace(microsecond=0),
            form=label("form", inquiry.form, institution.language),
            requester_kind=label("requester", inquiry.requester, institution.language),
            recorded_by=f"{recorder.name}, {recorder.function}",
            sentence=sentence_to_say(),
            verification=Verification(
                url=f"{'https' if settings.CIMENT_SECURE else 'http'}://{origin_of(institution)}/verifier/",
                log_origin=origin_of(institution),
                entry_index=entry_index,
                key_fingerprint=hashlib.sha256(verifier.vkey.encode()).hexdigest()[:16],
            ),
        )
    )


def put_seal(institution: Institution, pdf: bytes, reason: str | Promise) -> bytes:
    """Return `pdf` under the institution's seal (PAdES), for a reason in the institution's language."""
    with writing_for(institution):
        words = str(reason)
    stamp = InstitutionSeal(read_key(institution, "seal.key.pem"), read_key(institution, "seal.cert.pem"))
    return seal_pdf(pdf, stamp, reason=words, signed_at=timezone.now())


def keep_document(inquiry: Inquiry, key: bytes, kind: str, pdf: bytes, recorded: Recorded) -> Document:
    """Store a sealed document with what proves it; call it with the inquiry locked.

    Raises:
        ImpossibleTransition: if the inquiry has one of this kind: an answer is given once, whatever its row says.
    """
    if inquiry.documents.filter(kind=kind).exists():
        raise ImpossibleTransition(f"this inquiry has its {kind} already")
    return Document.objects.create(
        institution=inquiry.institution,
        inquiry=inquiry,
        kind=kind,
        sha256=hashlib.sha256(pdf).digest(),
        sealed_pdf=seal(key, pdf, _context(inquiry, kind, "pdf")),
        sealed_opening=seal(key, recorded.opening.encode(), _context(inquiry, kind, "opening")),
        leaf_index=recorded.index,
        made_at=timezone.now(),
    )


def open_document(document: Document, key: bytes) -> bytes:
    """Return the PDF; raises BlobError if a byte of it changed or it was moved."""
    return open_blob(key, bytes(document.sealed_pdf), _context(document.inquiry, document.kind, "pdf"))


def prove_document(actor: Actor, document: Document, key: bytes) -> bytes | None:
    """Return the offline proof file of a document, verified under the log key that the actor pinned.

    None until its entry is in a published checkpoint.
    """
    opened = open_blob(key, bytes(document.sealed_opening), _context(document.inquiry, document.kind, "opening"))
    subject = subject_of(document.kind, bytes(document.sha256))
    return prove(document.institution, Entered(subject, Opening.parse(opened), document.leaf_index), pinned_log(actor))


def subject_of(kind: str, digest: bytes) -> Subject:
    """Return how the register names a document of this kind."""
    return Subject(SUBJECT_TYPES[kind], digest)


def letterhead_of(institution: Institution) -> Letterhead:
    """Return the head of the institution's letters, as a holder of a seat signed it."""
    head = head_of(institution)
    return Letterhead(
        institution=institution.name,
        address=head.address,
        contact=head.contact,
        language=institution.language,
        sentence=head.sentence,
    )


def local_time(institution: Institution, moment: datetime) -> datetime:
    """Return `moment` in the institution's zone."""
    return moment.astimezone(ZoneInfo(institution.timezone))


def today(institution: Institution) -> date:
    """Return today's date where the institution is."""
    return local_time(institution, timezone.now()).date()


def _context(inquiry: Inquiry, kind: str, part: str) -> JsonObject:
    return sealed_context(inquiry, f"document/{kind}/{part}")
