"""Review what the register drew of a month: by a referent, or by the officer to whom it was handed."""

from django.db import transaction
from django.utils import timezone

from ciment_web.flows.models import Communication, Flow, Review
from ciment_web.flows.permissions import can_review, can_share
from ciment_web.flows.queries import lock_flow
from ciment_web.flows.refusals import ReviewRefused
from ciment_web.flows.sampling import is_reviewed, review_statement, samples_of
from ciment_web.flows.sealing import give_communication, open_communication, open_flow, open_terms, seal_review
from ciment_web.members.actor import Actor
from ciment_web.members.models import Role
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import trusted_members


def review_communication(actor: Actor, communication: Communication, *, conforms: bool, text: str) -> Review:
    """Conclude on a communication that the register drew, signed, once.

    Raises:
        NotAllowed: unless the actor is a referent or the officer, and did not note it.
        ReviewRefused: if it was not drawn, or is reviewed already.
        NotReader: if its key was never wrapped to the actor.
    """
    require(can_review(actor, communication))
    flow = communication.flow
    terms = open_terms(flow, open_flow(actor, flow))
    key = open_communication(actor, communication)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        if not any(row.id == communication.id for row in drawn_and_open(actor, locked, terms.sample)):
            raise ReviewRefused("nothing of this month's draw")
        # A row that nobody signed is no review: it gives way to one.
        if not is_reviewed(actor, communication):
            Review.objects.filter(communication=communication).delete()
        review = Review.objects.create(
            institution=actor.institution,
            communication=communication,
            reviewed_by=actor.member,
            reviewed_at=timezone.now(),
            conforms=conforms,
            sealed_words=seal_review(communication, key, text),
            signature=actor.keys.sign(review_statement(communication, actor.member, conforms=conforms)),
        )
        record(actor, "flow.reviewed", {"communication": str(communication.id), "conforms": conforms})
    return review


def entrust_sample(actor: Actor, flow: Flow) -> int:
    """Hand what was drawn and waits to the data protection officer, and nothing else; return how many.

    Raises:
        NotAllowed: unless the actor is a referent.
    """
    require(can_share(actor))
    terms = open_terms(flow, open_flow(actor, flow))
    officers = trusted_members(actor, Role.DPO)
    with transaction.atomic():
        locked = lock_flow(actor, flow)
        rows = drawn_and_open(actor, locked, terms.sample)
        for row in rows:
            give_communication(row, open_communication(actor, row), officers)
        record(actor, "flow.sample_entrusted", {"flow": str(flow.id), "communications": [str(row.id) for row in rows]})
    return len(rows)


def drawn_and_open(actor: Actor, flow: Flow, rate: int) -> list[Communication]:
    """Return what was drawn of the months that are over and that nobody has reviewed."""
    return [row for sample in samples_of(actor, flow, rate) for row in sample.open]
