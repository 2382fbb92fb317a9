"""Who may do what with a search or seizure."""

from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def can_note(actor: Actor) -> bool:
    """Every member somebody answers for, whatever the role: the door chooses nobody."""
    return bool(actor.roles)


def can_lift(actor: Actor) -> bool:
    """A signatory lets erasure begin again."""
    return actor.holds(Role.SIGNATORY)
