"""Execute a decision by which nothing leaves: put a flow into force, lift a freeze."""

from django.db import transaction

from ciment.disclosure import adopt
from ciment_web.decisions.actions.approve import lock_open
from ciment_web.decisions.actions.execute import standing_approvals
from ciment_web.decisions.circumstances import circumstances_of, letter_of
from ciment_web.decisions.models import Decision
from ciment_web.decisions.subjects import handler_for, handler_of
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record


def adopt_decision(actor: Actor, decision: Decision, passphrase: str) -> None:
    """Put into force what the accords are on, in one transaction; nothing leaves and nothing is opened by it.

    Raises:
        WrongPassphrase, TooManyAttempts: from the passphrase.
        CimentError: the first step of EXECUTE that does not hold.
    """
    require(actor.holds(Role.SIGNATORY))
    confirmed = Actor(actor.member, actor.roles, confirm_passphrase(actor, passphrase))
    subject = handler_of(decision).open_subject(confirmed, decision)
    given = circumstances_of(confirmed, decision, subject)
    roster, letter = given.roster.roster, letter_of(decision, subject)
    with transaction.atomic():
        locked = lock_open(decision)
        declined = len(roster.seats) - locked.objections.count() < roster.threshold
        adopt(given, standing_approvals(confirmed, locked, subject), declined=declined)
        # Unlike the boxes of a release, which open something, these accords hold nothing to purge.
        locked.state = Decision.State.EXECUTED
        locked.save(update_fields=["state"])
        recorded = record(confirmed, "decision.adopted", {"decision": str(decision.id), "subject": subject.id})
        handler_for(subject).released(confirmed, locked, letter, recorded)
