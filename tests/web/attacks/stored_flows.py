"""One of everything that flows and the journal store, and how each of their columns is read."""

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from ciment.canon import CimentError
from ciment_web.decisions.models import Decision
from ciment_web.flows.models import Communication, Flow, Review, Suspension
from ciment_web.flows.opinions import require_opinion
from ciment_web.flows.sampling import is_reviewed, review_statement
from ciment_web.flows.sealing import (
    Words,
    give_communication,
    open_communication,
    open_flow,
    open_opinion,
    open_reason,
    open_review,
    open_terms,
    open_words,
    seal_reason,
    seal_review,
    seal_words,
)
from ciment_web.inquiries.documents import today
from ciment_web.journal.actions import NewAct, read_lines, record_act
from ciment_web.members.actor import Actor
from ciment_web.project.demonstration import Demonstration
from ciment_web.project.flow_stories import advised_flow


def store_flows(demonstration: Demonstration, decision: Decision) -> None:
    """Store a flow with its opinion, a suspension, a reviewed communication, and a line of the journal."""
    worker, referent = demonstration.people["travailleur"], demonstration.people["referent"]
    flow, now = advised_flow(demonstration), timezone.now()
    own = {"id": uuid.uuid4(), "institution": flow.institution, "flow": flow, "decision": decision}
    row = Communication(**own, noted_by=worker.member, noted_at=now)
    key = secrets.token_bytes(32)
    row.sealed_words = seal_words(row, key, Words(now.date().isoformat(), ("aid",), "Camille Exemple", "A/12"))
    row.save(force_insert=True)
    give_communication(row, key, [(referent.member, referent.keys.public)])
    Review.objects.create(
        institution=flow.institution,
        communication=row,
        reviewed_by=referent.member,
        reviewed_at=now,
        conforms=True,
        sealed_words=seal_review(row, key, "Vu."),
        signature=referent.keys.sign(review_statement(row, referent.member, conforms=True)),
    )
    sealed = seal_reason(flow, open_flow(referent, flow), str(decision.id), "Le portail a changé.")
    Suspension.objects.create(
        **{**own, "id": uuid.uuid4()}, suspended_by=referent.member, suspended_at=now, sealed_reason=sealed
    )
    record_act(worker, NewAct("health_fund", today(flow.institution), "social_security_institution", "Camille"))


def read_opinion(reader: Actor) -> None:
    flow = Flow.objects.select_related("institution").get()
    key = open_flow(reader, flow)
    opinion = open_opinion(flow, key)
    assert opinion is not None
    require_opinion(reader, open_terms(flow, key), opinion)


def read_suspension(reader: Actor) -> str:
    row = Suspension.objects.select_related("flow").get()
    return open_reason(row.flow, open_flow(reader, row.flow), str(row.decision_id), bytes(row.sealed_reason))


def read_communication(reader: Actor) -> None:
    row = Communication.objects.get()
    key = open_communication(reader, row)
    open_words(row, key)
    open_review(row, key, bytes(Review.objects.get().sealed_words))


def read_signature(reader: Actor) -> None:
    if not is_reviewed(reader, Communication.objects.get()):
        raise CimentError("no review that anybody signed")


# By name of the column, for the referent.
FLOW_READERS: dict[str, Callable[[Actor], Any]] = {
    "flows.Flow.sealed_terms": read_opinion,
    "flows.Flow.sealed_opinion": read_opinion,
    "flows.FlowKey.wrapped": read_opinion,
    "flows.Suspension.sealed_reason": read_suspension,
    "flows.Communication.sealed_words": read_communication,
    "flows.CommunicationKey.wrapped": read_communication,
    "flows.Review.sealed_words": read_communication,
    "flows.Review.signature": read_signature,
    "journal.MissionAct.sealed_words": read_lines,
    "journal.MissionActKey.wrapped": read_lines,
}
KEYS_OF_THE_READER = ("flows.FlowKey.wrapped", "flows.CommunicationKey.wrapped", "journal.MissionActKey.wrapped")
