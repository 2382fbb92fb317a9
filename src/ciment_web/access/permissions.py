"""Who may do what for a person concerned. Each answer is a plain yes or no; the default is no."""

from ciment_web.access.models import PersonRequest
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import is_fit
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role

_CASE_WORKERS = (Role.WORKER, Role.TEAM_LEAD, Role.REFERENT)
State, Kind = PersonRequest.State, PersonRequest.Kind


def can_record(actor: Actor) -> bool:
    """Whoever receives people: workers, their lead, referents."""
    return actor.holds(*_CASE_WORKERS)


def can_see_list(actor: Actor) -> bool:
    """Whoever may record, and the auditors, to whom some requests are routed."""
    return can_record(actor) or actor.holds(Role.DPO)


def can_check(actor: Actor, request: PersonRequest) -> bool:
    """A second case worker who was given the request, while it is open."""
    return actor.holds(*_CASE_WORKERS) and request.kind == Kind.ACCESS and request.state == State.OPEN


def can_extend(actor: Actor, request: PersonRequest) -> bool:
    """A referent, once, before the statement: the person must be told why within the first month."""
    return actor.holds(Role.REFERENT) and request.state == State.OPEN and not request.extended


def can_search(actor: Actor, request: PersonRequest) -> bool:
    """A referent alone looks for the requests that name the person, and only for an open access."""
    return actor.holds(Role.REFERENT) and request.kind == Kind.ACCESS and request.state == State.OPEN


def can_extract(actor: Actor, request: PersonRequest) -> bool:
    """An auditor, while the referents wait for the readings."""
    return actor.holds(Role.DPO) and request.kind == Kind.ACCESS and request.state == State.OPEN


def can_hand_over(actor: Actor, request: PersonRequest) -> bool:
    """A case worker who holds the request, once its statement is made."""
    return actor.holds(*_CASE_WORKERS) and request.state == State.STATED


def can_take_over(actor: Actor, request: PersonRequest) -> bool:
    """An auditor takes over a request to correct or erase: what follows is outside Ciment."""
    return actor.holds(Role.DPO) and request.kind != Kind.ACCESS and request.state == State.OPEN


def can_tell(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent with no tie decides whether the person is told, once something was decided on the request."""
    return actor.holds(Role.REFERENT) and is_fit(actor, inquiry)
