"""Who opens the institution to arrivals, and who closes it."""

from ciment_web.members.actor import Actor
from ciment_web.members.models import Role


def can_see_arrivals(actor: Actor) -> bool:
    """Referents and signatories: what arrives is sealed to them."""
    return actor.holds(Role.REFERENT, Role.SIGNATORY)


def can_open_arrivals(actor: Actor) -> bool:
    """A signatory; the action also asks for a seat in the roster."""
    return actor.holds(Role.SIGNATORY)


def can_close_arrivals(actor: Actor) -> bool:
    """Anyone competent closes at once; only a signatory opens again."""
    return actor.holds(Role.REFERENT, Role.SIGNATORY)


def can_take_over(actor: Actor) -> bool:
    """A referent makes a request of what arrived."""
    return actor.holds(Role.REFERENT)
