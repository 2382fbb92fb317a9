"""Who may do what with members."""

from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, Role


def can_read_register_details(actor: Actor) -> bool:
    """Only the data protection officer opens the details of entries."""
    return actor.holds(Role.DPO)


def can_countersign(actor: Actor, member: Member) -> bool:
    """A signatory answers for the enrolment of another member of the same institution."""
    return (
        actor.holds(Role.SIGNATORY) and member.institution_id == actor.institution.id and member.id != actor.member.id
    )
