"""Make the statement: what may be told, nothing else, sealed by the institution; then hand it over."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError
from ciment.vault import seal
from ciment_web.access.actions.readings import auditors, confirmed, open_readings
from ciment_web.access.actions.record import lock_request, seconds_for
from ciment_web.access.content import Content, open_content
from ciment_web.access.findings import open_findings, verdict_of
from ciment_web.access.keys import open_key, sealed_context
from ciment_web.access.letters import PersonAddress, Statement, compose_statement
from ciment_web.access.models import PersonRequest, PersonStatement
from ciment_web.access.outcomes import Outcome, Telling, account_of, telling_of
from ciment_web.access.permissions import can_search
from ciment_web.access.signing import checked_by
from ciment_web.inquiries.documents import put_seal, subject_of, today
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import may_read
from ciment_web.inquiries.queries import visible
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace

State = PersonRequest.State


class NotYet(CimentError):  # noqa: N818 - the class names the refusal
    """A statement that something still keeps from being made; `missing` says what."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        """Keep what is missing."""
        super().__init__("the statement cannot be made yet")
        self.missing = missing


@dataclass(frozen=True)
class Progress:
    """What the referent sees before making a statement: what will be told, what not, and what is still missing."""

    told: tuple[Inquiry, ...]
    deferred: tuple[Inquiry, ...]
    undecided: tuple[Inquiry, ...]
    pending: tuple[Inquiry, ...]
    unread: tuple[str, ...]
    missing: tuple[str, ...]
    alone: bool


def progress_of(actor: Actor, request: PersonRequest, content: Content) -> Progress:
    """Return where a statement stands.

    Raises:
        NotReader, NotAllowed: for anybody but the referents of the request.
    """
    require(can_search(actor, request))
    found = open_findings(actor, request)
    chosen = confirmed(actor, request) if found.at else frozenset()
    rows = {str(each.id): each for each in visible(actor).filter(id__in=chosen).select_related("institution")}
    readable = {name: row for name, row in rows.items() if may_read(actor, row)}
    sorted_out: dict[Telling | None, list[Inquiry]] = {kind: [] for kind in (*Telling, None)}
    for row in sorted(readable.values(), key=lambda each: each.received_at):
        outcome, telling, _said = telling_of(actor, row)
        sorted_out[None if outcome is Outcome.PENDING and telling is not Telling.DEFERRED else telling].append(row)
    missing = [
        ("search", bool(found.at)),
        ("verdicts", all(verdict_of(actor, request, found, hit.inquiry) is not None for hit in found.hits)),
        ("unread", not chosen - set(readable)),
        ("undecided", not sorted_out[Telling.UNDECIDED]),
        ("second", _two_people(actor, request, content)),
        ("readings", _readings_in(actor, request, chosen)),
    ]
    return Progress(
        told=tuple(sorted_out[Telling.TOLD]),
        deferred=tuple(sorted_out[Telling.DEFERRED]),
        undecided=tuple(sorted_out[Telling.UNDECIDED]),
        pending=tuple(sorted_out[None]),
        unread=tuple(sorted(chosen - set(readable))),
        missing=tuple(name for name, there in missing if not there),
        alone=not seconds_for(actor),
    )


def make_statement(actor: Actor, request: PersonRequest) -> PersonStatement:
    """Make the statement, seal it, and put it in the register; it is made once.

    What is put off is left out, readings of it included, and no sentence of the statement depends on it.

    Raises:
        NotReader, NotAllowed: for anybody but a referent of the request, or a second time.
        NotYet: while a hit waits for a verdict, something for a decision, or no second person has checked.
    """
    key = open_key(actor, request, "request")
    content = open_content(request, key)
    progress = progress_of(actor, request, content)
    if progress.missing:
        raise NotYet(progress.missing)
    letter = _draw(actor, request, content, progress)
    pdf = put_seal(actor.institution, letter, "Relevé remis à la personne concernée")
    digest = hashlib.sha256(pdf).digest()
    with transaction.atomic():
        locked = lock_request(actor, request)
        # What was drawn is what holds now: a deferral of this very minute is obeyed too.
        require(_same(locked, request) and progress_of(actor, locked, content) == progress)
        locked.state = State.STATED
        locked.save(update_fields=["state"])
        # The entry says what was left out: to the auditors alone, by identifiers.
        details = {"request": str(request.id), "deferred": [str(each.id) for each in progress.deferred]}
        recorded = leave_trace(
            actor,
            "person.stated",
            {**details, "told": [str(each.id) for each in progress.told], "alone": progress.alone},
            documents=[subject_of("reply", digest)],
        )
        return PersonStatement.objects.create(
            id=uuid.uuid4(),
            institution=actor.institution,
            request=locked,
            sha256=digest,
            sealed_pdf=seal(key, pdf, sealed_context(request, "statement/pdf")),
            sealed_opening=seal(key, recorded.opening.encode(), sealed_context(request, "statement/opening")),
            leaf_index=recorded.index,
            made_by=actor.member,
            made_at=timezone.now(),
        )


def _draw(actor: Actor, request: PersonRequest, content: Content, progress: Progress) -> bytes:
    found = open_findings(actor, request)
    readings = open_readings(actor, request)
    told = {str(each.id) for each in progress.told}
    statement = Statement(
        reference=f"A-{request.received_on:%Y}-{str(request.id)[:8]}",
        to=PersonAddress(content.addressee()),
        examined=len(found.opened),
        received=found.received,
        searched_at=datetime.fromisoformat(found.at),
        accounts=tuple(account_of(actor, each) for each in progress.told),
        readings=tuple(row for row in readings.rows if row.inquiry in told) if readings else None,
        register_size=readings.size if readings else 0,
    )
    return compose_statement(actor.institution, statement, actor.member, today(actor.institution))


def _two_people(actor: Actor, request: PersonRequest, content: Content) -> bool:
    # Two people where there are two: whoever makes the statement is not the only one who checked.
    others = checked_by(actor, request, content) - {actor.id}
    return bool(others) or not seconds_for(actor)


def _readings_in(actor: Actor, request: PersonRequest, chosen: frozenset[str]) -> bool:
    readings = open_readings(actor, request)
    return (readings is not None and chosen <= readings.inquiries) or not auditors(actor)


def _same(locked: PersonRequest, drawn_from: PersonRequest) -> bool:
    parts = ("sealed_content", "sealed_findings", "sealed_readings")
    return all(bytes(getattr(locked, part)) == bytes(getattr(drawn_from, part)) for part in parts)
