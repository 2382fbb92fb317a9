"""Freeze at once; ask for the accords that reopen."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciment.canon import CimentError, JsonObject, encode
from ciment.quorum.roster import Roster
from ciment_web.decisions.actions.freeze import Terms, freeze_decision
from ciment_web.decisions.models import Decision
from ciment_web.freezes.models import Freeze
from ciment_web.freezes.permissions import (
    can_ask_to_reopen,
    can_freeze_inquiry,
    can_freeze_institution,
    can_freeze_member,
)
from ciment_web.freezes.sealing import open_key, seal_reason, subject_of, wrap_to
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.notices import tell
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, MemberSession, Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster


class AlreadyFrozen(CimentError):  # noqa: N818 - the class names the refusal
    """What is frozen already stays so until the quorum reopens it."""


class TooFewLeft(CimentError):  # noqa: N818 - the class names the refusal
    """A freeze after which too few signatories would be left to lift it."""


@dataclass(frozen=True)
class Stop:
    """What is stopped, and why."""

    scope: Freeze.Scope
    target: uuid.UUID
    reason: str = field(repr=False)


def freeze_inquiry(actor: Actor, inquiry: Inquiry, reason: str) -> Freeze:
    """Stop every reading of a request and every act on it; raises NotAllowed, AlreadyFrozen."""
    require(can_freeze_inquiry(actor, inquiry))
    return _freeze(actor, Stop(Freeze.Scope.INQUIRY, inquiry.id, reason))


def freeze_member(actor: Actor, member: Member, reason: str) -> Freeze:
    """Stop a member: open sessions end, and none begins until the quorum reopens.

    Raises:
        NotAllowed, AlreadyFrozen: as `freeze_inquiry`.
        TooFewLeft: if nobody could lift it.
    """
    require(can_freeze_member(actor, member))
    require_enough_left(trusted_roster(actor).roster, member)
    return _freeze(actor, Stop(Freeze.Scope.MEMBER, member.id, reason))


def freeze_institution(actor: Actor, reason: str) -> Freeze:
    """Stop every reading of requests and every communication; raises as `freeze_inquiry`.

    Recording a request, a danger or a search goes on: nothing stands in the way of help, or of the law.
    """
    require(can_freeze_institution(actor))
    return _freeze(actor, Stop(Freeze.Scope.INSTITUTION, actor.institution.id, reason))


def require_enough_left(roster: Roster, member: Member) -> None:
    """Show that without `member` enough seats can still be held to reopen; raises TooFewLeft."""
    away = {str(row.target) for row in Freeze.objects.filter(institution=member.institution_id, reopened_at=None)}
    present = {str(each.id) for each in Member.objects.filter(institution=member.institution_id, active=True)}
    able = present - away - {str(member.id)}
    held = [seat for seat in roster.seats if able & {holder.member_id for holder in seat.holders}]
    if len(held) < roster.threshold:
        raise TooFewLeft("too few signatories would be left to reopen")


def ask_to_reopen(actor: Actor, freeze: Freeze, reason: str) -> Decision:
    """Freeze a decision to reopen, for the signatories to give their accords on.

    Raises:
        NotAllowed: unless the actor is a signatory or referent, not frozen, and no decision is under way.
    """
    key = open_key(actor, freeze)
    said: JsonObject = {
        "format": "ciment/freeze/v1/reopening",
        "freeze": str(freeze.id),
        "scope": freeze.scope,
        "target": str(freeze.target),
        "reason": reason,
    }
    until = timezone.now() + timedelta(days=actor.institution.decision_days)
    terms = Terms(facts={}, pack={}, verdicts={}, letter=encode(said), recipient=None, expires_at=until)
    with transaction.atomic():
        locked = lock_freeze(actor, freeze)
        require(can_ask_to_reopen(actor, locked))
        locked.decision = freeze_decision(actor, subject_of(locked, key), terms, [])
        locked.save(update_fields=["decision"])
        _tell(locked, _("Ciment : on demande de lever un gel"))
        return locked.decision


def lock_freeze(actor: Actor, freeze: Freeze) -> Freeze:
    """Lock a freeze until the end of the transaction, and return it as it is now."""
    return Freeze.objects.select_for_update(of=("self",)).get(pk=freeze.pk, institution=actor.institution)


def _freeze(actor: Actor, stop: Stop) -> Freeze:
    roster = trusted_roster(actor).roster
    readers = {member.id: (member, public) for member, public in trusted_members(actor, Role.REFERENT, Role.SIGNATORY)}
    if actor.member.id not in readers:
        readers[actor.member.id] = (actor.member, require_trusted(actor.member, roster))
    # Whoever is stopped reads no reason and decides nothing about it.
    readers.pop(stop.target, None)
    key = secrets.token_bytes(32)
    freeze = Freeze(
        institution=actor.institution,
        scope=stop.scope,
        target=stop.target,
        frozen_by=actor.member,
        frozen_at=timezone.now(),
    )
    freeze.sealed_reason = seal_reason(freeze, key, stop.reason)
    with transaction.atomic():
        try:
            with transaction.atomic():
                freeze.save(force_insert=True)
        except IntegrityError as error:
            raise AlreadyFrozen("this is frozen already") from error
        wrap_to(freeze, key, readers.values())
        if stop.scope == Freeze.Scope.MEMBER:
            MemberSession.objects.filter(member_id=stop.target).delete()
        # A freeze of the whole institution is public; one of a request or a person is an act like any other.
        kind = "freeze" if stop.scope == Freeze.Scope.INSTITUTION else "act"
        leave_trace(actor, "freeze.set", {"freeze": str(freeze.id), "target": str(stop.target)}, kind=kind)
        _tell(freeze, _("Ciment : un accès est gelé"))
    return freeze


def _tell(freeze: Freeze, subject: str | Promise) -> None:
    address = reverse("freeze", kwargs={"slug": freeze.institution.slug, "freeze_id": freeze.id})
    tell(freeze.institution, Role.SIGNATORY, subject, address)
