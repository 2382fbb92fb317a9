"""Record what a person asks about their own data; whoever shows no mandate is answered like anybody else."""

import secrets
import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from ciment.quorum.roster import Roster
from ciment_web.access.clock import due_on
from ciment_web.access.content import Content, open_content, seal_content
from ciment_web.access.keys import Reader, open_key, wrap_to
from ciment_web.access.models import PersonCheck, PersonRequest
from ciment_web.access.notices import tell_holders
from ciment_web.access.permissions import can_check, can_record, can_take_over
from ciment_web.access.signing import sign_check
from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.content import Content as InquiryContent
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.keys import NotReader
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import NotAllowed, require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster

Kind = PersonRequest.Kind


@dataclass(frozen=True)
class NewRequest:
    """What is recorded at the counter."""

    kind: str
    content: Content = field(repr=False)
    received_on: date
    form: str = "oral"
    mandate_seen: bool = False
    second: Member | None = None

    @property
    def confirmed(self) -> bool:
        """Whether identity was checked and, for somebody who acts for the person, the mandate was seen."""
        return bool(self.content.identity) and (not self.content.acting or self.mandate_seen)


def record_request(actor: Actor, new: NewRequest, photo: SealedUpload | None = None) -> PersonRequest | Inquiry:
    """Record a person's request; without a checked identity or mandate, a request for information like any other.

    The second is no lesser way: it is the same act, the same certificate, the same letter under the same signature.
    Whoever has no mandate learns nothing, not even that the person would have been answered.

    Raises:
        NotAllowed: for another role, or a second person who may not be one.
        NoQuorum: before the institution's ceremony: there is nobody to seal it to.
    """
    require(can_record(actor))
    if not new.confirmed:
        return record_inquiry(actor, as_inquiry(new))
    require(new.received_on <= today(actor.institution))
    roster = trusted_roster(actor).roster
    holders = holders_of(actor, new.kind)
    second = _second(actor, new.second, roster)
    mine = (actor.member, require_trusted(actor.member, roster))
    key = secrets.token_bytes(32)
    content = new.content
    if photo is not None:
        sealed = photo.keep()
        content = replace(content, mandate_file=sealed.id, mandate_key=sealed.key.hex())
    request = PersonRequest(
        id=uuid.uuid4(),
        institution=actor.institution,
        kind=new.kind,
        recorded_by=actor.member,
        recorded_at=timezone.now(),
        received_on=new.received_on,
        due_on=due_on(new.received_on, extended=False),
        mandate_blob=photo.sealed.blob if photo is not None else "",
    )
    request.sealed_content = seal_content(request, key, content)
    with transaction.atomic(), store.discarding(request.mandate_blob) if photo is not None else nullcontext():
        request.save(force_insert=True)
        wrap_to(request, "request", key, [*holders, *second, mine])
        _check(actor, request, content)
        leave_trace(actor, "person.recorded", {"request": str(request.id), "kind": request.kind})
        tell_holders(request)
    return request


def as_inquiry(new: NewRequest) -> NewInquiry:
    """Return what was asked as the request for information that it is, until somebody shows who they are."""
    content = new.content
    about = content.name
    asker = content.agent if content.acting else content.name
    return NewInquiry(
        requester=content.acting or "person_concerned",
        form=new.form,
        categories=("existence", "documents"),
        content=InquiryContent(name=asker, reach=content.reach, about=about, text=content.details),
    )


def check_request(actor: Actor, request: PersonRequest) -> None:
    """Sign that the actor too checked identity and mandate.

    Raises:
        NotReader: if the request was never given to the actor.
        NotAllowed: for another role, or once the statement is made.
    """
    content = open_content(request, open_key(actor, request, "request"))
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_check(actor, locked))
        _check(actor, locked, content)
        leave_trace(actor, "person.checked", {"request": str(request.id)})


def read_request(actor: Actor, request: PersonRequest) -> Content:
    """Open the words of a request; the reading is in the register before they are shown.

    Raises:
        NotReader: if the request was never given to the actor.
        BlobError: if a row was changed behind the application's back.
    """
    key = open_key(actor, request, "request")
    with transaction.atomic():
        content = open_content(request, key)
        leave_trace(actor, "person.read", {"request": str(request.id)})
    return content


def read_mandate(actor: Actor, request: PersonRequest) -> bytes:
    """Return the picture of the mandate; the reading is in the register before it leaves.

    Raises:
        NotReader: if the request was never given to the actor, or has no picture.
        BlobError: if the stored file was changed.
    """
    content = open_content(request, open_key(actor, request, "request"))
    if not content.mandate_file:
        raise NotReader
    pieces = open_file(bytes.fromhex(content.mandate_key), request.mandate_blob, content.mandate_file)
    with transaction.atomic():
        picture = b"".join(pieces)
        leave_trace(actor, "person.read", {"request": str(request.id), "part": "mandate"})
    return picture


def take_over(actor: Actor, request: PersonRequest) -> None:
    """Note that the auditor took a request to correct or erase over; raises NotAllowed for anybody else."""
    open_key(actor, request, "request")
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_take_over(actor, locked))
        locked.state = PersonRequest.State.DONE
        locked.save(update_fields=["state"])
        leave_trace(actor, "person.taken_over", {"request": str(request.id)})


def lock_request(actor: Actor, request: PersonRequest) -> PersonRequest:
    """Lock a request until the end of the transaction, and return it as it is now."""
    return PersonRequest.objects.select_for_update().get(pk=request.pk, institution=actor.institution)


def holders_of(actor: Actor, kind: str) -> list[Reader]:
    """Return who holds a request beside its recorder: referents for access, auditors for a correction or an erasure.

    Raises:
        NotAllowed: if the institution has nobody to answer it.
    """
    roles = (Role.REFERENT,) if kind == Kind.ACCESS else (Role.DPO,)
    holders = trusted_members(actor, *roles) or trusted_members(actor, Role.REFERENT)
    if not holders:
        raise NotAllowed("nobody here answers persons concerned")
    return holders


def seconds_for(actor: Actor) -> list[Member]:
    """Return the members who could check beside the actor: other case workers whom somebody answers for."""
    found = trusted_members(actor, Role.WORKER, Role.TEAM_LEAD, Role.REFERENT)
    return [member for member, _public in found if member.id != actor.member.id]


def _second(actor: Actor, second: Member | None, roster: Roster) -> list[Reader]:
    if second is None:
        return []
    require(second.id in {member.id for member in seconds_for(actor)})
    return [(second, require_trusted(second, roster))]


def _check(actor: Actor, request: PersonRequest, content: Content) -> None:
    PersonCheck.objects.update_or_create(
        institution=actor.institution,
        request=request,
        member=actor.member,
        defaults={"signature": sign_check(actor, request, content), "checked_at": timezone.now()},
    )
