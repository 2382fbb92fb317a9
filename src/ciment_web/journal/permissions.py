"""Who may do what with the journal."""

from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def can_record(actor: Actor) -> bool:
    """Whoever works for people: a worker or a referent."""
    return actor.holds(Role.WORKER, Role.REFERENT)


def can_count(actor: Actor) -> bool:
    """The officer reads how many, never what."""
    return actor.holds(Role.DPO, Role.REFERENT)
