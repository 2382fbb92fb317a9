"""Who may do what with filings: the plain answers of arrivals, and what state allows."""

from ciment_web.arrivals.permissions import can_take_over
from ciment_web.desk.models import Filing
from ciment_web.members.actor import Actor


def can_take(actor: Actor, filing: Filing) -> bool:
    """A referent, once."""
    return can_take_over(actor) and filing.inquiry_id is None
