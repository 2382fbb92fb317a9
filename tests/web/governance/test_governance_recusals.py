"""Recused by setting: no name, no content, no act, nothing to answer; and who is missing when too few remain."""

from collections.abc import Callable

import pytest
from django.test import Client
from web_stories import CONTENT, Prepared, prepare_release, qualify, record, silenced

from ciment.disclosure import ActRefused
from ciment.quorum.errors import QuorumRefused
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.governance.actions import state_setting
from ciment_web.governance.models import SettingRecord
from ciment_web.governance.recusals import RECUSALS, Recusals
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.models import Inquiry, InquiryKey
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]


def recuse(demonstration: Demonstration, requester: str, *logins: str) -> None:
    named = {demonstration.people[login].id: frozenset({requester}) for login in logins}
    state_setting(demonstration.people["dg"], RECUSALS, Recusals(named), demonstration.passphrase)


def readers(inquiry: Inquiry) -> set[str]:
    return set(InquiryKey.objects.filter(inquiry=inquiry).values_list("member__login", flat=True))


def test_a_request_recorded_since_holds_no_key_for_them(demonstration: Demonstration, sign_in: SignIn) -> None:
    recuse(demonstration, "municipality", "president")
    asked = silenced(demonstration, requester="municipality")
    assert readers(asked) == {"travailleur", "referent", "dg", "adjoint"}
    assert readers(record(demonstration)) == {"travailleur", "referent", "dg", "adjoint", "president"}
    client = sign_in("president")
    assert client.get(f"/i/demo/demandes/{asked.id}/").status_code == 404
    assert asked.reference not in client.get("/i/demo/").content.decode()


@pytest.fixture
def asked(demonstration: Demonstration) -> Inquiry:
    """A request of the municipality, recorded before anybody was recused from its requests."""
    inquiry = silenced(demonstration, requester="municipality")
    state_recusal(demonstration.people["president"], inquiry, recused=False)
    recuse(demonstration, "municipality", "president")
    return inquiry


def test_nor_does_one_recorded_before_say_anything(
    demonstration: Demonstration, asked: Inquiry, sign_in: SignIn
) -> None:
    client = sign_in("president")
    where = f"/i/demo/demandes/{asked.id}/"
    page = client.get(where).content.decode()
    assert "Un réglage de l’institution vous récuse" in page
    assert CONTENT.name not in page
    assert 'name="tied"' not in page
    assert asked.reference not in client.get("/i/demo/").content.decode()
    for path in ("document/certificate.pdf", "document/certificate.tlog-proof"):
        assert client.get(where + path).status_code == 403
    for path in ("refus/", "recusation/"):
        assert client.post(where + path, {"tied": "no"}).status_code == 403
    president = demonstration.people["president"]
    with pytest.raises(NotAllowed):
        read_inquiry(president, asked)
    # The others are not kept from anything, and neither is the president from other requests.
    dg = demonstration.people["dg"]
    state_recusal(dg, asked, recused=False)
    refuse_inquiry(dg, read_inquiry(dg, asked))
    other = silenced(demonstration)
    state_recusal(president, other, recused=False)
    refuse_inquiry(president, read_inquiry(president, other))


def test_no_notice_reaches_them(demonstration: Demonstration, mailbox: list[object]) -> None:
    recuse(demonstration, "municipality", "president")
    silenced(demonstration, requester="municipality")
    told = {str(each.recipients[0]).split("@")[0] for each in mailbox}  # type: ignore[attr-defined]
    assert told == {"referent", "dg", "adjoint"}


@pytest.fixture
def prepared(demonstration: Demonstration) -> Prepared:
    return prepare_release(demonstration, b"la fiche")


def test_their_accord_does_not_count(demonstration: Demonstration, prepared: Prepared) -> None:
    people, passphrase = demonstration.people, demonstration.passphrase
    # Given before the setting, by somebody who stated no tie.
    approve_decision(people["president"], prepared.decision, passphrase)
    recuse(demonstration, "prosecutor", "president")
    approve_decision(people["dg"], prepared.decision, passphrase)
    with pytest.raises(QuorumRefused):
        execute_decision(people["dg"], prepared.decision, passphrase)
    approve_decision(people["adjoint"], prepared.decision, passphrase)
    execute_decision(people["dg"], prepared.decision, passphrase)


def test_they_neither_approve_nor_object_nor_see(
    demonstration: Demonstration, prepared: Prepared, sign_in: SignIn
) -> None:
    recuse(demonstration, "prosecutor", "president")
    with pytest.raises((NotAllowed, ActRefused)):
        approve_decision(demonstration.people["president"], prepared.decision, demonstration.passphrase)
    client = sign_in("president")
    where = f"/i/demo/decisions/{prepared.decision.id}/"
    assert client.get(where).status_code == 403
    assert client.post(f"{where}refus/", {"reason": "non"}).status_code == 403


def test_the_pages_say_who_is_missing(demonstration: Demonstration, prepared: Prepared, sign_in: SignIn) -> None:
    pages = (f"/i/demo/decisions/{prepared.decision.id}/", f"/i/demo/demandes/{prepared.inquiry.id}/")
    dg = sign_in("dg")
    for page in pages:
        assert "ne peuvent pas être réunis" not in dg.get(page).content.decode()
    recuse(demonstration, "prosecutor", "president", "adjoint")
    for page in pages:
        text = dg.get(page).content.decode()
        assert "ne peuvent pas être réunis" in text
        assert "Claude Présidente" in text
        assert "Noa Adjoint" in text


def test_a_setting_that_does_not_hold_stops_the_acts_and_says_so(
    demonstration: Demonstration, asked: Inquiry, sign_in: SignIn
) -> None:
    SettingRecord.objects.update(signature=bytes(64))
    dg = sign_in("dg")
    page = dg.get(f"/i/demo/demandes/{asked.id}/").content.decode()
    assert "ne correspond plus à ce qui a été signé" in page
    assert CONTENT.name not in page
    # Whoever is asked can still hand over; everybody else reads it once the setting is signed again.
    later = record(demonstration, requester="municipality")
    assert "president" in readers(later)
    recuse(demonstration, "municipality", "president")
    qualify(demonstration, later, {"form": "oral", "category": ["existence"]})
    assert "liée à cette affaire" in dg.get(f"/i/demo/demandes/{later.id}/").content.decode().replace("·", "")
