"""A template takes its accords once, by the cryptography of a release; each act within it verifies them again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ciment.canon import CimentError
from ciment.disclosure import ActRefused
from ciment.quorum.errors import QuorumRefused
from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.decisions.actions.adopt import adopt_decision
from ciment_web.decisions.actions.approve import approve_decision, lapse_decision, object_to_decision
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision
from ciment_web.flows.actions.agree import advise_on_flow, submit_flow, suspend_flow
from ciment_web.flows.actions.propose import give_up_flow
from ciment_web.flows.law import bases_for
from ciment_web.flows.models import Communication, Flow, Suspension
from ciment_web.flows.refusals import FlowStopped, LeavesFlow, TermsRefused
from ciment_web.flows.sealing import open_flow, open_opinion, open_terms, seal_opinion
from ciment_web.inquiries.documents import today
from ciment_web.members.models import Member
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.project.flow_stories import adopt_flow, adopted_flow, advised_flow, noted, proposed_flow
from ciment_web.register.models import Leaf


def why_stopped(demonstration: Demonstration, flow: Flow) -> str:
    with pytest.raises(FlowStopped) as stopped:
        noted(demonstration, flow)
    assert not Communication.objects.exists()
    return stopped.value.reason


def test_the_law_says_under_which_rules_something_may_flow(demonstration: Demonstration) -> None:
    where = demonstration.institution
    found = [basis.rule.id for basis in bases_for(where, "social_security_institution", ["identity", "aid"])]
    assert found == ["be.consent", "be.flow", "be.shared"]
    # What the pack keeps to one case, or to silence, is no flow: a prosecutor, a danger, a confidence.
    assert "be.flow" not in [basis.rule.id for basis in bases_for(where, "prosecutor", ["identity"])]
    every = {
        basis.rule.id
        for kind in ("prosecutor", "police", "emergency_services")
        for basis in bases_for(where, kind, ["identity"])
    }
    assert every <= {"be.consent", "be.shared", "be.flow"}
    assert bases_for(where, "social_security_institution", ["third_party"]) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rule": "be.necessity"}, "rule"),
        ({"rule": "art. 1er"}, "rule"),
        ({"categories": ("third_party",)}, "rule"),
        ({"requester": "police"}, "rule"),
        ({"channel": "telephone"}, "terms"),
        ({"sample": 0}, "terms"),
        ({"categories": ()}, "terms"),
        ({"until": timezone.now().date() + timedelta(days=400)}, "until"),
        ({"until": timezone.now().date() - timedelta(days=2)}, "until"),
    ],
)
def test_terms_that_no_accord_may_be_asked_on(
    demonstration: Demonstration, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        proposed_flow(demonstration, **changes)
    assert refused.value.reason == reason
    assert not Flow.objects.exists()


def test_the_officer_advises_before_the_accords_and_decides_nothing(demonstration: Demonstration) -> None:
    people, flow = demonstration.people, proposed_flow(demonstration)
    with pytest.raises(NotAllowed):
        submit_flow(people["referent"], flow)
    for login in ("referent", "dg", "travailleur"):
        with pytest.raises(NotAllowed):
            advise_on_flow(people[login], flow, favourable=True, text="oui")
    advise_on_flow(people["dpo"], flow, favourable=False, text="Trop large.")
    with pytest.raises(NotAllowed):
        advise_on_flow(people["dpo"], flow, favourable=True, text="encore")
    flow.refresh_from_db()
    # An unfavourable opinion is read by the signatories; it keeps nobody from asking.
    for login in ("dpo", "dg", "travailleur"):
        with pytest.raises(NotAllowed):
            submit_flow(people[login], flow)
    adopt_flow(demonstration, flow)
    noted(demonstration, flow)


def test_nothing_flows_before_every_accord_is_given(demonstration: Demonstration) -> None:
    people, flow = demonstration.people, advised_flow(demonstration)
    assert why_stopped(demonstration, flow) == "not_agreed"
    decision = submit_flow(people["referent"], flow)
    flow.refresh_from_db()
    approve_decision(people["dg"], decision, demonstration.passphrase)
    with pytest.raises(QuorumRefused):
        adopt_decision(people["dg"], decision, demonstration.passphrase)
    assert why_stopped(demonstration, flow) == "not_agreed"
    # A row that says so is no accord.
    Decision.objects.filter(pk=decision.pk).update(state="executed")
    flow.refresh_from_db()
    assert why_stopped(demonstration, flow) == "unverified"
    Decision.objects.filter(pk=decision.pk).update(state="open")
    approve_decision(people["president"], decision, demonstration.passphrase)
    for login in ("referent", "dpo", "travailleur"):
        with pytest.raises(NotAllowed):
            adopt_decision(people[login], decision, demonstration.passphrase)
    adopt_decision(people["dg"], decision, demonstration.passphrase)
    flow.refresh_from_db()
    assert noted(demonstration, flow).decision_id == decision.id
    # Put into force once; and no packet was ever made of it.
    with pytest.raises(ActRefused):
        adopt_decision(people["dg"], decision, demonstration.passphrase)


def test_a_flow_is_not_executed_as_a_release(demonstration: Demonstration) -> None:
    people, flow = demonstration.people, advised_flow(demonstration)
    decision = submit_flow(people["referent"], flow)
    for login in ("dg", "president"):
        approve_decision(people[login], decision, demonstration.passphrase)
    with pytest.raises(CimentError):
        execute_decision(people["dg"], decision, demonstration.passphrase)
    decision.refresh_from_db()
    assert decision.state == "open"


def test_the_accords_are_verified_each_time(demonstration: Demonstration) -> None:
    flow = adopted_flow(demonstration)
    kept = {row.pk: bytes(row.signed) for row in Approval.objects.all()}
    assert len(kept) == 2
    assert all(kept.values())
    for key, signed in kept.items():
        Approval.objects.filter(pk=key).update(signed=signed[:-90] + bytes([signed[-90] ^ 1]) + signed[-89:])
        assert why_stopped(demonstration, flow) == "unverified"
        Approval.objects.filter(pk=key).update(signed=signed)
    Approval.objects.filter(pk=next(iter(kept))).delete()
    assert why_stopped(demonstration, flow) == "unverified"


def test_accords_on_one_flow_carry_no_other(demonstration: Demonstration) -> None:
    agreed, other = adopted_flow(demonstration), advised_flow(demonstration, categories=("identity", "bank"))
    Flow.objects.filter(pk=other.pk).update(decision=agreed.decision)
    other.refresh_from_db()
    assert why_stopped(demonstration, other) == "unverified"


@pytest.mark.parametrize("column", ["delta", "digest", "sealed_letter", "sealed_opening"])
def test_a_changed_decision_lets_nothing_flow(demonstration: Demonstration, column: str) -> None:
    flow = adopted_flow(demonstration)
    assert flow.decision is not None
    assert flow.decision_id is not None
    stored = bytes(getattr(flow.decision, column))
    place = len(stored) // 2
    changed = stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :]
    Decision.objects.filter(pk=flow.decision_id).update(**{column: changed})
    flow.refresh_from_db()
    assert why_stopped(demonstration, flow) == "unverified"


@pytest.mark.parametrize("column", ["sealed_terms", "sealed_opinion", "outside"])
def test_a_changed_proposal_does_not_reach_the_accords(demonstration: Demonstration, column: str) -> None:
    flow, other = advised_flow(demonstration), advised_flow(demonstration)
    value = True if column == "outside" else bytes(getattr(other, column))
    Flow.objects.filter(pk=flow.pk).update(**{column: value})
    flow.refresh_from_db()
    with pytest.raises(CimentError) as refused:
        submit_flow(demonstration.people["referent"], flow)
    assert isinstance(refused.value, BlobError) == (column != "outside")
    assert not Decision.objects.exists()


def test_an_opinion_is_the_officers_own_and_on_these_terms(demonstration: Demonstration) -> None:
    referent, flow = demonstration.people["referent"], advised_flow(demonstration)
    key = open_flow(referent, flow)
    opinion, terms = open_opinion(flow, key), open_terms(flow, key)
    assert opinion is not None
    # Whoever reads the flow has its key, and could seal something else; the signature would not be the officer's.
    for changed in (
        {**vars(opinion), "favourable": not opinion.favourable},
        {**vars(opinion), "text": "autre chose"},
        {**vars(opinion), "member": referent.id},
    ):
        forged = type(opinion)(**changed)
        if changed["member"] == referent.id:
            forged = type(opinion)(**{**changed, "signature": referent.keys.sign(forged.statement(terms))})
        Flow.objects.filter(pk=flow.pk).update(sealed_opinion=seal_opinion(flow, key, forged))
        flow.refresh_from_db()
        with pytest.raises(ActRefused):
            submit_flow(referent, flow)


def test_what_leaves_the_flow_is_not_noted(demonstration: Demonstration) -> None:
    flow, day = adopted_flow(demonstration), today(demonstration.institution)
    for changes in (
        {"categories": ("aid", "bank")},
        {"categories": ()},
        {"exactly": False},
        {"sent_on": day + timedelta(days=1)},
        {"sent_on": day - timedelta(days=1)},
    ):
        with pytest.raises(LeavesFlow):
            noted(demonstration, flow, **changes)
    assert not Communication.objects.exists()
    for login in ("dg", "dpo"):
        with pytest.raises(NotAllowed):
            noted(demonstration, flow, login)


@pytest.mark.parametrize("login", ["dg", "referent", "dpo", "travailleur"])
def test_anyone_competent_suspends_at_once_and_only_new_accords_reopen(
    demonstration: Demonstration, login: str
) -> None:
    people, flow = demonstration.people, adopted_flow(demonstration)
    suspend_flow(people[login], flow, "Le portail a changé.")
    flow.refresh_from_db()
    assert why_stopped(demonstration, flow) == "suspended"
    with pytest.raises(NotAllowed):
        suspend_flow(people["dg"], flow, "encore")
    # The old opinion is not one on going on.
    with pytest.raises(NotAllowed):
        submit_flow(people["referent"], flow)
    advise_on_flow(people["dpo"], flow, favourable=True, text="Le nouveau portail convient.")
    flow.refresh_from_db()
    adopt_flow(demonstration, flow)
    noted(demonstration, flow)
    assert Suspension.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(
            institution=flow.institution,
            flow=flow,
            decision=Suspension.objects.get().decision,
            suspended_by=people["dg"].member,
            suspended_at=timezone.now(),
            sealed_reason=b"x",
        )


def test_a_member_who_is_not_competent_does_not_suspend(demonstration: Demonstration) -> None:
    flow = adopted_flow(demonstration, owner=demonstration.people["dg"].member)
    with pytest.raises(NotAllowed):
        suspend_flow(demonstration.people["travailleur"], flow, "non")
    noted(demonstration, flow)


def test_a_refused_or_lapsed_decision_leaves_the_flow_to_be_submitted_again(demonstration: Demonstration) -> None:
    people, flow = demonstration.people, advised_flow(demonstration)
    decision = submit_flow(people["referent"], flow)
    for login in ("dg", "president"):
        object_to_decision(people[login], decision, "Trop large.")
    decision.refresh_from_db()
    assert decision.state == "declined"
    flow.refresh_from_db()
    again = submit_flow(people["referent"], flow)
    flow.refresh_from_db()
    with pytest.raises(NotAllowed):
        submit_flow(people["referent"], flow)
    with pytest.raises(NotAllowed):
        give_up_flow(people["referent"], flow)
    Decision.objects.filter(pk=again.pk).update(expires_at=timezone.now())
    again.refresh_from_db()
    assert lapse_decision(people["dg"], again)
    flow.refresh_from_db()
    adopt_flow(demonstration, flow)
    noted(demonstration, flow)


def test_a_declared_exchange_takes_no_accords_and_no_notes(demonstration: Demonstration) -> None:
    flow = advised_flow(demonstration, outside=True)
    with pytest.raises(NotAllowed):
        submit_flow(demonstration.people["referent"], flow)
    assert why_stopped(demonstration, flow) == "outside"
    give_up_flow(demonstration.people["referent"], flow)
    # Not even with the accords of another flow.
    Flow.objects.filter(pk=flow.pk).update(decision=adopted_flow(demonstration).decision, given_up_at=None)
    flow.refresh_from_db()
    assert why_stopped(demonstration, flow) == "outside"


def test_every_act_is_a_plain_act_in_the_register(demonstration: Demonstration) -> None:
    first = Leaf.objects.count()
    flow = adopted_flow(demonstration)
    noted(demonstration, flow)
    suspend_flow(demonstration.people["dg"], flow, "fin")
    entries = [Entry.parse(bytes(leaf.entry)) for leaf in Leaf.objects.filter(index__gte=first).order_by("index")]
    # Proposed, advised, frozen, two accords, put into force, noted, suspended.
    assert len(entries) == 8
    assert {entry.kind for entry in entries} == {"act"}


def test_a_role_in_a_row_makes_no_officer(demonstration: Demonstration) -> None:
    flow = proposed_flow(demonstration)
    worker = Member.objects.get(login="travailleur", institution=demonstration.institution)
    worker.held_roles.create(institution=demonstration.institution, role="dpo")
    with pytest.raises(NotAllowed):
        advise_on_flow(demonstration.people["travailleur"], flow, favourable=True, text="oui")
