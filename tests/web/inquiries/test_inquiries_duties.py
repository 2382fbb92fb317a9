"""Duties to answer: silenced by the director general alone, at a stated risk; called to mind before they lapse."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from web_stories import DUTY, prepare_release, qualify, record, silenced

from ciment.vault import WrongPassphrase
from ciment_web.decisions.models import Decision
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.override import Override, silence_duty
from ciment_web.inquiries.actions.qualify import latest_qualification, read_note
from ciment_web.inquiries.models import Inquiry, Qualification
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register import publisher
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
RISK = "Risque : plainte. Raison : la réponse mettrait quelqu’un en danger."


def duty(demonstration: Demonstration) -> Inquiry:
    """Return a request that the law says must be answered, which the three signatories may read."""
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    for login in ("dg", "president", "adjoint"):
        state_recusal(demonstration.people[login], inquiry, recused=False)
    inquiry.refresh_from_db()
    return inquiry


def override_of(demonstration: Demonstration, login: str, inquiry: Inquiry, *categories: str, risk: str = RISK) -> None:
    actor = demonstration.people[login]
    silence_duty(actor, read_inquiry(actor, inquiry), Override(frozenset(categories), risk), demonstration.passphrase)


def test_the_director_general_silences_and_one_signature_then_answers(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    inquiry = duty(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    dg = sign_in("dg")
    assert f"{where}silence/" in dg.get(where).content.decode()
    assert "Obligation" in dg.get(f"{where}silence/").content.decode()
    before = Leaf.objects.count()
    sent = {"categories": ["identity", "household"], "risk": RISK, "phrase": demonstration.passphrase}
    assert dg.post(f"{where}silence/", sent).status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.lane) == ("qualified", "silence")
    # The page was read again to post, the duty silenced: two entries.
    assert Leaf.objects.count() == before + 2
    page = dg.get(where).content.decode()
    assert "Risque assumé" in page
    assert "Relire la lettre et signer" in page
    assert f"{where}silence/" not in page
    assert dg.post(f"{where}refus/").status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.state == "decided"


def test_what_is_not_silenced_can_still_be_released(demonstration: Demonstration) -> None:
    inquiry = duty(demonstration)
    override_of(demonstration, "dg", inquiry, "household")
    inquiry.refresh_from_db()
    assert inquiry.lane == "release"
    latest = latest_qualification(inquiry)
    assert latest is not None
    assert latest.silenced == ["household"]
    assert latest.facts == inquiry.qualifications.last().facts  # type: ignore[union-attr]  # the referent's
    opened = read_inquiry(demonstration.people["dg"], inquiry)
    assert RISK in read_note(inquiry, opened.key, latest)


@pytest.mark.parametrize("login", ["president", "adjoint", "referent", "travailleur"])
def test_nobody_else_silences_a_duty(demonstration: Demonstration, sign_in: SignIn, login: str) -> None:
    inquiry = duty(demonstration)
    with pytest.raises(NotAllowed):
        override_of(demonstration, login, inquiry, "identity")
    client = sign_in(login)
    where = f"/i/demo/demandes/{inquiry.id}/"
    assert client.get(f"{where}silence/").status_code == 403
    assert f"{where}silence/" not in client.get(where).content.decode()
    assert Qualification.objects.filter(inquiry=inquiry).count() == 1


def test_a_recused_director_general_silences_nothing(demonstration: Demonstration) -> None:
    inquiry = duty(demonstration)
    opened = read_inquiry(demonstration.people["dg"], inquiry)
    state_recusal(demonstration.people["dg"], inquiry, recused=True)
    with pytest.raises(NotAllowed):
        silence_duty(
            demonstration.people["dg"], opened, Override(frozenset({"identity"}), RISK), demonstration.passphrase
        )


@pytest.mark.parametrize(
    ("categories", "risk"), [(("identity",), " "), ((), RISK), (("address",), RISK), (("identity", "address"), RISK)]
)
def test_a_duty_and_a_risk_are_named(demonstration: Demonstration, categories: tuple[str, ...], risk: str) -> None:
    inquiry = duty(demonstration)
    with pytest.raises(NotAllowed):
        override_of(demonstration, "dg", inquiry, *categories, risk=risk)
    assert Qualification.objects.filter(inquiry=inquiry).count() == 1


def test_a_wrong_passphrase_decides_nothing_and_loses_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = duty(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/silence/"
    answer = sign_in("dg").post(where, {"categories": ["identity"], "risk": RISK, "phrase": "autre"})
    assert answer.status_code == 422
    assert "Rien n’a été décidé" in answer.content.decode()
    assert "plainte" in answer.content.decode()
    assert Qualification.objects.filter(inquiry=inquiry).count() == 1
    with pytest.raises(WrongPassphrase):
        silence_duty(
            demonstration.people["dg"],
            read_inquiry(demonstration.people["dg"], inquiry),
            Override(frozenset({"identity"}), RISK),
            "autre",
        )


def test_where_the_law_says_silence_there_is_no_duty_to_silence(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = silenced(demonstration)
    dg = sign_in("dg")
    dg.post(f"/i/demo/demandes/{inquiry.id}/recusation/", {"tied": "no"})
    assert dg.get(f"/i/demo/demandes/{inquiry.id}/silence/").status_code == 403


def test_a_letter_waits_for_its_published_entry(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry = silenced(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    dg = sign_in("dg")
    dg.post(f"{where}recusation/", {"tied": "no"})
    with monkeypatch.context() as stopped:
        stopped.setattr(publisher, "publish", lambda *_args: None)
        dg.post(f"{where}refus/")
        waiting = dg.get(f"{where}document/refusal.pdf")
        assert waiting.status_code == 409
        assert "Encore un instant" in waiting.content.decode()
        assert dg.get(f"{where}document/certificate.pdf").status_code == 200
    # The next act publishes what the last one could not.
    dg.get(where)
    assert dg.get(f"{where}document/refusal.pdf").status_code == 200


def test_a_duty_about_to_lapse_is_on_the_home_of_the_signatories(demonstration: Demonstration, sign_in: SignIn) -> None:
    prepared = prepare_release(demonstration, b"fiche")
    signatory, worker = sign_in("president"), sign_in("travailleur")
    said = "Une obligation de répondre arrive à son terme"
    assert said not in signatory.get("/i/demo/").content.decode()
    Decision.objects.filter(pk=prepared.decision.pk).update(expires_at=timezone.now() + timedelta(hours=30))
    assert said in signatory.get("/i/demo/").content.decode()
    assert said not in worker.get("/i/demo/").content.decode()


def test_signatories_are_told_and_never_of_what(
    demonstration: Demonstration, mailbox: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    prepared = prepare_release(demonstration, b"fiche")
    mailbox.clear()
    call_command("remind")
    assert mailbox == []
    Decision.objects.filter(pk=prepared.decision.pk).update(expires_at=timezone.now() + timedelta(hours=30))
    call_command("remind")
    assert "1 duties" in capsys.readouterr().out
    assert {mail.recipients[0] for mail in mailbox} == {  # type: ignore[attr-defined]
        "dg@demo.invalid",
        "president@demo.invalid",
        "adjoint@demo.invalid",
    }
    assert all(b"identi" not in mail.content and b"Camille" not in mail.content for mail in mailbox)  # type: ignore[attr-defined]


def test_what_the_law_only_allows_is_no_duty(demonstration: Demonstration, mailbox: list[object]) -> None:
    prepared = prepare_release(demonstration, b"fiche")
    # A row whose decision does not hold together says nothing.
    Decision.objects.filter(pk=prepared.decision.pk).update(expires_at=timezone.now(), delta=b"{}")
    mailbox.clear()
    call_command("remind")
    assert mailbox == []
