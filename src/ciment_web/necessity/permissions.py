"""Who may do what with a situation of necessity."""

from ciment_web.members.actor import Actor


def can_state(actor: Actor) -> bool:
    """Every member somebody answers for, whatever the role: danger chooses nobody."""
    return bool(actor.roles)
