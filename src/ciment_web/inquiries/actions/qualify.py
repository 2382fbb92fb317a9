"""Qualify a request: the facts are the referent's, the verdict is the pack's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from ciment.canon import CimentError, JsonObject, encode
from ciment.disclosure.states import Act, Lane, State, advance, lane_of, releasable
from ciment.law import Qualification as Answer
from ciment.law import parse_facts, qualify
from ciment.vault import open_blob, seal
from ciment_web.inquiries.actions.open import lock_inquiry
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.keys import open_key, sealed_context
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.inquiries.notices import tell_signatories
from ciment_web.inquiries.permissions import can_qualify, can_silence_duty
from ciment_web.law import pack_of
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record as leave_trace


class LawChanged(CimentError):  # noqa: N818 - the class names the refusal
    """A stored qualification that the pack does not give any more."""


@dataclass(frozen=True)
class Assessment:
    """What the referent states: facts, how the requester was authenticated, categories silenced all the same."""

    facts: Mapping[str, object]
    note: str = field(repr=False, default="")
    silenced: frozenset[str] = frozenset()


def preview(inquiry: Inquiry, facts: Mapping[str, object]) -> Answer:
    """Return what the institution's pack answers to `facts` today; nothing is stored.

    Raises:
        UnknownFact: naming what is outside the vocabulary.
        PackUntrusted: no key that the institution pinned vouches for the pack.
    """
    full = {**facts, "requester": inquiry.requester}
    return qualify(pack_of(inquiry.institution), parse_facts(full), today(inquiry.institution))


def qualify_inquiry(actor: Actor, inquiry: Inquiry, assessment: Assessment) -> Qualification:
    """Store the pack's answer to the referent's facts and move the inquiry into its lane.

    Raises:
        NotAllowed: unless the actor is a referent, not recused; or to silence a duty without being director general and
            noting why.
        UnknownFact: naming what is outside the vocabulary.
    """
    answer = preview(inquiry, assessment.facts).to_json(inquiry.institution.language)
    verdicts = _verdicts(answer)
    silenced = assessment.silenced & set(verdicts)
    if any(verdicts[category][0] == "must" for category in silenced):
        require(can_silence_duty(actor) and bool(assessment.note.strip()))
    stated = Stated({**assessment.facts, "requester": inquiry.requester}, answer, silenced, assessment.note)
    with transaction.atomic():
        locked = lock_inquiry(actor, inquiry)
        require(can_qualify(actor, locked))
        return keep_qualification(actor, locked, stated, "inquiry.qualified")


@dataclass(frozen=True)
class Stated:
    """What a qualification keeps: the facts, the law's answer to them, what is silenced all the same, and a note."""

    facts: Mapping[str, Any]
    answer: Mapping[str, Any]
    silenced: frozenset[str]
    note: str = field(repr=False)


def keep_qualification(actor: Actor, inquiry: Inquiry, stated: Stated, act: str) -> Qualification:
    """Store a qualification and move the inquiry into its lane; call it with the inquiry locked and the act allowed."""
    qualification = Qualification(
        institution=actor.institution,
        inquiry=inquiry,
        facts=dict(stated.facts),
        answer=dict(stated.answer),
        silenced=sorted(stated.silenced),
        qualified_by=actor.member,
        qualified_at=timezone.now(),
    )
    context = _note_context(inquiry, qualification)
    qualification.sealed_note = seal(open_key(actor, inquiry), stated.note.encode(), context)
    qualification.save()
    lane = lane_of(_verdicts(stated.answer), stated.silenced)
    inquiry.state = advance(State(inquiry.state), Act.QUALIFY)
    inquiry.lane = lane
    inquiry.save(update_fields=["state", "lane"])
    leave_trace(
        actor,
        act,
        {
            "inquiry": str(inquiry.id),
            "lane": lane.value,
            "silenced": qualification.silenced,
            "answer": sha256(encode({"facts": qualification.facts, "answer": qualification.answer})).hexdigest(),
        },
        kind="qualified",
        attributes=public_attributes(qualification),
    )
    if lane is Lane.SILENCE:
        tell_signatories(inquiry)
    return qualification


def latest_qualification(inquiry: Inquiry) -> Qualification | None:
    """Return the qualification that counts."""
    return inquiry.qualifications.select_related("qualified_by").first()


def require_lawful(inquiry: Inquiry, key: bytes, qualification: Qualification) -> None:
    """Hold what is stored against its seal, then qualify the facts again, at the stored dates, and compare.

    Raises:
        BlobError: if the row is not what the referent stated.
        LawChanged: if they differ, or give another lane: the row was changed, or the pack is another version; qualify
            anew.
        PackUntrusted: no key that the institution pinned vouches for the pack.
    """
    read_note(inquiry, key, qualification)
    stored, pack = qualification.answer, pack_of(inquiry.institution)
    try:
        facts = parse_facts(qualification.facts)
        on, known = date.fromisoformat(stored["on"]), date.fromisoformat(stored["known"])
        answer = qualify(pack, facts, on, known).to_json(inquiry.institution.language)
    except (CimentError, KeyError, TypeError, ValueError) as error:
        raise LawChanged("the stored answer cannot be computed again") from error
    if answer != stored or qualification.facts.get("requester") != inquiry.requester:
        raise LawChanged("the stored answer is not what the pack answers")
    if inquiry.lane != lane_of(_verdicts(stored), frozenset(qualification.silenced)):
        raise LawChanged("the lane is not that of the answer")


def read_note(inquiry: Inquiry, key: bytes, qualification: Qualification) -> str:
    """Return the referent's note; what was stated with it is then what was stated.

    Raises:
        BlobError: if the note, the facts, the answer or what is silenced was changed or moved.
    """
    return open_blob(key, bytes(qualification.sealed_note), _note_context(inquiry, qualification)).decode()


def silenceable_duties(qualification: Qualification) -> frozenset[str]:
    """Return the categories that the law says must be answered and that the institution has not silenced."""
    verdicts = _verdicts(qualification.answer)
    return frozenset(name for name, (verdict, _) in verdicts.items() if verdict == "must") - set(qualification.silenced)


def releasable_categories(qualification: Qualification) -> frozenset[str]:
    """Return the categories of which something may be prepared for release."""
    return releasable(_verdicts(qualification.answer), frozenset(qualification.silenced))


def public_attributes(qualification: Qualification) -> dict[str, list[str]]:
    """Return what an annual report needs: kinds of words from the pack, nothing about anyone."""
    verdicts = _verdicts(qualification.answer)
    silenced = set(qualification.silenced)
    shown = {"silence" if category in silenced else verdict for category, (verdict, _) in verdicts.items()}
    return {
        "requester": [str(qualification.facts["requester"])],
        "ground": [str(qualification.facts.get("ground", "none"))],
        "categories": sorted(verdicts),
        "verdicts": sorted(shown),
    }


def qualified_on(qualification: Qualification) -> date:
    """Return the day whose law was applied."""
    return date.fromisoformat(qualification.answer["on"])


def _note_context(inquiry: Inquiry, qualification: Qualification) -> JsonObject:
    # The columns are in clear, for reports; the seal of the note binds them to the one who opened the request.
    stated: JsonObject = {
        "answer": qualification.answer,
        "facts": qualification.facts,
        "silenced": qualification.silenced,
    }
    return {**sealed_context(inquiry, f"note/{qualification.id}"), "stated": sha256(encode(stated)).hexdigest()}


def _verdicts(answer: JsonObject | Any) -> dict[str, tuple[str, str]]:
    given = cast("dict[str, dict[str, str]]", answer["verdicts"])
    return {category: (verdict["verdict"], verdict["decided_by"]) for category, verdict in given.items()}
