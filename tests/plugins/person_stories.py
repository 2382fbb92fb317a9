"""Ways to bring a person's request where a test needs it, through the very actions that the pages call."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from web_stories import CONTENT, record, silenced

from ciment_web.access.actions.readings import ask_readings, extract_readings
from ciment_web.access.actions.record import NewRequest, record_request
from ciment_web.access.actions.search import confirm_hit, search_requests
from ciment_web.access.actions.state import make_statement
from ciment_web.access.content import Content
from ciment_web.access.findings import Findings
from ciment_web.access.models import PersonRequest
from ciment_web.access.tellings import DEFER, Choice
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration

PERSON = Content(
    given="Camille", family="Exemple", reach="Rue Haute 2\n0000 Valbrume", identity="card", wanted="everything"
)


def asks(demonstration: Demonstration, login: str = "travailleur", **changes: Any) -> PersonRequest:
    """Record a request of the person, identity checked; `changes` replace its answers."""
    new = NewRequest(kind="access", content=PERSON, received_on=today(demonstration.institution))
    made = record_request(demonstration.people[login], replace(new, **changes))
    assert isinstance(made, PersonRequest)
    return made


def refused(demonstration: Demonstration, **changes: Any) -> Inquiry:
    """Return a request for information that was refused under one signature."""
    inquiry = silenced(demonstration, **changes)
    signatory = demonstration.people["dg"]
    state_recusal(signatory, inquiry, recused=False)
    refuse_inquiry(signatory, read_inquiry(signatory, inquiry))
    return inquiry


def about(name: str) -> dict[str, Any]:
    """Return the change that makes a request speak of `name`, in no other word."""
    return {"content": replace(CONTENT, about=name, text="Connue ?")}


@dataclass
class Sought:
    """A person's request with what was found for it."""

    request: PersonRequest
    found: Findings


def sought(demonstration: Demonstration, *same: Inquiry) -> Sought:
    """Let the referent search, and say of each hit whether it is the person."""
    referent = demonstration.people["referent"]
    request = asks(demonstration)
    found = search_requests(referent, request)
    chosen = {str(each.id) for each in same}
    for hit in found.hits:
        confirm_hit(referent, request, hit.inquiry, same=hit.inquiry in chosen)
    request.refresh_from_db()
    return Sought(request, found)


def read_out(demonstration: Demonstration, request: PersonRequest) -> int:
    """Let the referent ask for the readings, and the auditor extract them; return how many there are."""
    ask_readings(demonstration.people["referent"], request)
    request.refresh_from_db()
    found = extract_readings(demonstration.people["dpo"], request)
    request.refresh_from_db()
    return found


def stated(demonstration: Demonstration, *same: Inquiry) -> PersonRequest:
    """Return a person's request whose statement is made."""
    request = sought(demonstration, *same).request
    read_out(demonstration, request)
    make_statement(demonstration.people["referent"], request)
    request.refresh_from_db()
    return request


def put_off(day: date, days: int = 30, reason: str = "Enquête en cours, texte lu") -> Choice:
    """Return a deferral that is looked at again some days after `day`."""
    return Choice(DEFER, reason, "criminal_inquiry", day + timedelta(days=days))


__all__ = ["PERSON", "about", "asks", "put_off", "read_out", "record", "refused", "sought", "stated"]
