"""The register after real acts: what an auditor opens is what the register committed to, documents included."""

import pytest
from web_stories import PASSPHRASE

from ciment_web.blobs.sealing import seal_file
from ciment_web.blobs.uploads import SealedUpload
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.actions.qualify import Assessment, qualify_inquiry
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.content import Content
from ciment_web.members.actor import Actor
from ciment_web.project.demonstration import Demonstration, found_demonstration
from ciment_web.project.flow_stories import seed_flows
from ciment_web.register.models import Leaf
from ciment_web.transparency.actions import Agreement, open_details
from ciment_web.transparency.words import describe_acts

FACTS = {
    "form": "written_reasoned",
    "authenticated": "yes",
    "ground": "terrorism_administrative_data",
    "offence": "terrorism",
    "category": ["identity"],
}


@pytest.fixture
def demo(transactional_db: None) -> Demonstration:  # noqa: ARG001 - publication follows a real commit
    return found_demonstration(PASSPHRASE)


def refuse(people: dict[str, Actor]) -> None:
    inquiry = record_inquiry(people["travailleur"], NewInquiry("police", "oral", ("address",), Content("", "", "", "")))
    for login in ("referent", "dg"):
        state_recusal(people[login], inquiry, recused=False)
    qualify_inquiry(people["referent"], inquiry, Assessment({"form": "oral", "category": ["address"]}))
    refuse_inquiry(people["dg"], read_inquiry(people["dg"], inquiry))


def release(people: dict[str, Actor]) -> None:
    referent = people["referent"]
    inquiry = record_inquiry(referent, NewInquiry("prosecutor", "written", ("identity",), Content("", "", "", "")))
    for login in ("referent", "dg", "president"):
        state_recusal(people[login], inquiry, recused=False)
    qualify_inquiry(referent, inquiry, Assessment(FACTS))
    opened = read_inquiry(referent, inquiry)
    upload = SealedUpload(seal_file([b"text"]), name="fiche.txt", content_type="text/plain", size=4)
    add_copy(referent, subject_of(inquiry, opened.key), upload, NewCopy("identity", "fiche"))
    decision = prepare_decision(referent, opened, "")
    for login in ("dg", "president"):
        approve_decision(people[login], decision, PASSPHRASE)
    execute_decision(people["president"], decision, PASSPHRASE)


def test_an_auditor_opens_exactly_what_was_committed_to(demo: Demonstration) -> None:
    refuse(demo.people)
    release(demo.people)
    seed_flows(demo)
    told = []
    for leaf in Leaf.objects.filter(institution=demo.institution).select_related("institution").order_by("index"):
        details = open_details(demo.people["dpo"], leaf)
        assert details.agreement is Agreement.HOLDS, details.told["act"]
        told.append(str(details.told["act"]))
    assert {"inquiry.received", "inquiry.refused", "decision.frozen", "decision.executed", "decision.adopted"} <= set(
        told
    )
    assert {"flow.proposed", "flow.advised", "flow.noted", "mission.recorded"} <= set(told)
    # Every act has its words.
    assert set(told) <= set(describe_acts())
