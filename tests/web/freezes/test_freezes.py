"""A freeze stops at once what it names, and only the quorum reopens it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from web_stories import CONTENT, prepare_release, record, silenced

from ciment.disclosure import ActRefused
from ciment.quorum.errors import QuorumRefused
from ciment.register import Entry
from ciment.vault import BlobError
from ciment_web.decisions.actions.adopt import adopt_decision
from ciment_web.decisions.actions.approve import approve_decision, object_to_decision
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision
from ciment_web.freezes.actions import (
    AlreadyFrozen,
    TooFewLeft,
    ask_to_reopen,
    freeze_inquiry,
    freeze_institution,
    freeze_member,
)
from ciment_web.freezes.models import Freeze, FreezeKey
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.keys import NotReader
from ciment_web.members.models import MemberSession
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
WHY = "Une clé a peut-être été vue par quelqu’un d’autre."


def reopen(demonstration: Demonstration, freeze: Freeze, *signing: str, asking: str = "referent") -> Decision:
    freeze.refresh_from_db()
    decision = ask_to_reopen(demonstration.people[asking], freeze, "Tout est vérifié.")
    for login in signing:
        approve_decision(demonstration.people[login], decision, demonstration.passphrase)
    adopt_decision(demonstration.people[signing[0]], decision, demonstration.passphrase)
    return decision


def test_a_frozen_request_is_neither_read_nor_acted_on_until_two_accords_reopen_it(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    inquiry = silenced(demonstration)
    dg, where = sign_in("dg"), f"/i/demo/demandes/{inquiry.id}/"
    dg.post(f"{where}recusation/", {"tied": "no"})
    assert CONTENT.about in dg.get(where).content.decode()
    made = dg.post(f"/i/demo/gels/demandes/{inquiry.id}/", {"reason": WHY})
    assert made.status_code == 302
    for login in ("dg", "referent", "travailleur"):
        page = sign_in(login).get(where).content.decode()
        assert "L’accès est gelé" in page
        assert CONTENT.about not in page
    for address in ("refus/", "qualification/", "document/certificate.pdf", "reponse/"):
        answer = dg.post(where + address) if address == "reponse/" else dg.get(where + address)
        assert answer.status_code == 403, address
    with pytest.raises(NotAllowed):
        read_inquiry(demonstration.people["dg"], inquiry)
    freeze = Freeze.objects.get()
    assert WHY in dg.get(made["Location"]).content.decode()
    asked = dg.post(made["Location"], {"reason": "Tout est vérifié."})
    assert "Ce qui serait rouvert, et rien d’autre" in dg.get(asked["Location"]).content.decode()
    dg.post(f"{asked['Location']}accord/", {"phrase": demonstration.passphrase})
    with pytest.raises(QuorumRefused):
        adopt_decision(demonstration.people["dg"], Decision.objects.get(), demonstration.passphrase)
    president = sign_in("president")
    president.post(f"{asked['Location']}accord/", {"phrase": demonstration.passphrase})
    assert "Rouvrir l’accès" in president.get(asked["Location"]).content.decode()
    president.post(f"{asked['Location']}execution/", {"phrase": demonstration.passphrase})
    freeze.refresh_from_db()
    assert freeze.reopened_at is not None
    assert CONTENT.about in dg.get(where).content.decode()


def test_a_decision_in_hand_stops_with_its_request(demonstration: Demonstration) -> None:
    prepared = prepare_release(demonstration, b"fiche")
    approve_decision(demonstration.people["dg"], prepared.decision, demonstration.passphrase)
    approve_decision(demonstration.people["president"], prepared.decision, demonstration.passphrase)
    freeze = freeze_inquiry(demonstration.people["adjoint"], prepared.inquiry, WHY)
    with pytest.raises((ActRefused, NotAllowed)):
        execute_decision(demonstration.people["dg"], prepared.decision, demonstration.passphrase)
    reopen(demonstration, freeze, "dg", "president")
    assert execute_decision(demonstration.people["dg"], prepared.decision, demonstration.passphrase).blob


def test_a_frozen_member_does_nothing_and_decides_nothing_about_it(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    inquiry = record(demonstration)
    president = sign_in("president")
    assert president.get("/i/demo/").status_code == 200
    made = sign_in("admin").post(
        f"/i/demo/gels/membres/{demonstration.people['president'].member.id}/", {"reason": WHY}
    )
    assert made.status_code == 302
    assert president.get("/i/demo/").status_code == 302
    assert not MemberSession.objects.filter(member=demonstration.people["president"].member).exists()
    told = Client().post("/i/demo/connexion/", {"identifiant": "president", "phrase": demonstration.passphrase})
    assert told.status_code == 422
    assert "L’accès de ce compte est gelé" in told.content.decode()
    guessed = Client().post("/i/demo/connexion/", {"identifiant": "president", "phrase": "autre"})
    assert "gelé" not in guessed.content.decode()
    freeze = Freeze.objects.get()
    # The reason is not theirs to read, and the accord not theirs to give, even with the roles of before.
    assert not FreezeKey.objects.filter(freeze=freeze, member=demonstration.people["president"].member).exists()
    decision = ask_to_reopen(demonstration.people["referent"], freeze, "Tout est vérifié.")
    with pytest.raises(NotReader):
        approve_decision(demonstration.people["president"], decision, demonstration.passphrase)
    assert not Approval.objects.exists()
    for login in ("dg", "adjoint"):
        approve_decision(demonstration.people[login], decision, demonstration.passphrase)
    adopt_decision(demonstration.people["dg"], decision, demonstration.passphrase)
    assert sign_in("president").get(f"/i/demo/demandes/{inquiry.id}/").status_code == 200


def test_enough_signatories_are_left_to_reopen(demonstration: Demonstration) -> None:
    people = demonstration.people
    freeze_member(people["admin"], people["president"].member, WHY)
    with pytest.raises(TooFewLeft):
        freeze_member(people["admin"], people["dg"].member, WHY)
    assert Freeze.objects.count() == 1
    freeze_member(people["dg"], people["referent"].member, WHY)


def test_a_frozen_institution_still_takes_requests_in(demonstration: Demonstration) -> None:
    inquiry = silenced(demonstration)
    state_recusal(demonstration.people["dg"], inquiry, recused=False)
    freeze = freeze_institution(demonstration.people["dpo"], WHY)
    assert Entry.parse(bytes(Leaf.objects.order_by("index").last().entry)).kind == "freeze"  # type: ignore[union-attr]
    with pytest.raises(NotAllowed):
        read_inquiry(demonstration.people["dg"], inquiry)
    asked = NewInquiry("police", "oral", ("existence",), CONTENT)
    assert record_inquiry(demonstration.people["travailleur"], asked).state == "received"
    reopen(demonstration, freeze, "dg", "adjoint")
    assert read_inquiry(demonstration.people["dg"], inquiry).content == CONTENT


def test_what_is_frozen_is_frozen_once_and_again_after(demonstration: Demonstration) -> None:
    freeze = freeze_institution(demonstration.people["dg"], WHY)
    with pytest.raises(AlreadyFrozen):
        freeze_institution(demonstration.people["referent"], WHY)
    reopen(demonstration, freeze, "dg", "president")
    assert freeze_institution(demonstration.people["referent"], WHY).pk != freeze.pk


def test_a_reopening_that_is_refused_may_be_asked_again(demonstration: Demonstration) -> None:
    freeze = freeze_institution(demonstration.people["dg"], WHY)
    decision = ask_to_reopen(demonstration.people["referent"], freeze, "Trop tôt")
    with pytest.raises(NotAllowed):
        ask_to_reopen(demonstration.people["dg"], freeze, "deux fois")
    object_to_decision(demonstration.people["dg"], decision, "non")
    assert object_to_decision(demonstration.people["president"], decision, "non")
    freeze.refresh_from_db()
    assert (freeze.decision, freeze.reopened_at) == (None, None)
    reopen(demonstration, freeze, "adjoint", "president")


@pytest.mark.parametrize("login", ["travailleur", "admin"])
def test_who_is_not_competent_freezes_no_institution_and_no_request(
    demonstration: Demonstration, sign_in: SignIn, login: str
) -> None:
    inquiry = record(demonstration)
    client = sign_in(login)
    assert client.get("/i/demo/gels/institution/").status_code == 403
    assert client.get(f"/i/demo/gels/demandes/{inquiry.id}/").status_code in (403, 404)
    assert not Freeze.objects.exists()


def test_strangers_and_neighbours_learn_nothing(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    inquiry = record(demonstration)
    freeze = freeze_inquiry(demonstration.people["referent"], inquiry, WHY)
    client = sign_in("dg", slug="voisin")
    member = demonstration.people["dg"].member.id
    for address in (f"{freeze.id}/", f"demandes/{inquiry.id}/", f"membres/{member}/"):
        assert client.get(f"/i/voisin/gels/{address}").status_code == 404
    # The auditor may list, and sees no request whose key is not theirs.
    page = sign_in("dpo").get("/i/demo/gels/").content.decode()
    assert inquiry.reference not in page
    assert inquiry.reference in sign_in("dg").get("/i/demo/gels/").content.decode()
    assert sign_in("travailleur").get("/i/demo/gels/").status_code == 403
    assert neighbour.institution.slug == "voisin"


@pytest.mark.parametrize("field", ["scope", "target"])
def test_a_changed_row_reopens_nothing_else(demonstration: Demonstration, field: str) -> None:
    freeze = freeze_institution(demonstration.people["dg"], WHY)
    decision = ask_to_reopen(demonstration.people["referent"], freeze, "Tout est vérifié.")
    changed = {"scope": "member"} if field == "scope" else {"target": demonstration.people["dg"].member.id}
    Freeze.objects.filter(pk=freeze.pk).update(**changed)
    with pytest.raises(BlobError):
        approve_decision(demonstration.people["president"], decision, demonstration.passphrase)


def test_the_database_knows_no_reopening_without_a_decision(demonstration: Demonstration) -> None:
    freeze = freeze_institution(demonstration.people["dg"], WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.filter(pk=freeze.pk).update(reopened_at=freeze.frozen_at)


@pytest.mark.usefixtures("demonstration")
def test_a_reason_is_asked_for_and_no_notice_says_it(sign_in: SignIn, mailbox: list[object]) -> None:
    client = sign_in("dg")
    assert client.post("/i/demo/gels/institution/", {"reason": ""}).status_code == 422
    assert not Freeze.objects.exists()
    client.post("/i/demo/gels/institution/", {"reason": WHY})
    assert mailbox
    assert all(b"peut" not in mail.content for mail in mailbox)  # type: ignore[attr-defined]
