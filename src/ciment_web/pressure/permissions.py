"""Who may do what with what is told in confidence."""

import uuid
from collections.abc import Collection

from ciment_web.members.actor import Actor


def can_tell(actor: Actor) -> bool:
    """Every member somebody answers for: whoever may be pressed may say so."""
    return bool(actor.roles)


def can_choose(named: Collection[uuid.UUID], readers: Collection[uuid.UUID], offered: Collection[uuid.UUID]) -> bool:
    """Readers are among those offered, and nobody who is named is one of them."""
    return set(readers) <= set(offered) and not set(readers) & set(named)
