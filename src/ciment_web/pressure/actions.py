"""Tell in confidence, add, choose who reads, read: each leaves one entry that names nobody, like a mere visit."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciment.vault import MemberPublic
from ciment_web.inquiries.notices import tell_each
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record_unnamed
from ciment_web.pressure.models import Confidence, Report
from ciment_web.pressure.permissions import can_choose, can_tell
from ciment_web.pressure.queries import open_report
from ciment_web.pressure.sealing import (
    READ,
    WRITTEN,
    Head,
    Opened,
    Said,
    draw_envelopes,
    open_said,
    reseal,
    seal_head,
    seal_said,
    verify_said,
)
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster

# As long as the details of the reading of a request, the most frequent of entries: length does not tell them apart.
_AS_LONG_AS_A_READING = 89


@dataclass(frozen=True)
class NewReport:
    """What is told: the words by name, the members named, and the members it is entrusted to."""

    words: dict[str, str] = field(repr=False)
    named: frozenset[uuid.UUID] = field(default=frozenset(), repr=False)
    readers: frozenset[uuid.UUID] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Told:
    """A report opened: its head, what was said in order, and the members it speaks of by identifier."""

    report: Report
    head: Head
    said: Sequence[Said] = field(repr=False)
    people: dict[str, Member] = field(repr=False)


def leave_visit(actor: Actor) -> None:
    """Leave, for a mere visit, the entry that an act in confidence leaves: neither kind nor number tells them apart."""
    with transaction.atomic():
        _trace(actor)


def tell_report(actor: Actor, new: NewReport) -> Report:
    """Seal what is told to its author and to the readers the author chose; nobody who is named has its key.

    Raises:
        NotAllowed: if nobody answers for the actor, a reader is named, or a reader is not among those offered.
        NoQuorum: before the institution's ceremony.
    """
    require(can_tell(actor))
    readers = _require_readers(actor, new.named, new.readers)
    key = secrets.token_bytes(32)
    with transaction.atomic():
        report = Report(id=uuid.uuid4(), institution=actor.institution)
        head = Head(actor.id, _sorted(new.named), _sorted(new.readers), timezone.now())
        report.sealed_head = seal_head(report, key, head)
        report.save(force_insert=True)
        draw_envelopes(report, key, _everybody(actor), readers)
        _say(actor, report, key, Said(actor.id, head.at, WRITTEN, new.words))
        _tell_readers(actor, new.readers)
        _trace(actor)
    return report


def add_words(actor: Actor, report_id: uuid.UUID, words: dict[str, str]) -> None:
    """Add what happened since; what was told before stays as it was.

    Raises:
        NotReader: without the report's key.
        NotAllowed: for anybody but its author.
    """
    with transaction.atomic():
        opened = _open_own(actor, report_id)
        _say(actor, opened.report, opened.key, Said(actor.id, timezone.now(), WRITTEN, words))
        _tell_readers(actor, [uuid.UUID(each) for each in opened.head.readers])
        _trace(actor)


def share_report(actor: Actor, report_id: uuid.UUID, readers: frozenset[uuid.UUID]) -> None:
    """Choose anew who reads; everything is sealed again under a fresh key, so that a key of before opens nothing.

    Raises:
        NotReader, NotAllowed: as `add_words`; NotAllowed also for a reader who is named, or not offered.
    """
    with transaction.atomic():
        opened = _open_own(actor, report_id)
        named = [uuid.UUID(each) for each in opened.head.named]
        publics = _require_readers(actor, named, readers)
        report, key = opened.report, secrets.token_bytes(32)
        for confidence in report.confidences.select_related("report"):
            confidence.sealed_words = reseal(confidence, opened.key, key)
            confidence.save(update_fields=["sealed_words"])
        report.sealed_head = seal_head(report, key, Head(actor.id, opened.head.named, _sorted(readers), opened.head.at))
        report.save(update_fields=["sealed_head"])
        report.envelopes.all().delete()
        draw_envelopes(report, key, _everybody(actor), publics)
        before = {uuid.UUID(each) for each in opened.head.readers}
        _tell_readers(actor, readers - before)
        _trace(actor)


def read_report(actor: Actor, report_id: uuid.UUID) -> Told:
    """Open a report; its author sees when each reader opened it first.

    Raises:
        NotReader: if no envelope of the actor opens it.
        BlobError, BadSignature, Untrusted: if a row was changed, or a reader spoke in another's name.
    """
    with transaction.atomic():
        opened = _open_locked(actor, report_id)
        report = opened.report
        people = {str(member.id): member for member in Member.objects.filter(institution=actor.institution)}
        said = _open_all(actor, report, opened.key, people)
        if opened.head.author != actor.id and not any(each.kind == READ and each.by == actor.id for each in said):
            _say(actor, report, opened.key, Said(actor.id, timezone.now(), READ))
        _trace(actor)
    return Told(report, opened.head, said, people)


def _open_own(actor: Actor, report_id: uuid.UUID) -> Opened:
    opened = _open_locked(actor, report_id)
    require(opened.head.author == actor.id)
    return opened


def _open_locked(actor: Actor, report_id: uuid.UUID) -> Opened:
    # Locked, then read again: the author may be sealing everything under another key just now.
    Report.objects.select_for_update().get(pk=open_report(actor, report_id).report.pk)
    return open_report(actor, report_id)


def _open_all(actor: Actor, report: Report, key: bytes, people: dict[str, Member]) -> list[Said]:
    roster = trusted_roster(actor).roster
    said = []
    for confidence in report.confidences.select_related("report"):
        each, signature = open_said(confidence, key)
        verify_said(confidence, each, signature, require_trusted(people[each.by], roster))
        said.append(each)
    return said


def _say(actor: Actor, report: Report, key: bytes, said: Said) -> None:
    last = report.confidences.aggregate(last=Max("position"))["last"]
    confidence = Confidence(institution=actor.institution, report=report, position=(last or 0) + 1)
    confidence.sealed_words = seal_said(actor, confidence, key, said)
    confidence.save(force_insert=True)


def _require_readers(
    actor: Actor, named: Collection[uuid.UUID], readers: Collection[uuid.UUID]
) -> dict[str, MemberPublic]:
    offered = {member.id: public for member, public in trusted_members(actor, Role.SIGNATORY, Role.REFERENT, Role.DPO)}
    require(can_choose({*named, actor.member.id}, readers, offered))
    publics = {str(member_id): offered[member_id] for member_id in readers}
    return {**publics, actor.id: actor.keys.public}


def _everybody(actor: Actor) -> list[Member]:
    return list(Member.objects.filter(institution=actor.institution, active=True).order_by("id"))


def _tell_readers(actor: Actor, readers: Collection[uuid.UUID]) -> None:
    # The mail leads to the home page: not even its address says that something was told in confidence.
    members = Member.objects.filter(institution=actor.institution, active=True, id__in=list(readers))
    address = reverse("home", kwargs={"slug": actor.institution.slug})
    tell_each(actor.institution, members, _("Ciment : une lecture vous attend"), address)


def _trace(actor: Actor) -> None:
    record_unnamed(actor, {"act": "confidence", "pad": "-" * _AS_LONG_AS_A_READING})


def _sorted(members: Collection[uuid.UUID]) -> tuple[str, ...]:
    return tuple(sorted(map(str, members)))
