"""Look for the requests that name a person: every request the referent may read is opened, one entry says so."""

from dataclasses import replace
from datetime import UTC

from django.db import transaction
from django.utils import timezone

from ciment.canon import Json
from ciment_web.access.actions.record import lock_request
from ciment_web.access.content import Content, open_content
from ciment_web.access.findings import Findings, Hit, keep_findings, open_findings, sign_verdict
from ciment_web.access.keys import open_key
from ciment_web.access.models import PersonRequest
from ciment_web.access.names import Closeness, closeness
from ciment_web.access.permissions import can_search
from ciment_web.inquiries.content import open_content as open_inquiry
from ciment_web.inquiries.keys import open_key as open_inquiry_key
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.permissions import is_frozen
from ciment_web.inquiries.queries import visible
from ciment_web.inquiries.recusals import untied_inquiries
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace

_NEARER = {Closeness.FULL: 0, Closeness.FAMILY: 1}


def search_requests(actor: Actor, request: PersonRequest) -> Findings:
    """Open every request the referent may read, compare its words with the person's names, keep what is near.

    Nothing is searched but the two names of a recorded request. One entry names every request that was opened: whoever
    asks later who read a request finds this search too, hit or not.

    Raises:
        NotReader: if the person's request was never given to the actor.
        NotAllowed: for anybody but a referent.
    """
    person = open_content(request, open_key(actor, request, "request"))
    require(can_search(actor, request))
    searched = list(_readable(actor))
    hits = sorted((hit for each in searched if (hit := _compare(actor, each, person))), key=_order)
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_search(actor, locked))
        before = open_findings(actor, locked)
        found = _merge(actor, before, searched, hits)
        keep_findings(actor, locked, found)
        locked.save(update_fields=["sealed_findings"])
        opened: list[Json] = [str(each.id) for each in searched]
        leave_trace(actor, "person.searched", {"request": str(request.id), "inquiries": opened})
    return found


def confirm_hit(actor: Actor, request: PersonRequest, inquiry: str, *, same: bool) -> None:
    """Say whether one hit is about the person or about a namesake; said again, the latest counts.

    Raises:
        NotReader, NotAllowed: as for the search, and for a request that the search did not find.
    """
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_search(actor, locked))
        found = open_findings(actor, locked)
        require(inquiry in {hit.inquiry for hit in found.hits})
        signed = sign_verdict(actor, locked, inquiry, same=same)
        keep_findings(actor, locked, replace(found, verdicts={**found.verdicts, inquiry: signed}))
        locked.save(update_fields=["sealed_findings"])
        leave_trace(actor, "person.confirmed", {"request": str(request.id), "inquiry": inquiry, "same": same})


def read_findings(actor: Actor, request: PersonRequest) -> Findings:
    """Open what was found; the reading is in the register before it is shown."""
    require(can_search(actor, request))
    with transaction.atomic():
        found = open_findings(actor, request)
        leave_trace(actor, "person.findings_read", {"request": str(request.id)})
    return found


def _readable(actor: Actor) -> list[Inquiry]:
    """Return what the actor may read: with no tie, as signed; or recorded by the actor, before the question."""
    untied = untied_inquiries(actor)
    stated = set(Inquiry.objects.filter(recusals__member=actor.member).values_list("id", flat=True))
    rows = visible(actor).select_related("institution").order_by("received_at")
    mine = actor.member.id
    open_to_me = [each for each in rows if each.id in untied or (each.recorded_by_id == mine and each.id not in stated)]
    return [each for each in open_to_me if not is_frozen(each)]


def _compare(actor: Actor, inquiry: Inquiry, person: Content) -> Hit | None:
    words = open_inquiry(inquiry, open_inquiry_key(actor, inquiry))
    near = closeness(person.given, person.family, words.about)
    if near is Closeness.NONE:
        near = closeness(person.given, person.family, words.text)
    return None if near is Closeness.NONE else Hit(str(inquiry.id), near.value, words.about)


def _order(hit: Hit) -> int:
    return _NEARER[Closeness(hit.closeness)]


def _merge(actor: Actor, before: Findings, searched: list[Inquiry], hits: list[Hit]) -> Findings:
    now = {hit.inquiry: hit for hit in hits}
    # What another referent found stays: each opens only what they may.
    kept = [hit for hit in before.hits if hit.inquiry not in now]
    return Findings(
        opened=before.opened | {str(each.id) for each in searched},
        received=Inquiry.objects.filter(institution=actor.institution).count(),
        at=timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        hits=(*hits, *kept),
        verdicts=before.verdicts,
    )
