"""Who may freeze, and who may ask for the accords that reopen. Each answer is a plain yes or no; the default is no."""

from ciment_web.freezes.models import Freeze
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import is_recused
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role

_COMPETENT = (Role.REFERENT, Role.SIGNATORY, Role.DPO)


def can_freeze_inquiry(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent or signatory without a tie who has its key: nobody else knows that it exists."""
    return actor.holds(Role.REFERENT, Role.SIGNATORY) and not is_recused(actor, inquiry)


def can_freeze_member(actor: Actor, member: Member) -> bool:
    """Whoever is competent, or the administrator, stops another active member of the same institution."""
    other = member.active and member.institution_id == actor.institution.id and member.id != actor.member.id
    return other and actor.holds(*_COMPETENT, Role.ADMINISTRATOR)


def can_freeze_institution(actor: Actor) -> bool:
    """Whoever is competent stops every reading and every communication of the institution."""
    return actor.holds(*_COMPETENT)


def can_list(actor: Actor) -> bool:
    """Those who may freeze something see what is frozen; only who holds a key reads why."""
    return actor.holds(*_COMPETENT, Role.ADMINISTRATOR)


def can_ask_to_reopen(actor: Actor, freeze: Freeze) -> bool:
    """A signatory or referent asks for the accords, once at a time; never whoever is frozen."""
    waiting = freeze.reopened_at is None and freeze.decision_id is None
    return waiting and actor.holds(Role.REFERENT, Role.SIGNATORY) and freeze.target != actor.member.id
