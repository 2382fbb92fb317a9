"""Who approves: nobody outside the roster, nobody tied to the matter, and never the preparer alone."""

import pytest
from deciding import (
    approve,
    current,
    execute,
    put_back,
    refuse_execution,
    roster_of,
    rows_of,
    subject,
    swap_fields,
)
from django.utils import timezone
from intruder import present
from web_stories import DUTY, Prepared, prepare_release, qualify, record, uploaded

from ciment.canon import CimentError
from ciment.quorum.approve import Approver, make_approval, parse_approval
from ciment.quorum.errors import ApprovalRefused, QuorumRefused
from ciment.vault import AgeIdentity, generate_passphrase, open_packet
from ciment_web.blobs import store
from ciment_web.decisions.actions.approve import AlreadySaid, approve_decision
from ciment_web.decisions.actions.copies import NewCopy, add_copy
from ciment_web.decisions.circumstances import circumstances_of, delta_of
from ciment_web.decisions.models import Approval, Decision
from ciment_web.decisions.queries import shown_approvals
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.prepare import prepare_decision, subject_of
from ciment_web.inquiries.models import Inquiry, RecusalStatement
from ciment_web.members.models import Role
from ciment_web.members.refusals import NotAllowed
from ciment_web.project import demonstration as cast
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.actions import countersign_member, open_share
from ciment_web.quorum.trust import NoQuorum


@pytest.fixture
def prepared(demonstration: Demonstration) -> Prepared:
    return prepare_release(demonstration, b"la fiche")


def forge(demonstration: Demonstration, prepared: Prepared, login: str, seat: int) -> bytes:
    """Return what an approver of no seat can make: a true accord of `dg`, signed anew by another member's own key."""
    director = demonstration.people["dg"]
    given = circumstances_of(director, current(prepared), subject(demonstration, prepared))
    share = open_share(director, 1)
    true = make_approval(
        given.decision,
        given.roster.roster,
        given.items,
        b"",
        Approver(director.id, share, director.keys.sign),
    )
    member = demonstration.people[login]
    claimed = parse_approval(
        swap_fields(true.encode(), lambda fields: fields.update(member=member.id, seat=seat, checkpoint=""))
    )
    signature = member.keys.sign(claimed.statement).hex()
    return swap_fields(claimed.encode(), lambda fields: fields.update(signature=signature))


@pytest.mark.parametrize("login", ["travailleur", "referent", "admin"])
@pytest.mark.parametrize("seat", [1, 3, 7])
def test_an_accord_from_outside_the_roster_is_none(
    demonstration: Demonstration, prepared: Prepared, login: str, seat: int
) -> None:
    approve(demonstration, prepared, "dg")
    row = Approval.objects.get()
    signed = forge(demonstration, prepared, login, seat)
    Approval.objects.create(
        institution=row.institution,
        decision=row.decision,
        seat=seat + 100,
        member=demonstration.people[login].member,
        signed=signed,
        given_at=timezone.now(),
    )
    # Whoever was never asked about ties counts as tied, and is left out before the signature is even looked at.
    refusal = refuse_execution(demonstration, prepared, CimentError)
    assert isinstance(refusal, ApprovalRefused if login == "referent" else QuorumRefused)
    shown = shown_approvals(current(prepared), delta_of(current(prepared)), roster_of(demonstration))
    assert [each.member.login for each in shown] == ["dg"]


@pytest.mark.parametrize("login", ["travailleur", "referent", "dpo", "admin"])
def test_who_holds_no_seat_does_not_approve(demonstration: Demonstration, prepared: Prepared, login: str) -> None:
    actor = demonstration.people[login]
    with pytest.raises(NotAllowed):
        approve_decision(actor, current(prepared), demonstration.passphrase)
    # A role that got past every check of rows still finds no share.
    with pytest.raises(NoQuorum):
        open_share(actor, 1)


def test_a_share_moved_to_somebody_else_opens_for_nobody(demonstration: Demonstration, prepared: Prepared) -> None:
    from ciment_web.quorum.models import SealedShare  # noqa: PLC0415 - what is moved

    worker = demonstration.people["travailleur"]
    SealedShare.objects.filter(member__login="adjoint").update(member=worker.member)
    for login in ("travailleur", "adjoint"):
        with pytest.raises(CimentError):
            open_share(demonstration.people[login], 1)
    with pytest.raises(CimentError):
        approve(demonstration, prepared, "adjoint")
    assert not Approval.objects.exists()


def test_a_recused_member_neither_approves_nor_counts(demonstration: Demonstration, prepared: Prepared) -> None:
    state_recusal(demonstration.people["adjoint"], prepared.inquiry, recused=True)
    with pytest.raises(NotAllowed):
        approve(demonstration, prepared, "adjoint")
    approve(demonstration, prepared, "dg")
    approve(demonstration, prepared, "president")
    given = rows_of(Approval, member__login="president")
    state_recusal(demonstration.people["president"], prepared.inquiry, recused=True)
    refuse_execution(demonstration, prepared, QuorumRefused)
    # The accord given before the tie showed comes back from a backup: it still does not count.
    put_back(Approval, given)
    assert Approval.objects.count() == 2
    refuse_execution(demonstration, prepared, QuorumRefused)
    for login in ("president", "adjoint"):
        with pytest.raises(NotAllowed):
            execute(demonstration, prepared, login)


@pytest.mark.parametrize("how", ["changed", "deleted", "of another request"])
def test_a_tie_in_a_changed_row_still_counts(demonstration: Demonstration, prepared: Prepared, how: str) -> None:
    approve(demonstration, prepared, "dg")
    approve(demonstration, prepared, "president")
    given = rows_of(Approval, member__login="president")
    state_recusal(demonstration.people["president"], prepared.inquiry, recused=True)
    put_back(Approval, given)
    statement = RecusalStatement.objects.filter(inquiry=prepared.inquiry, member__login="president")
    if how == "changed":
        statement.update(recused=False)
    elif how == "deleted":
        statement.delete()
    else:
        other = record(demonstration)
        state_recusal(demonstration.people["president"], other, recused=False)
        source = RecusalStatement.objects.get(inquiry=other)
        statement.update(recused=False, signature=bytes(source.signature))
    refuse_execution(demonstration, prepared, QuorumRefused)


def test_a_recorder_named_in_the_row_is_not_thereby_untied(demonstration: Demonstration, prepared: Prepared) -> None:
    """Its recorder says nothing about ties: but who recorded it is known from the first day, not from today's row."""
    approve(demonstration, prepared, "dg")
    approve(demonstration, prepared, "president")
    given = rows_of(Approval, member__login="president")
    state_recusal(demonstration.people["president"], prepared.inquiry, recused=True)
    put_back(Approval, given)
    RecusalStatement.objects.filter(member__login="president").delete()
    Inquiry.objects.filter(pk=prepared.inquiry.pk).update(recorded_by=demonstration.people["president"].member)
    refuse_execution(demonstration, prepared, CimentError)


@pytest.fixture
def both(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Demonstration:  # noqa: ARG001 - opens the database
    """Found an institution whose director general is its referent too, as in a centre of eight people."""
    from dataclasses import replace  # noqa: PLC0415 - beside its one use

    members = tuple(
        replace(each, roles=(Role.REFERENT, Role.SIGNATORY)) if each.login == "dg" else each for each in cast.CAST
    )
    monkeypatch.setattr(cast, "CAST", members)
    founded = cast.found_demonstration(generate_passphrase())
    countersign_member(founded.people["president"], founded.people["dg"].member)
    return founded


def test_the_preparer_is_not_the_only_approver(both: Demonstration) -> None:
    director = present(both, "dg")
    assert director.roles == {Role.REFERENT, Role.SIGNATORY}
    inquiry = record(both, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(both, inquiry, DUTY)
    state_recusal(director, inquiry, recused=False)
    opened = read_inquiry(director, inquiry)
    add_copy(director, subject_of(inquiry, opened.key), uploaded(b"la fiche"), NewCopy("identity", "Fiche"))
    recipient = AgeIdentity.generate()
    decision = prepare_decision(director, opened, recipient.recipient.text)
    approve_decision(director, decision, both.passphrase)
    with pytest.raises(AlreadySaid):
        approve_decision(director, decision, both.passphrase)
    prepared = Prepared(inquiry, decision, recipient)
    refuse_execution(both, prepared, QuorumRefused)
    # Somebody else named as the preparer in the row changes nothing: Δ says who it is.
    Decision.objects.filter(pk=decision.pk).update(prepared_by=both.people["travailleur"].member)
    refuse_execution(both, prepared, QuorumRefused)
    state_recusal(both.people["president"], inquiry, recused=False)
    approve(both, prepared, "president")
    packet = execute(both, prepared)
    assert open_packet(b"".join(store.read(packet.blob)), recipient)["01-document.txt"] == b"la fiche"
