"""Who sets a centre up, and until when."""

from ciment_web.members.actor import Actor
from ciment_web.members.permissions import can_manage_members
from ciment_web.quorum.queries import has_accords


def can_set_up(actor: Actor) -> bool:
    """An administrator, until the ceremony is over: what the accords answer for is then no longer one person's."""
    return can_manage_members(actor) and not has_accords(actor.institution)
