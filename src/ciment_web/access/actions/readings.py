"""Who read what is said about a person: the referents ask, the auditors look in the register, where readings are."""

import secrets
from collections.abc import Iterator, Sequence
from typing import cast

from django.db import transaction

from ciment.canon import HybridPrivateKey, InvalidEncoding, Json, JsonObject, OpeningFailed
from ciment.register import Entry, Opening, verify_opening
from ciment.vault import open_blob, seal
from ciment_web.access.actions.record import lock_request
from ciment_web.access.findings import open_findings, verdict_of
from ciment_web.access.keys import has_key, open_key, sealed_context, wrap_to
from ciment_web.access.models import PersonRequest
from ciment_web.access.notices import tell_auditors, tell_referents
from ciment_web.access.permissions import can_extract, can_search
from ciment_web.access.readings import Reading, Readings
from ciment_web.access.signing import NotSigned, sign, verify
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member, RegisterKey, Role
from ciment_web.members.refusals import require
from ciment_web.members.register_key import open_register_key
from ciment_web.members.tracing import record as leave_trace
from ciment_web.quorum.trust import trusted_members
from ciment_web.register.actions import details_context
from ciment_web.register.models import Leaf

# The acts by which a member had the words of a request before their eyes, or opened them to search.
READING_ACTS = ("inquiry.read", "inquiry.part_read", "person.searched")


def auditors(actor: Actor) -> list[Member]:
    """Return the auditors who can open the register: answered for, and given its key."""
    given = set(RegisterKey.objects.filter(institution=actor.institution).values_list("member", flat=True))
    return [member for member, _public in trusted_members(actor, Role.DPO) if member.id in given]


def ask_readings(actor: Actor, request: PersonRequest) -> None:
    """Ask the auditors for the readings of every request that was confirmed; they learn identifiers, no name.

    Raises:
        NotReader, NotAllowed: for anybody but the referents, or where nobody can open the register.
    """
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_search(actor, locked) and bool(auditors(actor)))
        wanted: list[Json] = [*sorted(confirmed(actor, locked))]
        key = _readings_key(actor, locked)
        locked.sealed_asked = seal(key, sign(actor, {"inquiries": wanted}), sealed_context(locked, "asked"))
        locked.sealed_readings = b""
        locked.save(update_fields=["sealed_asked", "sealed_readings"])
        leave_trace(actor, "person.readings_asked", {"request": str(request.id)})
        tell_auditors(locked)


def extract_readings(actor: Actor, request: PersonRequest) -> int:
    """Open the details of the whole register, keep the readings of what was asked, seal them to the referents.

    Returns how many readings were found. One entry says that the register was opened, how far, and for which request.

    Raises:
        NotReader, NotAllowed: for anybody but an auditor who was asked.
        NotSigned: if no referent signed what is asked.
    """
    register_key = open_register_key(actor)
    key = open_key(actor, request, "readings")
    require(can_extract(actor, request) and bool(request.sealed_asked))
    asked = open_blob(key, bytes(request.sealed_asked), sealed_context(request, "asked"))
    wanted = _identifiers(verify(actor, asked, Role.REFERENT)[0])
    leaves = Leaf.objects.filter(institution=actor.institution)
    size = leaves.count()
    rows = list(_find(actor, register_key, wanted, size))
    found: JsonObject = {
        "request": str(request.id),
        "inquiries": cast("Json", sorted(wanted)),
        "size": size,
        "rows": [[row.index, row.time_ms, row.act, row.inquiry, row.function] for row in rows],
    }
    with transaction.atomic():
        locked = lock_request(actor, request)
        require(can_extract(actor, locked) and bytes(locked.sealed_asked) == bytes(request.sealed_asked))
        locked.sealed_readings = seal(key, sign(actor, found), sealed_context(locked, "readings"))
        locked.save(update_fields=["sealed_readings"])
        leave_trace(actor, "person.readings_extracted", {"request": str(request.id), "size": size})
        tell_referents(actor.institution)
    return len(rows)


def open_readings(actor: Actor, request: PersonRequest) -> Readings | None:
    """Return what the auditors found; None before they did.

    Raises:
        NotReader: for anybody but referents and auditors.
        NotSigned: if no auditor signed it for this request.
    """
    if not request.sealed_readings:
        return None
    key = open_key(actor, request, "readings")
    sealed = open_blob(key, bytes(request.sealed_readings), sealed_context(request, "readings"))
    told, _author = verify(actor, sealed, Role.DPO)
    if told.get("request") != str(request.id):
        raise NotSigned("readings of something else")
    rows = cast("Sequence[tuple[int, int, str, str, str]]", told["rows"])
    return Readings(_identifiers(told), cast("int", told["size"]), tuple(Reading(*row) for row in rows))


def confirmed(actor: Actor, request: PersonRequest) -> frozenset[str]:
    """Return the requests that a referent confirmed to be about the person."""
    found = open_findings(actor, request)
    return frozenset(hit.inquiry for hit in found.hits if verdict_of(actor, request, found, hit.inquiry))


def _readings_key(actor: Actor, request: PersonRequest) -> bytes:
    if has_key(actor, request, "readings"):
        return open_key(actor, request, "readings")
    key = secrets.token_bytes(32)
    wrap_to(request, "readings", key, trusted_members(actor, Role.REFERENT, Role.DPO))
    return key


def _identifiers(told: JsonObject) -> frozenset[str]:
    return frozenset(cast("list[str]", told["inquiries"]))


def _find(actor: Actor, key: HybridPrivateKey, wanted: frozenset[str], size: int) -> Iterator[Reading]:
    functions = {
        str(row.id): row.function for row in Member.objects.filter(institution=actor.institution).only("id", "function")
    }
    context = details_context(actor.institution)
    leaves = Leaf.objects.filter(institution=actor.institution, index__lt=size).order_by("index")
    for leaf in leaves.iterator(chunk_size=500):
        told = _details(key, leaf, context)
        act = str(told.get("act"))
        if act not in READING_ACTS:
            continue
        named = told.get("inquiries") if act == "person.searched" else [told.get("inquiry")]
        for inquiry in sorted(wanted & set(map(str, named if isinstance(named, list) else ()))):
            when = Entry.parse(bytes(leaf.entry)).time_ms
            yield Reading(leaf.index, when, act, inquiry, functions.get(str(told.get("actor")), ""))


def _details(key: HybridPrivateKey, leaf: Leaf, context: bytes) -> JsonObject:
    """Return the details of an entry that it commits to; nothing of any other: who read is told as it was recorded."""
    try:
        opening = Opening.parse(key.open(bytes(leaf.sealed_details), context))
        verify_opening(Entry.parse(bytes(leaf.entry)), opening)
    except (OpeningFailed, InvalidEncoding):
        return {}
    return opening.details
