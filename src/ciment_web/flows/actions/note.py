"""Act within a flow: note a communication, exactly as the accords allow it, or leave the lane."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from ciment_web.flows.models import Communication, Flow
from ciment_web.flows.permissions import can_note
from ciment_web.flows.queries import lock_flow
from ciment_web.flows.refusals import LeavesFlow
from ciment_web.flows.sealing import Words, give_communication, open_flow, open_words, seal_words
from ciment_web.flows.sealing import open_communication as open_key
from ciment_web.flows.standing import InForce, require_in_force
from ciment_web.inquiries.documents import today
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import require_trusted, trusted_members, trusted_roster


@dataclass(frozen=True)
class NewCommunication:
    """What a member notes. `exactly`: this recipient, this way, these conditions, and nothing else."""

    sent_on: date
    categories: tuple[str, ...]
    about: str = field(repr=False)
    kept_at: str = field(repr=False)
    exactly: bool


def note_communication(actor: Actor, flow: Flow, new: NewCommunication) -> Communication:
    """Note one communication within the flow, sealed to its author and the referents.

    The accords are verified here, each time, with the flow locked: a suspension comes before or after, never during.

    Raises:
        NotAllowed: unless the actor is a worker or a referent.
        FlowStopped: if the flow does not stand now.
        LeavesFlow: if the communication is not exactly what the flow allows; nothing is kept of it.
    """
    require(can_note(actor))
    key = open_flow(actor, flow)
    author = (actor.member, require_trusted(actor.member, trusted_roster(actor).roster))
    readers = {member.id: (member, public) for member, public in [*trusted_members(actor, Role.REFERENT), author]}
    own = secrets.token_bytes(32)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        agreed = require_in_force(actor, locked, key)
        _require_within(agreed, new)
        communication = Communication(
            id=uuid.uuid4(),
            institution=actor.institution,
            flow=locked,
            decision=agreed.decision,
            noted_by=actor.member,
            noted_at=timezone.now(),
        )
        words = Words(new.sent_on.isoformat(), new.categories, new.about, new.kept_at)
        communication.sealed_words = seal_words(communication, own, words)
        communication.save(force_insert=True)
        give_communication(communication, own, readers.values())
        record(actor, "flow.noted", {"flow": str(flow.id), "communication": str(communication.id)})
    return communication


def read_communication(actor: Actor, communication: Communication) -> Words:
    """Open one communication; the reading is in the register before it is shown.

    Raises:
        NotReader: if its key was never wrapped to the actor.
        BlobError: if its row was changed behind the application's back.
    """
    words = open_words(communication, open_key(actor, communication))
    with transaction.atomic():
        record(actor, "flow.communication_read", {"communication": str(communication.id)})
    return words


def _require_within(agreed: InForce, new: NewCommunication) -> None:
    terms, institution = agreed.template.terms, agreed.decision.institution
    within = agreed.since <= new.sent_on <= min(today(institution), terms.last_day)
    if not (new.exactly and within and new.categories and set(new.categories) <= set(terms.categories)):
        raise LeavesFlow("not exactly what the flow allows")
