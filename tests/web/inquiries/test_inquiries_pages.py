"""The pages of the main job: owner, colleague, stranger; bad input and what it is told."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from web_stories import DUTY, prepare_release, qualify, record, silenced

from ciment.vault import seal
from ciment_web.blobs import store
from ciment_web.decisions.models import ReleaseCopy
from ciment_web.inquiries.actions.qualify import _note_context
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Attachment, Document, Draft, Inquiry
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
EXAMPLES = Path(__file__).parents[3] / "examples"
NEW = "/i/demo/demandes/nouvelle/"
ANSWERS = {"requester": "housing", "form": "written", "categories": ["aid"], "text": "Bonjour"}


def blobs() -> set[str]:
    return set(store.names()) if django_settings.CIMENT_BLOBS.exists() else set()


@pytest.mark.parametrize(
    "path",
    [
        "", "document/certificate.pdf", "document/certificate.tlog-proof", "document/refusal.pdf", "piece/0/",
        "qualification/", "refus/", "refus/projet.pdf", "preparation/",
    ],
)  # fmt: skip
def test_a_stranger_gets_404_everywhere(
    neighbour: Demonstration, demonstration: Demonstration, sign_in: SignIn, path: str
) -> None:
    inquiry = record(demonstration)
    stranger = sign_in("dg", slug="voisin")
    # Guessing the identifier in one's own institution, or in the other's: nothing is there.
    assert stranger.get(f"/i/voisin/demandes/{inquiry.id}/{path}").status_code == 404
    secret = stranger.cookies["ciment"].value
    foreign = Client(headers={"cookie": f"ciment={secret}"})
    assert foreign.get(f"/i/demo/demandes/{inquiry.id}/{path}").status_code == 302
    assert neighbour.institution.slug == "voisin"


@pytest.mark.parametrize(
    "path",
    ["recusation/", "qualification/", "qualification/apercu/", "refus/", "preparation/", "preparation/copie/",
     "preparation/rien/", "reponse/", "cloture/", "retrait/"],
)  # fmt: skip
def test_neither_a_stranger_nor_a_colleague_acts(
    neighbour: Demonstration, demonstration: Demonstration, sign_in: SignIn, path: str
) -> None:
    inquiry = record(demonstration)
    assert sign_in("dg", slug="voisin").post(f"/i/voisin/demandes/{inquiry.id}/{path}").status_code == 404
    # The auditor holds no key: for her it does not exist either. Its recorder sees it, and may decide nothing.
    assert sign_in("dpo").post(f"/i/demo/demandes/{inquiry.id}/{path}").status_code == 404
    sent = {"tied": "no", "categories": ["aid"]}
    assert sign_in("travailleur").post(f"/i/demo/demandes/{inquiry.id}/{path}", sent).status_code == 403
    inquiry.refresh_from_db()
    assert inquiry.state == "received"
    assert neighbour.institution.slug == "voisin"


def test_names_come_after_the_question_of_ties(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    referent = sign_in("referent")
    page = referent.get(where).content.decode()
    assert "Êtes-vous lié" in page
    assert "Camille" not in page
    assert referent.get(f"{where}document/certificate.pdf").status_code == 403
    assert referent.get(f"{where}qualification/").status_code == 403
    assert referent.post(f"{where}recusation/", {"tied": "peut-être"}).status_code == 302
    assert "Êtes-vous lié" in referent.get(where).content.decode()
    referent.post(f"{where}recusation/", {"tied": "no"})
    assert "Camille" in referent.get(where).content.decode()
    # A tie that shows on reading closes the matter, for good.
    referent.post(f"{where}recusation/", {"tied": "yes"})
    page = referent.get(where).content.decode()
    assert "Vous vous êtes récusé" in page
    assert "Camille" not in page
    assert referent.post(f"{where}recusation/", {"tied": "no"}).status_code == 403
    assert where not in referent.get("/i/demo/").content.decode()


def test_a_record_says_what_is_missing_and_loses_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("travailleur")
    answer = client.post(NEW, {"requester": "nobody", "form": "fax", "categories": ["tout"], "text": "Bonjour"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Bonjour" in page
    assert page.count("field-wrong") >= 3
    assert not Inquiry.objects.exists()
    assert sign_in("admin").get(NEW).status_code == 403
    assert sign_in("dpo").post(NEW, ANSWERS).status_code == 403
    assert demonstration.institution.slug == "demo"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.eml", b"", "vide"),
        ("cassé.pdf", b"%PDF-1.7 rien", "PDF"),
        ("programme.pdf", b"MZ\x90\x00" + bytes(100), ""),
        ("../../etc/passwd", b"\x00\x01\x02", ""),
        ("message.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Outlook"),
    ],
)
def test_a_file_that_is_no_message_is_refused_and_leaves_nothing(
    demonstration: Demonstration, sign_in: SignIn, name: str, content: bytes, said: str
) -> None:
    client = sign_in("travailleur")
    answer = client.post(f"{NEW}lire/", {"message": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Draft.objects.exists()
    assert blobs() == set()
    assert demonstration.institution.slug == "demo"


def test_a_file_too_large_is_refused_and_leaves_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("travailleur")
    large = SimpleUploadedFile("grand.txt", b"x" * (10 * 1024 * 1024 + 1))
    answer = client.post(f"{NEW}lire/", {"message": large})
    assert answer.status_code == 422
    assert "10 Mo" in answer.content.decode()
    large.seek(0)
    answer = client.post(NEW, {**ANSWERS, "message": large})
    assert answer.status_code == 422
    assert "Bonjour" in answer.content.decode()
    assert blobs() == set()
    assert not Inquiry.objects.exists()
    assert demonstration.institution.slug == "demo"


def test_a_message_is_read_kept_and_attached(demonstration: Demonstration, sign_in: SignIn) -> None:
    client = sign_in("travailleur")
    with (EXAMPLES / "2-prosecutor-46bis1.eml").open("rb") as file:
        page = client.post(f"{NEW}lire/", {"message": file}).content.decode()
    assert "Message lu et scellé" in page
    draft = Draft.objects.get()
    # Somebody else's draft is nobody's.
    stolen = sign_in("referent").post(NEW, {**ANSWERS, "draft": str(draft.id)})
    assert stolen.status_code == 409
    assert "Déposez-le à nouveau" in stolen.content.decode()
    answer = client.post(NEW, {**ANSWERS, "draft": str(draft.id)})
    assert answer.status_code == 302
    assert not Draft.objects.exists()
    assert Attachment.objects.count() == 2
    names = [client.get(f"{answer['Location']}piece/{n}/")["Content-Disposition"] for n in (0, 1)]
    assert "2-prosecutor-46bis1.eml" in names[0]
    assert all("attachment" in name for name in names)
    assert client.get(f"{answer['Location']}piece/7/").status_code == 404
    assert len(blobs()) == 2
    # A draft used once is used up: the message is asked for again rather than dropped.
    assert client.post(NEW, {**ANSWERS, "draft": str(draft.id)}).status_code == 409
    assert demonstration.institution.slug == "demo"


def test_a_proof_waits_for_its_checkpoint(demonstration: Demonstration, sign_in: SignIn) -> None:
    from ciment_web.register.models import PublishedCheckpoint  # noqa: PLC0415 - to undo a publication

    inquiry = record(demonstration)
    client = sign_in("travailleur")
    where = f"/i/demo/demandes/{inquiry.id}/document/certificate"
    assert client.get(f"{where}.tlog-proof").status_code == 200
    assert client.get(f"{where}.pdf").content.startswith(b"%PDF-")
    assert client.get(f"/i/demo/demandes/{inquiry.id}/document/autre.pdf").status_code == 404
    PublishedCheckpoint.objects.filter(size__gt=inquiry.documents.get().leaf_index).delete()
    assert client.get(f"{where}.tlog-proof").status_code == 409


def test_every_reply_waits_equally_long(demonstration: Demonstration, sign_in: SignIn) -> None:
    demonstration.institution.reply_delay_hours = 24
    demonstration.institution.save()
    inquiry = silenced(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    dg = sign_in("dg")
    dg.post(f"{where}recusation/", {"tied": "no"})
    assert dg.post(f"{where}refus/").status_code == 302
    assert dg.post(f"{where}refus/").status_code == 403
    referent = sign_in("referent")
    assert "même délai" in referent.get(where).content.decode()
    assert referent.post(f"{where}reponse/").status_code == 403
    Inquiry.objects.filter(pk=inquiry.pk).update(decided_at=timezone.now() - timedelta(hours=25))
    assert referent.post(f"{where}reponse/").status_code == 302
    assert referent.post(f"{where}cloture/").status_code == 302
    assert referent.post(f"{where}cloture/").status_code == 403
    inquiry.refresh_from_db()
    assert inquiry.state == "closed"


def test_an_old_page_decides_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = silenced(demonstration)
    where = f"/i/demo/demandes/{inquiry.id}/"
    dg, referent = sign_in("dg"), sign_in("referent")
    dg.post(f"{where}recusation/", {"tied": "no"})
    dg.post(f"{where}refus/")
    facts = {"categories": ["aid"], "form": "oral"}
    assert referent.post(f"{where}qualification/", facts).status_code == 403
    inquiry.refresh_from_db()
    assert inquiry.state == "decided"


def test_facts_outside_the_list_and_silence_on_a_duty(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity",))
    where = f"/i/demo/demandes/{inquiry.id}/"
    referent = sign_in("referent")
    referent.post(f"{where}recusation/", {"tied": "no"})
    facts = {**DUTY, "categories": ["identity"]}
    facts.pop("category")
    wrong = referent.post(f"{where}qualification/", {**facts, "ground": "parce que"})
    assert wrong.status_code == 422
    assert "field-wrong" in wrong.content.decode()
    refused = referent.post(f"{where}qualification/", {**facts, "silenced": ["identity"]})
    assert refused.status_code == 422
    assert "Seule la direction générale" in refused.content.decode()
    shown = referent.post(f"{where}qualification/apercu/", facts).content.decode()
    assert "Obligation" in shown
    inquiry.refresh_from_db()
    assert inquiry.state == "received"


def test_what_the_law_says_is_computed_again(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = silenced(demonstration)
    stored = inquiry.qualifications.get()
    stored.answer["verdicts"]["address"]["verdict"] = "may"
    key = open_key(demonstration.people["referent"], inquiry)
    stored.sealed_note = seal(key, b"", _note_context(inquiry, stored))
    stored.save()
    assert "Qualifiez la demande à nouveau" in _refusal_of_refusal(sign_in, inquiry)


@pytest.mark.usefixtures("demonstration")
def test_a_referent_who_recorded_reads_at_once_and_says_about_ties_before_going_on(sign_in: SignIn) -> None:
    referent = sign_in("referent")
    where = referent.post(NEW, ANSWERS)["Location"]
    page = referent.get(where).content.decode()
    assert "L’institution a pris le relais" in page
    assert "Je ne peux rien vous dire" in page or "secret professionnel" in page
    assert "Êtes-vous lié·e à cette affaire" in page
    assert "Qualifier la demande" not in page
    assert referent.get(f"{where}qualification/").status_code == 403
    referent.post(f"{where}recusation/", {"tied": "no"})
    assert "Qualifier la demande" in referent.get(where).content.decode()


@pytest.mark.parametrize("column", ["facts", "answer", "silenced"])
def test_a_changed_qualification_is_not_that_of_the_referent(
    demonstration: Demonstration, sign_in: SignIn, column: str
) -> None:
    inquiry = silenced(demonstration)
    stored = inquiry.qualifications.get()
    setattr(stored, column, ["address"] if column == "silenced" else {**getattr(stored, column), "known": "2026-01-01"})
    stored.save()
    assert "ne correspond plus à ce qui avait été enregistré" in _refusal_of_refusal(sign_in, inquiry)
    assert not inquiry.documents.filter(kind="refusal").exists()


def _refusal_of_refusal(sign_in: SignIn, inquiry: Inquiry) -> str:
    where = f"/i/demo/demandes/{inquiry.id}/"
    dg = sign_in("dg")
    dg.post(f"{where}recusation/", {"tied": "no"})
    answer = dg.post(f"{where}refus/")
    assert answer.status_code == 409
    return answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"pages": "1"}, "Dites pourquoi"),
        ({"reason": "rien"}, "Dites pourquoi"),
        ({"pages": "9", "reason": "r"}, "s’écrivent ainsi"),
        ({"pages": "tout", "reason": "r"}, "s’écrivent ainsi"),
        ({"category": "medical"}, "field-wrong"),
        ({"description": ""}, "field-wrong"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why(
    demonstration: Demonstration, sign_in: SignIn, sent: dict[str, str], said: str
) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    client = sign_in("referent")
    pdf = SimpleUploadedFile("m.pdf", (EXAMPLES / "2-composition-de-menage.pdf").read_bytes())
    given = {"document": pdf, "category": "identity", "description": "Fiche", **sent}
    answer = client.post(f"/i/demo/demandes/{inquiry.id}/preparation/copie/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReleaseCopy.objects.exists()
    assert blobs() == set()


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "vide"), (b"PK\x03\x04" + bytes(50), "Convertissez"), (b"%PDF-1.4 non", "")]
)
def test_a_document_of_another_kind_is_refused(
    demonstration: Demonstration, sign_in: SignIn, content: bytes, said: str
) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    client = sign_in("referent")
    extra = {"pages": "1", "reason": "r"} if content.startswith(b"%PDF") else {}
    given = {"document": SimpleUploadedFile("m.pdf", content), "category": "identity", "description": "F", **extra}
    answer = client.post(f"/i/demo/demandes/{inquiry.id}/preparation/copie/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert blobs() == set()


def test_nothing_prepared_nothing_frozen(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    client = sign_in("referent")
    where = f"/i/demo/demandes/{inquiry.id}/preparation/"
    answer = client.post(where, {"recipient": ""})
    assert answer.status_code == 422
    assert "Ajoutez au moins une copie" in answer.content.decode()
    assert client.post(f"{where}rien/", {"category": "medical"}).status_code == 403
    assert client.post(f"{where}rien/", {"category": "identity"}).status_code == 302
    copy = ReleaseCopy.objects.get()
    assert copy.negative
    assert client.post(f"{where}copie/{copy.id}/retrait/").status_code == 302
    assert client.post(f"{where}copie/{copy.id}/retrait/").status_code == 404
    assert blobs() == set()


def test_a_category_silenced_afterwards_does_not_leave(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    client = sign_in("referent")
    where = f"/i/demo/demandes/{inquiry.id}/"
    for category in ("identity", "household"):
        client.post(f"{where}preparation/rien/", {"category": category})
    facts = {**DUTY, "categories": ["identity"]}
    facts.pop("category")
    assert client.post(f"{where}qualification/", facts).status_code == 302
    answer = client.post(f"{where}preparation/", {"recipient": ""})
    assert answer.status_code == 422
    assert "sous silence" in answer.content.decode()


def test_withdrawing_takes_the_decision_along(demonstration: Demonstration, sign_in: SignIn) -> None:
    prepared = prepare_release(demonstration, b"fiche")
    where = f"/i/demo/demandes/{prepared.inquiry.id}/"
    assert sign_in("referent").post(f"{where}retrait/").status_code == 302
    prepared.inquiry.refresh_from_db()
    prepared.decision.refresh_from_db()
    assert (prepared.inquiry.state, prepared.decision.state) == ("withdrawn", "lapsed")
    page = sign_in("referent").get(where).content.decode()
    assert "a été retirée" in page


def test_a_lane_changed_in_its_row_lets_nobody_refuse(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity", "household"))
    qualify(demonstration, inquiry, DUTY)
    Inquiry.objects.filter(pk=inquiry.pk).update(lane="silence")
    where = f"/i/demo/demandes/{inquiry.id}/"
    client = sign_in("dg")
    client.post(f"{where}recusation/", {"tied": "no"})
    assert client.post(f"{where}refus/").status_code == 409
    assert not Document.objects.filter(inquiry=inquiry, kind="refusal").exists()
