"""One of everything that a person's request stores, and how each of its columns is read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from person_stories import PERSON, about, put_off, read_out, refused, stated
from web_stories import uploaded

from ciment_web.access.actions.extend import extend_request, extension_reason
from ciment_web.access.actions.hand import (
    Handing,
    hand_over,
    open_packet,
    open_statement,
    packet_words,
    prove_statement,
)
from ciment_web.access.actions.readings import extract_readings, open_readings
from ciment_web.access.actions.record import NewRequest, read_mandate, read_request, record_request
from ciment_web.access.actions.search import confirm_hit, read_findings, search_requests
from ciment_web.access.actions.state import make_statement
from ciment_web.access.actions.tell import defer_telling, open_notice, prove_notice, read_tellings, tell_person
from ciment_web.access.keys import open_key
from ciment_web.access.letters import PersonAddress
from ciment_web.access.models import PersonRequest, Telling
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor
from ciment_web.project.demonstration import Demonstration

State = PersonRequest.State
TO = PersonAddress(("Camille Exemple", "Rue Haute 2", "0000 Valbrume"))


def store_access(demonstration: Demonstration) -> None:
    """Store a request with a mandate that waits for its statement, two that were handed over, and two letters."""
    told, other = (refused(demonstration, **about("Camille Exemple")) for _ in range(2))
    referent = demonstration.people["referent"]
    defer_telling(referent, told, put_off(today(demonstration.institution)))
    for inquiry in (told, other):
        tell_person(referent, inquiry, TO, "Enquête close")
    for _ in range(2):
        hand_over(demonstration.people["travailleur"], stated(demonstration, told), Handing(packet=True))
    _wait_for_statement(demonstration, told)


def _wait_for_statement(demonstration: Demonstration, same: Inquiry) -> None:
    referent, day = demonstration.people["referent"], today(demonstration.institution)
    content = replace(PERSON, acting="lawyer_of_person", agent="Me Alix Conseil", mandate="procuration")
    new = NewRequest(kind="access", content=content, received_on=day, mandate_seen=True)
    record_request(demonstration.people["travailleur"], new, uploaded(b"\x89PNG une procuration", "mandat.png"))
    extend_request(referent, waiting(), "Vingt demandes à relire")
    for hit in search_requests(referent, waiting()).hits:
        confirm_hit(referent, waiting(), hit.inquiry, same=hit.inquiry == str(same.id))
    read_out(demonstration, waiting())


def waiting() -> PersonRequest:
    """Return the request whose statement is not made yet, as its row is now."""
    return PersonRequest.objects.select_related("institution").get(state=State.OPEN)


def handed() -> PersonRequest:
    """Return the first request whose statement was handed over, as its rows are now."""
    rows = PersonRequest.objects.select_related("institution", "statement").filter(state=State.DONE)
    return rows.order_by("recorded_at")[0]


def read_every_part(reader: Actor) -> None:
    request = waiting()
    read_request(reader, request)
    read_findings(reader, request)
    assert open_readings(reader, request) is not None


def read_extension(reader: Actor) -> None:
    request = waiting()
    assert extension_reason(request, open_key(reader, request, "request"))


def extract(reader: Actor) -> None:
    with transaction.atomic():
        extract_readings(reader, waiting())
        transaction.set_rollback(True)


def state(reader: Actor) -> None:
    with transaction.atomic():
        make_statement(reader, waiting())
        transaction.set_rollback(True)


def read_proof(reader: Actor) -> None:
    assert prove_statement(reader, handed()) is not None


def read_words(reader: Actor) -> None:
    assert packet_words(reader, handed())


def read_decisions(reader: Actor) -> None:
    for inquiry in {row.inquiry for row in Telling.objects.select_related("inquiry__institution")}:
        read_tellings(reader, inquiry)


def read_picture(reader: Actor) -> bytes:
    return read_mandate(reader, waiting())


def _each_letter(read: Callable[[Actor, Inquiry, Telling], Any]) -> Callable[[Actor], None]:
    def every(reader: Actor) -> None:
        for row in Telling.objects.select_related("inquiry__institution").exclude(sealed_pdf=b""):
            assert read(reader, row.inquiry, row) is not None

    return every


# By name of the column: who reads it, and how.
ACCESS_READERS: dict[str, tuple[str, Callable[[Actor], Any]]] = {
    "access.PersonRequest.sealed_content": ("referent", read_every_part),
    "access.PersonRequest.sealed_extension": ("referent", read_extension),
    "access.PersonRequest.sealed_findings": ("referent", read_every_part),
    "access.PersonRequest.sealed_asked": ("dpo", extract),
    "access.PersonRequest.sealed_readings": ("referent", read_every_part),
    "access.PersonKey.wrapped": ("referent", read_every_part),
    # Whoever makes the statement does not check alone: a check that does not hold is none.
    "access.PersonCheck.signature": ("referent", state),
    "access.PersonStatement.sha256": ("referent", read_proof),
    "access.PersonStatement.sealed_pdf": ("referent", lambda reader: open_statement(reader, handed())),
    "access.PersonStatement.sealed_opening": ("referent", read_proof),
    "access.PersonStatement.sealed_packet": ("referent", lambda reader: open_packet(reader, handed())),
    # The words are said by whoever handed the packet over.
    "access.PersonStatement.sealed_secret": ("travailleur", read_words),
    "access.TellingKey.wrapped": ("referent", read_decisions),
    "access.Telling.sealed": ("referent", read_decisions),
    "access.Telling.sealed_pdf": ("referent", _each_letter(open_notice)),
    "access.Telling.sha256": ("referent", _each_letter(prove_notice)),
    "access.Telling.sealed_opening": ("referent", _each_letter(prove_notice)),
}
ACCESS_ROWS: dict[str, Callable[[], dict[str, Any]]] = {
    "access.PersonKey.wrapped": lambda: {"request": waiting(), "member__login": "referent"},
    "access.PersonCheck.signature": lambda: {"request": waiting()},
    "access.TellingKey.wrapped": lambda: {"member__login": "referent"},
}
ACCESS_ROWS |= {
    name: lambda: {"id": waiting().id} for name in ACCESS_READERS if name.startswith("access.PersonRequest.")
}
ACCESS_ROWS |= {
    name: lambda: {"request": handed()} for name in ACCESS_READERS if name.startswith("access.PersonStatement.")
}
