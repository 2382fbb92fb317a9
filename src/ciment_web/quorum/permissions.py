"""Who may answer for members."""

from ciment.quorum.roster import Roster
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def can_answer(actor: Actor, roster: Roster) -> bool:
    """Only a signatory who holds a seat: the countersignature of anybody else would count for nothing."""
    return actor.holds(Role.SIGNATORY) and roster.find_seat_of(actor.id) is not None
