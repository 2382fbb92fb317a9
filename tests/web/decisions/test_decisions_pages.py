"""A decision on its page: accords given, refused, repeated, late, by the wrong people; and what leaves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from web_stories import Prepared, prepare_release

from ciment.vault import open_packet
from ciment_web.decisions.models import Approval, Decision, Packet, ReleaseCopy
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.models import SignInFailure
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]


@pytest.fixture
def prepared(demonstration: Demonstration) -> Prepared:
    return prepare_release(demonstration, b"la fiche", reading=True)


def page_of(prepared: Prepared) -> str:
    return f"/i/demo/decisions/{prepared.decision.id}/"


def agree(sign_in: SignIn, prepared: Prepared, login: str, phrase: str) -> int:
    return sign_in(login).post(f"{page_of(prepared)}accord/", {"phrase": phrase}).status_code


def test_two_accords_then_the_packet(prepared: Prepared, demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = sign_in("dg")
    assert dg.post(f"{page_of(prepared)}execution/", {"phrase": demonstration.passphrase}).status_code == 409
    assert agree(sign_in, prepared, "dg", demonstration.passphrase) == 302
    # An accord is given once.
    assert agree(sign_in, prepared, "dg", demonstration.passphrase) == 409
    assert agree(sign_in, prepared, "adjoint", demonstration.passphrase) == 302
    assert dg.get(f"{page_of(prepared)}pli.age").status_code == 404
    assert dg.post(f"{page_of(prepared)}execution/", {"phrase": demonstration.passphrase}).status_code == 302
    assert dg.post(f"{page_of(prepared)}execution/", {"phrase": demonstration.passphrase}).status_code == 409
    packets = [dg.get(f"{page_of(prepared)}pli.age").content for _ in range(2)]
    assert packets[0] == packets[1]
    assert open_packet(packets[0], prepared.recipient)["01-document.txt"] == b"la fiche"
    assert Approval.objects.exclude(signed=b"").count() == 0
    page = dg.get(page_of(prepared)).content.decode()
    assert "accord donné" in page
    assert "Pli scellé au destinataire" in page
    # Reading copies end with the decision.
    copy = ReleaseCopy.objects.get()
    assert dg.get(f"{page_of(prepared)}copie/{copy.id}/").status_code in (403, 404, 409)
    assert "Lettre de communication" in dg.get(f"/i/demo/demandes/{prepared.inquiry.id}/").content.decode()


def test_a_duty_needs_a_leading_title(demonstration: Demonstration, sign_in: SignIn) -> None:
    from ciment_web.members.models import Member  # noqa: PLC0415 - one more deputy would be a third seat here

    assert Member.objects.filter(title="other", held_roles__role="signatory").count() == 1
    prepared = prepare_release(demonstration, b"x")
    page = sign_in("dg").get(page_of(prepared)).content.decode()
    assert "direction générale ou de la présidence" in page


def test_the_wrong_passphrase_is_told_and_counted(
    prepared: Prepared, demonstration: Demonstration, sign_in: SignIn
) -> None:
    client = sign_in("dg")
    for _ in range(5):
        answer = client.post(f"{page_of(prepared)}accord/", {"phrase": "faux"})
        assert answer.status_code == 422
        assert "Rien n’a été signé" in answer.content.decode()
    assert client.post(f"{page_of(prepared)}accord/", {"phrase": demonstration.passphrase}).status_code == 429
    SignInFailure.objects.all().delete()
    assert client.post(f"{page_of(prepared)}accord/", {"phrase": ""}).status_code == 422
    assert client.post(f"{page_of(prepared)}accord/", {"phrase": demonstration.passphrase}).status_code == 302


def test_only_seated_signatories_without_a_tie_agree(
    prepared: Prepared, demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    phrase = {"phrase": demonstration.passphrase}
    assert sign_in("referent").post(f"{page_of(prepared)}accord/", phrase).status_code == 403
    assert sign_in("travailleur").post(f"{page_of(prepared)}accord/", phrase).status_code == 403
    assert sign_in("dpo").get(page_of(prepared)).status_code == 404
    stranger = sign_in("dg", slug="voisin")
    for path in ("", "lettre.pdf", "pli.age", "pli.tlog-proof"):
        assert stranger.get(f"/i/voisin/decisions/{prepared.decision.id}/{path}").status_code == 404
    assert agree(sign_in, prepared, "dg", demonstration.passphrase) == 302
    assert agree(sign_in, prepared, "president", demonstration.passphrase) == 302
    # The president sees a tie only now: the accord given before no longer counts.
    president = sign_in("president")
    president.post(f"/i/demo/demandes/{prepared.inquiry.id}/recusation/", {"tied": "yes"})
    assert president.post(f"{page_of(prepared)}accord/", phrase).status_code == 403
    answer = sign_in("dg").post(f"{page_of(prepared)}execution/", phrase)
    assert answer.status_code == 409
    assert "ne sont pas encore réunis" in answer.content.decode()
    assert not Packet.objects.exists()
    assert neighbour.institution.slug == "voisin"


def test_refusals_give_the_matter_back(prepared: Prepared, demonstration: Demonstration, sign_in: SignIn) -> None:
    dg = sign_in("dg")
    empty = dg.post(f"{page_of(prepared)}refus/", {"reason": ""})
    assert empty.status_code == 422
    assert dg.post(f"{page_of(prepared)}refus/", {"reason": "Trop large."}).status_code == 302
    assert "Trop large." in sign_in("referent").get(page_of(prepared)).content.decode()
    # The recorder of the request sees that it was refused, and not why.
    assert "Trop large." not in sign_in("travailleur").get(page_of(prepared)).content.decode()
    assert dg.post(f"{page_of(prepared)}accord/", {"phrase": demonstration.passphrase}).status_code == 409
    adjoint = sign_in("adjoint")
    assert adjoint.post(f"{page_of(prepared)}refus/", {"reason": "De même."}).status_code == 302
    prepared.decision.refresh_from_db()
    prepared.inquiry.refresh_from_db()
    assert (prepared.decision.state, prepared.inquiry.state) == ("declined", "qualified")
    # The page of what is over stays, for who may read; the copies are free to be prepared anew.
    assert adjoint.get(page_of(prepared)).status_code == 200
    assert ReleaseCopy.objects.get().decision is None
    referent = sign_in("referent")
    again = referent.post(f"/i/demo/demandes/{prepared.inquiry.id}/preparation/", {"recipient": ""})
    assert again.status_code == 302
    assert Decision.objects.get(state="open").number == 2


def test_a_late_decision_lapses(prepared: Prepared, demonstration: Demonstration, sign_in: SignIn) -> None:
    assert agree(sign_in, prepared, "dg", demonstration.passphrase) == 302
    past = timezone.now() - timedelta(seconds=1)
    Decision.objects.filter(pk=prepared.decision.pk).update(expires_at=past)
    client = sign_in("president")
    # Δ itself says until when: moving the row's date does not shorten it, and closes the decision all the same.
    assert client.get(page_of(prepared)).status_code == 302
    assert "Expirée" in client.get(page_of(prepared)).content.decode()
    answer = client.post(f"{page_of(prepared)}accord/", {"phrase": demonstration.passphrase})
    assert answer.status_code == 409
    inquiry = Inquiry.objects.get(pk=prepared.inquiry.pk)
    assert (inquiry.state, inquiry.decision) == ("prepared", None)
    assert Approval.objects.exclude(signed=b"").count() == 0


def test_accords_in_the_rows_alone_are_not_shown(
    prepared: Prepared, demonstration: Demonstration, sign_in: SignIn
) -> None:
    assert agree(sign_in, prepared, "dg", demonstration.passphrase) == 302
    other = prepare_release(demonstration, b"autre")
    row = Approval.objects.get()
    Approval.objects.create(
        institution=row.institution, decision=other.decision, seat=row.seat, member=row.member,
        signed=row.signed, given_at=row.given_at,
    )  # fmt: skip
    page = sign_in("president").get(page_of(other)).content.decode()
    assert "Personne ne s’est encore prononcé" in page


def test_a_reading_copy_is_the_one_the_decision_names(prepared: Prepared, sign_in: SignIn) -> None:
    copy = ReleaseCopy.objects.get()
    where = f"{page_of(prepared)}copie/{copy.id}/"
    assert sign_in("dg").get(where).content == b"la fiche"
    assert sign_in("referent").get(where).status_code == 403
    ReleaseCopy.objects.update(reading_blob=copy.blob)
    assert sign_in("dg").get(where).status_code == 409


def test_the_letter_is_read_before_it_is_agreed_to(prepared: Prepared, sign_in: SignIn) -> None:
    answer = sign_in("president").get(f"{page_of(prepared)}lettre.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]


def test_a_packet_exchanged_in_the_store_is_not_served(
    prepared: Prepared, demonstration: Demonstration, sign_in: SignIn
) -> None:
    packet = prepared.release(demonstration)
    other = prepare_release(demonstration, b"autre").release(demonstration)
    client = sign_in("dg")
    assert client.get(f"{page_of(prepared)}pli.tlog-proof").status_code == 200
    blob = other.blob
    Packet.objects.filter(pk=other.pk).update(blob="0" * 32)
    Packet.objects.filter(pk=packet.pk).update(blob=blob)
    assert client.get(f"{page_of(prepared)}pli.age").status_code == 409
