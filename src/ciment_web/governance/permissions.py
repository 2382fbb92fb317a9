"""Who may do what with settings."""

from ciment.canon import CimentError
from ciment_web.governance.statements import may_state
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.quorum.trust import trusted_roster


def can_see_settings(actor: Actor) -> bool:
    """Every member somebody answers for: settings say how the institution works, and concern nobody outside it."""
    return bool(actor.roles)


def can_state(actor: Actor, *, reserved: bool) -> bool:
    """A signatory who holds a seat; the director general's, where the setting is reserved to it."""
    if not actor.holds(Role.SIGNATORY):
        return False
    try:
        roster = trusted_roster(actor).roster
    except CimentError:
        return False
    return may_state(roster, actor.id, reserved=reserved)
