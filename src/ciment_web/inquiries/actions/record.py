"""Record a request for information: the worker's part, after which the institution answers."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.canon import CimentError, JsonObject, decode, encode
from ciment.law import parse_facts
from ciment.vault import open_blob, seal
from ciment_web.blobs.sealing import SealedFile
from ciment_web.governance.recusals import recusals_of
from ciment_web.inquiries.content import Content, seal_content
from ciment_web.inquiries.documents import compose_certificate, keep_document, local_time, put_seal, subject_of
from ciment_web.inquiries.keys import open_key, sealed_context, wrap_to
from ciment_web.inquiries.models import Attachment, Inquiry
from ciment_web.inquiries.notices import tell_referents
from ciment_web.inquiries.permissions import can_record
from ciment_web.institutions.models import Institution
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster
from ciment_web.register import actions as register


@dataclass(frozen=True)
class NewInquiry:
    """The six answers of the record: who, name and how to reach, form, about whom, what, and the message itself."""

    requester: str
    form: str
    categories: tuple[str, ...]
    content: Content = field(repr=False)
    channel: str = ""
    # When it came in, where that was before it is recorded.
    received_at: datetime | None = None
    # The register has had it under `received` since then: it is not counted twice.
    entered: bool = False


@dataclass(frozen=True)
class NamedFile:
    """A sealed file with the name it came under."""

    name: str = field(repr=False)
    sealed: SealedFile = field(repr=False)


def record_inquiry(actor: Actor, new: NewInquiry, files: Sequence[NamedFile] = ()) -> Inquiry:
    """Record a request, seal its words, and make the certificate of relay.

    Raises:
        NotAllowed: if the actor's roles do not record requests.
        UnknownFact: for a requester, form or category outside the vocabulary.
        NoQuorum: before the institution's ceremony: nobody could answer.
    """
    require(can_record(actor))
    parse_facts({"requester": new.requester, "form": new.form, "category": list(new.categories)})
    roster = trusted_roster(actor).roster
    readers = {member.id: (member, public) for member, public in trusted_members(actor, Role.REFERENT, Role.SIGNATORY)}
    recusals = recusals_of(actor)
    if not recusals.everybody:
        # Whoever is recused by setting from such requests never holds their key.
        readers = {each: pair for each, pair in readers.items() if not recusals.covers(str(each), new.requester)}
    if actor.member.id not in readers:
        readers[actor.member.id] = (actor.member, require_trusted(actor.member, roster))
    key = secrets.token_bytes(32)
    with transaction.atomic():
        inquiry = _number(actor, new)
        inquiry.sealed_content = seal_content(inquiry, key, new.content)
        inquiry.save(force_insert=True)
        wrap_to(inquiry, key, readers.values())
        _attach(inquiry, key, files)
        pdf = put_seal(
            actor.institution,
            compose_certificate(inquiry, actor.member, register.reserve(actor.institution)),
            _("Attestation de relais"),
        )
        recorded = leave_trace(
            actor,
            "inquiry.received",
            {"inquiry": str(inquiry.id), "attachments": len(files)},
            kind="act" if new.entered else "received",
            attributes={} if new.entered else {"requester": new.requester, "form": new.form},
            documents=[subject_of("certificate", hashlib.sha256(pdf).digest())],
        )
        keep_document(inquiry, key, "certificate", pdf, recorded)
        tell_referents(inquiry)
    return inquiry


def _number(actor: Actor, new: NewInquiry) -> Inquiry:
    # The institution's row is the lock under which numbers are given: none is given twice, none is skipped.
    institution = Institution.objects.select_for_update().get(pk=actor.institution.pk)
    now = timezone.now()
    year = local_time(institution, now).year
    last = Inquiry.objects.filter(institution=institution, year=year).aggregate(last=Max("number"))["last"]
    return Inquiry(
        id=uuid.uuid4(),
        institution=institution,
        number=(last or 0) + 1,
        year=year,
        requester=new.requester,
        form=new.form,
        categories=list(new.categories),
        channel=new.channel,
        recorded_by=actor.member,
        received_at=new.received_at or now,
    )


def _attach(inquiry: Inquiry, key: bytes, files: Sequence[NamedFile]) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            institution=inquiry.institution,
            inquiry=inquiry,
            position=position,
            blob=file.sealed.blob,
            sealed_name=seal(key, describe_file(file), sealed_context(inquiry, f"attachment/{position}")),
        )
        for position, file in enumerate(files)
    )


def describe_file(file: NamedFile) -> bytes:
    """Return what must be known to open a sealed file again; it is sealed in its turn."""
    statement: JsonObject = {
        "name": file.name,
        "id": file.sealed.id,
        "key": file.sealed.key.hex(),
    }
    return encode(statement)


def open_attachment(actor: Actor, attachment: Attachment) -> tuple[str, str, bytes]:
    """Return name, file identifier and key of an attachment."""
    inquiry = attachment.inquiry
    opened = decode(
        open_blob(
            open_key(actor, inquiry),
            bytes(attachment.sealed_name),
            sealed_context(inquiry, f"attachment/{attachment.position}"),
        )
    )
    if not isinstance(opened, dict):
        raise CimentError("not an attachment")
    return str(opened["name"]), str(opened["id"]), bytes.fromhex(str(opened["key"]))
