"""Who may do what with drills."""

from ciment_web.members.actor import Actor


def can_count(actor: Actor) -> bool:
    """Every member may train; the answers of those whom somebody answers for count for the team."""
    return bool(actor.roles)
