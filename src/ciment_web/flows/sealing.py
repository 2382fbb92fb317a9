"""What is sealed of a flow and of what is noted within it, to whom, and what each sealed part is bound to."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any, cast

from ciment.canon import InvalidEncoding, JsonObject, decode_object, encode
from ciment.vault import MemberPublic, open_blob, seal, unwrap_key, wrap_key
from ciment_web.decisions.subjects import Subject
from ciment_web.flows.models import Communication, CommunicationKey, Flow, FlowKey
from ciment_web.flows.terms import Opinion, Terms, parse_opinion, parse_terms
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.actor import Actor
from ciment_web.members.models import Member

Reader = tuple[Member, MemberPublic]


@dataclass(frozen=True)
class Words:
    """What is noted of one communication: when it left, what, about whom, and where its file is kept."""

    sent_on: str
    categories: tuple[str, ...]
    about: str = field(repr=False)
    kept_at: str = field(repr=False)


def subject_of(flow: Flow, key: bytes) -> Subject:
    """Return the flow as decisions know it."""
    return Subject(str(flow.id), str(flow.number), key, "flow")


def give_flow(flow: Flow, key: bytes, readers: Iterable[Reader]) -> None:
    """Store the flow's key wrapped to each of `readers`."""
    FlowKey.objects.bulk_create(
        FlowKey(
            institution=flow.institution,
            flow=flow,
            member=member,
            wrapped=wrap_key(key, public.hpke, _flow_context(flow, f"key/{member.id}")),
        )
        for member, public in readers
    )


def open_flow(actor: Actor, flow: Flow) -> bytes:
    """Return the flow's key.

    Raises:
        NotReader: if it was never wrapped to the actor.
        BlobError: if the stored wrap was changed or moved.
    """
    row = FlowKey.objects.filter(flow=flow, member=actor.member, institution=actor.institution).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _flow_context(flow, f"key/{actor.id}"))


def seal_terms(flow: Flow, key: bytes, terms: Terms) -> bytes:
    """Return `terms` sealed under the flow's key."""
    return seal(key, terms.encode(), _flow_context(flow, "terms"))


def open_terms(flow: Flow, key: bytes) -> Terms:
    """Return the terms as proposed.

    Raises:
        BlobError: if they, or whether the exchange is outside, were changed or moved.
    """
    terms = parse_terms(open_blob(key, bytes(flow.sealed_terms), _flow_context(flow, "terms")))
    if (terms.flow, terms.outside) != (str(flow.id), flow.outside):
        raise InvalidEncoding("the terms of another flow")
    return terms


def seal_opinion(flow: Flow, key: bytes, opinion: Opinion) -> bytes:
    """Return the officer's opinion sealed under the flow's key."""
    return seal(key, opinion.encode(), _flow_context(flow, "opinion"))


def open_opinion(flow: Flow, key: bytes) -> Opinion | None:
    """Return the officer's opinion, its signature not verified; None until one was given."""
    if not flow.sealed_opinion:
        return None
    return parse_opinion(open_blob(key, bytes(flow.sealed_opinion), _flow_context(flow, "opinion")))


def seal_reason(flow: Flow, key: bytes, decision_id: str, reason: str) -> bytes:
    """Return why the flow was suspended, sealed."""
    return seal(key, reason.encode(), _flow_context(flow, f"suspension/{decision_id}"))


def open_reason(flow: Flow, key: bytes, decision_id: str, sealed: bytes) -> str:
    """Return why the flow was suspended."""
    return open_blob(key, sealed, _flow_context(flow, f"suspension/{decision_id}")).decode()


def give_communication(communication: Communication, key: bytes, readers: Iterable[Reader]) -> None:
    """Store a communication's key wrapped to each of `readers` who has none yet."""
    CommunicationKey.objects.bulk_create(
        [
            CommunicationKey(
                institution=communication.institution,
                communication=communication,
                member=member,
                wrapped=wrap_key(key, public.hpke, _key_context(communication, member)),
            )
            for member, public in readers
        ],
        ignore_conflicts=True,
    )


def open_communication(actor: Actor, communication: Communication) -> bytes:
    """Return a communication's key; raises as `open_flow`."""
    row = CommunicationKey.objects.filter(
        communication=communication, member=actor.member, institution=actor.institution
    ).first()
    if row is None:
        raise NotReader
    return unwrap_key(bytes(row.wrapped), actor.keys.hpke, _key_context(communication, actor.member))


def seal_words(communication: Communication, key: bytes, words: Words) -> bytes:
    """Return the words of a communication, bound to its flow, accords, author and minute."""
    value = {**asdict(words), "categories": list(words.categories)}
    return seal(key, encode(cast("JsonObject", value)), _communication_context(communication, "words"))


def open_words(communication: Communication, key: bytes) -> Words:
    """Return the words of a communication.

    Raises:
        BlobError: if they, or the flow, accords, author or minute of their row, were changed.
    """
    opened = open_blob(key, bytes(communication.sealed_words), _communication_context(communication, "words"))
    fields: dict[str, Any] = dict(decode_object(opened, frozenset(Words.__dataclass_fields__)))
    return Words(**{**fields, "categories": tuple(fields["categories"])})


def seal_review(communication: Communication, key: bytes, text: str) -> bytes:
    """Return the words of a review, sealed with the communication."""
    return seal(key, text.encode(), _communication_context(communication, "review"))


def open_review(communication: Communication, key: bytes, sealed: bytes) -> str:
    """Return the words of a review."""
    return open_blob(key, sealed, _communication_context(communication, "review")).decode()


def _flow_context(flow: Flow, part: str) -> JsonObject:
    return {"institution": str(flow.institution_id), "flow": str(flow.id), "part": part}


def _key_context(communication: Communication, member: Member) -> JsonObject:
    return {**_communication_context(communication, "key"), "member": str(member.id)}


def _communication_context(communication: Communication, part: str) -> JsonObject:
    return {
        "institution": str(communication.institution_id),
        "flow": str(communication.flow_id),
        "decision": str(communication.decision_id),
        "communication": str(communication.id),
        "by": str(communication.noted_by_id),
        "at": communication.noted_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "part": part,
    }
