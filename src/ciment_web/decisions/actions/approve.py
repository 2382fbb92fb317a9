"""Give or refuse an accord. Both are said once, by name, and are in the register."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError, JsonObject
from ciment.disclosure import ActRefused, approve
from ciment.quorum.approve import Approver
from ciment.vault import seal
from ciment_web.decisions.circumstances import circumstances_of
from ciment_web.decisions.models import Approval, Decision, Objection, Packet
from ciment_web.decisions.subjects import Subject, handler_for, handler_of
from ciment_web.governance.absences import ids_acted_for
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.actions import open_share
from ciment_web.quorum.trust import hold_to_roster, trusted_roster


class AlreadySaid(CimentError):  # noqa: N818 - the class names the refusal
    """A member or a seat that has given or refused its accord already."""


def approve_decision(actor: Actor, decision: Decision, passphrase: str) -> Approval:
    """Give the actor's accord to exactly this decision; the passphrase is asked again.

    Raises:
        WrongPassphrase, TooManyAttempts: from the passphrase.
        AlreadySaid: if this member or seat spoke before.
        CimentError: the first step of APPROVE that does not hold.
    """
    require(actor.holds(Role.SIGNATORY))
    confirmed = Actor(actor.member, actor.roles, confirm_passphrase(actor, passphrase))
    subject = handler_of(decision).open_subject(confirmed, decision)
    given = circumstances_of(confirmed, decision, subject)
    share = open_share(confirmed, given.decision.generation)
    approval = approve(given, Approver(confirmed.id, share, confirmed.keys.sign))
    with transaction.atomic():
        locked = lock_open(decision)
        _require_silent(locked, actor, approval.seat)
        hold_to_roster(actor)
        row = Approval.objects.create(
            institution=actor.institution,
            decision=locked,
            seat=approval.seat,
            member=actor.member,
            signed=approval.encode(),
            given_at=timezone.now(),
        )
        record(
            actor,
            "decision.approved",
            {
                "decision": str(decision.id),
                "seat": approval.seat,
                "approval": sha256(approval.encode()).hexdigest(),
                "for": ids_acted_for(actor),
            },
        )
    return row


def object_to_decision(actor: Actor, decision: Decision, reason: str) -> bool:
    """Refuse one's accord, with a reason; return whether the decision can no longer reach its accords.

    Raises:
        NotAllowed: unless the actor is a signatory who is not recused.
        AlreadySaid: if this member spoke before.
    """
    subject = handler_of(decision).open_subject(actor, decision)
    require(actor.holds(Role.SIGNATORY) and actor.id not in handler_for(subject).tied(actor, subject))
    roster = trusted_roster(actor).roster
    seat = roster.find_seat_of(actor.id)
    require(seat is not None)
    with transaction.atomic():
        locked = lock_open(decision)
        _require_silent(locked, actor, seat.number if seat else 0)
        objection = Objection(institution=actor.institution, decision=locked, member=actor.member)
        objection.sealed_reason = seal(subject.key, reason.encode(), reason_context(subject, objection))
        objection.given_at = timezone.now()
        objection.save(force_insert=True)
        declined = len(roster.seats) - locked.objections.count() < roster.threshold
        if declined:
            _give_back(actor, locked, Decision.State.DECLINED)
        record(actor, "decision.objected", {"decision": str(decision.id), "declined": declined})
    return declined


def lapse_decision(actor: Actor, decision: Decision) -> bool:
    """Close a decision whose time is over, so that it can be prepared anew; return whether it was."""
    with transaction.atomic():
        locked = Decision.objects.select_for_update().get(pk=decision.pk, institution=actor.institution)
        if locked.state != Decision.State.OPEN or locked.expires_at > timezone.now():
            return False
        _give_back(actor, locked, Decision.State.LAPSED)
        record(actor, "decision.lapsed", {"decision": str(decision.id)})
    return True


def cancel_decision(actor: Actor, decision: Decision) -> None:
    """Take an open decision back because its subject is withdrawn; call it in the transaction of the withdrawal."""
    _give_back(actor, lock_open(decision), Decision.State.LAPSED)


def void_approval(actor: Actor, decision: Decision) -> None:
    """Take back the accord of a member who has just declared a tie; call it in the transaction of that statement."""
    Approval.objects.filter(
        decision=decision, decision__state=Decision.State.OPEN, member=actor.member, institution=actor.institution
    ).delete()


def reason_context(subject: Subject, objection: Objection) -> JsonObject:
    """Return what the reason of an objection is bound to."""
    return {"use": "decision", "subject": subject.id, "part": f"objection/{objection.id}"}


def _give_back(actor: Actor, decision: Decision, state: Decision.State) -> None:
    # Boxes of a decision that will never be executed are of no use to anyone but a thief.
    decision.approvals.all().update(signed=b"")
    decision.copies.all().update(decision=None)
    decision.state = state
    decision.save(update_fields=["state"])
    handler_of(decision).undecided(actor, decision, declined=state == Decision.State.DECLINED)


def lock_open(decision: Decision) -> Decision:
    """Lock a decision until the end of the transaction; raises ActRefused when it is no longer open."""
    locked = Decision.objects.select_for_update().get(pk=decision.pk, institution=decision.institution)
    # A packet says that it was executed, even to a row that says something else.
    if locked.state != Decision.State.OPEN or Packet.objects.filter(decision=locked).exists():
        raise ActRefused("not_executable")
    return locked


def _require_silent(decision: Decision, actor: Actor, seat: int) -> None:
    spoken = decision.approvals.filter(seat=seat).exists() or decision.approvals.filter(member=actor.member).exists()
    if spoken or decision.objections.filter(member=actor.member).exists():
        raise AlreadySaid("this member has already given or refused the accord")
