"""State a situation of necessity, add to it, read it: sealed, relayed, in the register."""

import logging
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from ciment.canon import CimentError, JsonObject
from ciment.law import VOCABULARY, parse_facts, qualify
from ciment_web.governance.alerts import mark_seen, raise_alert
from ciment_web.inquiries.documents import today
from ciment_web.institutions.models import Institution
from ciment_web.law import pack_of
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace
from ciment_web.necessity.models import Necessity, Statement
from ciment_web.necessity.permissions import can_state
from ciment_web.necessity.sealing import Words, open_key, open_words, seal_words, wrap_to
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster

LOG = logging.getLogger("ciment")
# Somebody who speaks first, in danger, of whatever helps: what the law reads unless more is stated.
_SETTING: dict[str, object] = {"requester": "nobody", "setting": "urgent_danger"}


@dataclass(frozen=True)
class NewStatement:
    """What is stated at one minute: the words, and the facts that the law pack reads. Both may be empty."""

    words: Words = field(default_factory=Words, repr=False)
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Stated:
    """A statement with its words opened."""

    row: Statement
    words: Words = field(repr=False)


def record_necessity(actor: Actor, new: NewStatement) -> Necessity:
    """Let the institution take over: seal what is known, tell the signatories that something urgent waits.

    Raises:
        NotAllowed: if nobody answers for the actor.
        UnknownFact: for a fact outside the vocabulary.
        NoQuorum: before the institution's ceremony: there is nobody to seal it to.
    """
    require(can_state(actor))
    facts, answer = _ask_the_law(actor.institution, new.facts)
    roster = trusted_roster(actor).roster
    readers = {member.id: (member, public) for member, public in trusted_members(actor, Role.REFERENT, Role.SIGNATORY)}
    if actor.member.id not in readers:
        readers[actor.member.id] = (actor.member, require_trusted(actor.member, roster))
    key = secrets.token_bytes(32)
    with transaction.atomic():
        necessity = Necessity.objects.create(
            id=uuid.uuid4(), institution=actor.institution, recorded_by=actor.member, recorded_at=timezone.now()
        )
        wrap_to(necessity, key, readers.values())
        _state(actor, necessity, key, _Answered(new.words, facts, answer))
        leave_trace(actor, "necessity.recorded", {"necessity": str(necessity.id)})
        _alert(actor, necessity)
    return necessity


def add_statement(actor: Actor, necessity: Necessity, new: NewStatement) -> Statement:
    """Add what is known now; what was stated before stays as it was.

    Raises:
        NotReader: if the situation's key was never wrapped to the actor.
        NotAllowed, UnknownFact: as for `record_necessity`.
    """
    require(can_state(actor))
    key = open_key(actor, necessity)
    facts, answer = _ask_the_law(actor.institution, new.facts)
    with transaction.atomic():
        locked = Necessity.objects.select_for_update().get(pk=necessity.pk, institution=actor.institution)
        statement = _state(actor, locked, key, _Answered(new.words, facts, answer))
        leave_trace(actor, "necessity.completed", {"necessity": str(necessity.id)})
        _alert(actor, locked)
    return statement


def read_necessity(actor: Actor, necessity: Necessity) -> Sequence[Stated]:
    """Open every statement of a situation, the latest first; the reading is in the register before they are shown.

    Raises:
        NotReader: if the situation's key was never wrapped to the actor.
        BlobError: if a row was changed behind the application's back.
    """
    key = open_key(actor, necessity)
    rows = necessity.statements.select_related("necessity", "stated_by").order_by("-position")
    with transaction.atomic():
        opened = [Stated(row, open_words(row, key)) for row in rows]
        mark_seen(actor, necessity.id)
        leave_trace(actor, "necessity.read", {"necessity": str(necessity.id)})
    return opened


@dataclass(frozen=True)
class _Answered:
    words: Words = field(repr=False)
    facts: JsonObject
    answer: JsonObject | None


def _state(actor: Actor, necessity: Necessity, key: bytes, given: _Answered) -> Statement:
    last = necessity.statements.aggregate(last=Max("position"))["last"]
    statement = Statement(
        institution=actor.institution,
        necessity=necessity,
        position=(last or 0) + 1,
        facts=given.facts,
        answer=given.answer,
        stated_by=actor.member,
        stated_at=timezone.now(),
    )
    statement.sealed_words = seal_words(statement, key, given.words)
    statement.save(force_insert=True)
    return statement


def _ask_the_law(institution: Institution, stated: Mapping[str, object]) -> tuple[Any, Any]:
    facts = {**_SETTING, **stated}
    parsed = parse_facts({**facts, "category": list(VOCABULARY["category"])})
    try:
        answer = qualify(pack_of(institution), parsed, today(institution)).to_json(institution.language)
    except CimentError as error:
        # A pack that nobody vouches for gives no answer; it does not stand in the way of help either.
        LOG.warning("necessity.unqualified", extra={"fields": {"error_type": type(error).__name__}})
        return facts, None
    return facts, answer


def _alert(actor: Actor, necessity: Necessity) -> None:
    address = reverse("necessity", kwargs={"slug": necessity.institution.slug, "necessity_id": necessity.id})
    raise_alert(actor, necessity.id, address, "necessity")
