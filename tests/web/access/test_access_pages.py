"""The pages of persons concerned: who notes, who reads, who finds nothing; and no mandate, no confirmation."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from person_stories import PERSON, about, asks, put_off, refused, sought, stated
from web_stories import qualify

from ciment.register import Entry
from ciment_web.access.actions.extend import extend_request
from ciment_web.access.actions.record import NewRequest, record_request
from ciment_web.access.actions.tell import defer_telling
from ciment_web.access.models import PersonKey, PersonRequest, PersonStatement, Telling
from ciment_web.blobs import store
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.record import NewInquiry, record_inquiry
from ciment_web.inquiries.actions.refuse import draft_refusal
from ciment_web.inquiries.content import Content as InquiryContent
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.models import Inquiry
from ciment_web.members.refusals import NotAllowed
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]
LIST, NEW = "/i/demo/acces/", "/i/demo/acces/nouveau/"
CANARY = "CanariPersonneZyx"
NOTED = {
    "kind": "access", "family": CANARY, "given": "Camille", "birth": "1.2.1990", "reach": "Au guichet",
    "identity": "card", "acting": "", "wanted": "everything", "details": "", "form": "oral",
}  # fmt: skip
LAWYER = {**NOTED, "acting": "lawyer_of_person", "agent": "Me Alix Conseil", "mandate": "procuration du 3 mai"}


def said(page: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(page.decode()).replace("\u00a0", " "))


def noted(client: Client, answers: dict[str, str], **more: object) -> str:
    answer = client.post(NEW, {**answers, **more})
    assert answer.status_code == 302, said(answer.content)[-3000:]
    return str(answer["Location"])


def test_it_is_noted_sealed_and_told_to_the_referents(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    day = today(demonstration.institution).isoformat()
    worker = sign_in("travailleur")
    first = Leaf.objects.count()
    where = noted(worker, {**NOTED, "received_on": day})
    page = said(worker.get(where).content)
    for words in (CANARY, "Carte d’identité vue", "Dernier jour pour répondre", "Lou Travailleur", "Au guichet"):
        assert words in page, words
    assert "Chercher et établir" not in page
    assert "Chercher et établir" in said(sign_in("referent").get(where).content)
    assert {Entry.parse(bytes(leaf.entry)).kind for leaf in Leaf.objects.filter(index__gte=first)} == {"act"}
    assert [str(each.recipients[0]) for each in mailbox] == ["referent@demo.invalid"]  # type: ignore[attr-defined]
    assert CANARY.encode() not in mailbox[0].content  # type: ignore[attr-defined]
    assert CANARY not in "".join(capfd.readouterr())
    assert CANARY not in where
    row = PersonRequest.objects.get()
    assert CANARY.encode() not in bytes(row.sealed_content)
    # It waits on the home page of whoever holds it, and of nobody else.
    assert where in worker.get("/i/demo/").content.decode()
    assert where in sign_in("referent").get("/i/demo/").content.decode()
    for login in ("dg", "dpo", "admin"):
        assert where not in sign_in(login).get("/i/demo/").content.decode()


def test_whoever_holds_no_key_finds_nothing(
    demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn
) -> None:
    request = stated(demonstration, refused(demonstration, **about("Camille Exemple")))
    assert neighbour.institution.slug == "voisin"
    tails = (
        "", "verification/", "prolongation/", "mandat/", "reprise/", "recherche/", "lectures/", "releve/", "releve.pdf",
        "releve.tlog-proof", "remise/", "pli.age", f"recherche/{request.id}/",
    )  # fmt: skip
    first = Leaf.objects.filter(institution=demonstration.institution).count()
    # The auditor of this institution holds the key of the readings alone.
    for login, slug in (("dg", "demo"), ("admin", "demo"), ("dpo", "demo"), ("referent", "voisin"), ("dg", "voisin")):
        client = sign_in(login, slug=slug)
        before = Leaf.objects.filter(institution=demonstration.institution).count()
        for tail in tails:
            if (login, tail) == ("dpo", "lectures/"):
                continue
            address = f"/i/{slug}/acces/{request.id}/{tail}"
            assert {client.get(address).status_code, client.post(address, NOTED).status_code} <= {404, 405}, address
        assert Leaf.objects.filter(institution=demonstration.institution).count() == before
    assert Leaf.objects.filter(institution=demonstration.institution).count() >= first
    assert Client().get(f"/i/demo/acces/{request.id}/").status_code == 302


@pytest.mark.parametrize(("login", "status"), [("dg", 403), ("admin", 403), ("dpo", 403), ("referent", 200)])
def test_who_may_note(demonstration: Demonstration, sign_in: SignIn, login: str, status: int) -> None:
    assert demonstration.institution.slug == "demo"
    assert sign_in(login).get(NEW).status_code == status


def same_letters(
    first: Demonstration, second: Demonstration, new: NewRequest, plain: NewInquiry
) -> tuple[bytes, bytes]:
    """Return the unsigned refusals of a request without mandate, and of the same words asked by anybody."""
    made = record_request(first.people["travailleur"], new)
    assert isinstance(made, Inquiry)
    letters = []
    for place, inquiry in ((first, made), (second, record_inquiry(second.people["travailleur"], plain))):
        qualify(place, inquiry, {"form": inquiry.form, "category": list(inquiry.categories)})
        state_recusal(place.people["dg"], inquiry, recused=False)
        letters.append(draft_refusal(place.people["dg"], read_inquiry(place.people["dg"], inquiry)))
    return letters[0], letters[1]


@pytest.mark.parametrize("acting", ["lawyer_of_person", "guardian_or_administrator", "relative"])
@pytest.mark.parametrize("known", [True, False])
def test_without_a_mandate_the_letter_is_the_very_same(
    demonstration: Demonstration, neighbour: Demonstration, acting: str, known: bool
) -> None:
    """Same bytes as for the same words of any requester; whether the person is known changes nothing."""
    if known:
        for place in (demonstration, neighbour):
            refused(place, **about("Camille Exemple"))
            asks(place)
    content = PERSON.__class__(
        given="Camille", family="Exemple", reach="Rue Basse 3\n0000 Valbrume", identity="card", wanted="everything",
        acting=acting, agent="Me Alix Conseil", mandate="dit l’avoir", details="Tout son dossier",
    )  # fmt: skip
    new = NewRequest(kind="access", content=content, received_on=today(demonstration.institution))
    words = InquiryContent("Me Alix Conseil", "Rue Basse 3\n0000 Valbrume", "Camille Exemple", "Tout son dossier")
    plain = NewInquiry("police", "oral", ("existence", "documents"), words)
    one, other = same_letters(demonstration, neighbour, new, plain)
    assert one == other
    assert len(one) > 10_000
    assert PersonRequest.objects.count() == (2 if known else 0)


def test_the_page_offers_the_day_of_today_as_browsers_read_it(demonstration: Demonstration, sign_in: SignIn) -> None:
    page = sign_in("referent").get(NEW).content.decode()
    assert f'value="{today(demonstration.institution).isoformat()}"' in page
    # A referent names who else checks; a worker is checked by the referents.
    assert "Qui vérifiera avec vous" in page
    assert "Qui vérifiera avec vous" not in sign_in("travailleur").get(NEW).content.decode()


def test_without_mandate_or_identity_the_page_leads_where_every_request_leads(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    day = today(demonstration.institution).isoformat()
    worker = sign_in("travailleur")
    for answers in ({**LAWYER, "received_on": day}, {**NOTED, "received_on": day, "identity": ""}):
        where = noted(worker, answers)
        assert "/demandes/" in where
        page = said(worker.get(where).content)
        assert "L’institution a pris le relais" in page
        assert "Attestation de relais" in page
    assert not PersonRequest.objects.exists()
    assert sorted(Inquiry.objects.values_list("requester", flat=True)) == ["lawyer_of_person", "person_concerned"]
    seen = noted(worker, {**LAWYER, "received_on": day, "mandate_seen": "on"})
    assert "/acces/" in seen
    assert "Me Alix Conseil" in said(worker.get(seen).content)


def test_the_picture_of_a_mandate_is_sealed_and_read_back(demonstration: Demonstration, sign_in: SignIn) -> None:
    day = today(demonstration.institution).isoformat()
    worker = sign_in("travailleur")
    picture = SimpleUploadedFile("mandat.png", b"\x89PNG " + CANARY.encode())
    where = noted(worker, {**LAWYER, "received_on": day, "mandate_seen": "on"}, photo=picture)
    row = PersonRequest.objects.get()
    assert CANARY.encode() not in b"".join(store.read(row.mandate_blob))
    first = Leaf.objects.count()
    answer = worker.get(f"{where}mandat/")
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG " + CANARY.encode(), "application/octet-stream")
    assert Leaf.objects.count() == first + 1
    # Nobody names a file of a request that was not confirmed: it went with the request that brought it.
    names = set(store.names())
    noted(worker, {**LAWYER, "received_on": day}, photo=SimpleUploadedFile("m.png", b"x"))
    assert set(store.names()) == names
    call_command("sweep", verbosity=0)
    assert row.mandate_blob in set(store.names())


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"family": ""}, "obligatoire"),
        ({"received_on": "2999-01-01"}, "Cette date est à venir"),
        ({"acting": "relative", "agent": ""}, "Écrivez le nom"),
        ({"kind": "everything"}, "choix"),
        ({"family": "x" * 201}, "200"),
    ],
)
def test_a_wrong_answer_is_told_and_loses_nothing(
    demonstration: Demonstration, sign_in: SignIn, sent: dict[str, str], told: str
) -> None:
    day = today(demonstration.institution).isoformat()
    answer = sign_in("travailleur").post(NEW, {**NOTED, "received_on": day, "details": CANARY, **sent})
    assert answer.status_code == 422
    page = said(answer.content)
    assert told in page
    assert CANARY in page
    assert not PersonRequest.objects.exists()
    assert not Inquiry.objects.exists()


def test_long_words_and_odd_ones_come_through(demonstration: Demonstration, sign_in: SignIn) -> None:
    day = today(demonstration.institution).isoformat()
    worker = sign_in("travailleur")
    odd = {"family": "W" * 60, "given": "<b>&\u202eאבג", "reach": "\n".join(["x" * 60] * 5), "received_on": day}
    where = noted(worker, {**NOTED, **odd})
    assert "&lt;b&gt;" in worker.get(where).content.decode()


def test_the_whole_way_through_the_pages(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = refused(demonstration, **about(f"Camille {CANARY}"))
    day = today(demonstration.institution).isoformat()
    worker, referent, dpo = (sign_in(login) for login in ("travailleur", "referent", "dpo"))
    where = noted(worker, {**NOTED, "received_on": day})
    seek = f"{where}recherche/"
    assert "Lancez la recherche." in said(referent.get(seek).content)
    assert referent.post(seek).status_code == 302
    page = said(referent.get(seek).content)
    assert f"Demande {inquiry.reference}" in page
    assert "Nom et prénom y sont." in page
    assert referent.post(f"{where}releve/").status_code == 409
    assert referent.post(f"{seek}{inquiry.id}/", {"same": "perhaps"}).status_code == 302
    assert "Confirmée" not in said(referent.get(seek).content)
    assert referent.post(f"{seek}{inquiry.id}/", {"same": "yes"}).status_code == 302
    assert "Confirmée" in said(referent.get(seek).content)
    # What was found stays with the referents.
    for client in (worker, dpo):
        assert client.get(seek).status_code in (403, 404)
    assert CANARY not in said(dpo.get(LIST).content)
    assert dpo.get(f"{where}lectures/").status_code == 404
    assert referent.post(f"{where}lectures/", {"do": "ask"}).status_code == 302
    assert f"{where}lectures/" in dpo.get("/i/demo/").content.decode()
    page = said(dpo.get(f"{where}lectures/").content)
    assert CANARY not in page
    assert inquiry.reference not in page
    assert "Lectures extraites" in said(dpo.post(f"{where}lectures/", {"do": "extract"}).content)
    assert "extraites du registre" in said(referent.get(seek).content)
    assert referent.post(f"{where}releve/")["Location"] == where
    page = said(worker.get(where).content)
    assert "Remettre le relevé" in page
    assert worker.get(f"{where}releve.pdf").content.startswith(b"%PDF")
    assert worker.get(f"{where}releve.tlog-proof").status_code == 200
    assert worker.get(f"{where}pli.age").status_code == 404
    wrong = worker.post(f"{where}remise/", {"way": "packet", "recipient": "ma clé"})
    assert wrong.status_code == 422
    assert "Ce n’est pas une clé" in said(wrong.content)
    assert worker.post(f"{where}remise/", {"way": "packet", "recipient": ""}).status_code == 302
    page = said(worker.get(where).content)
    assert "Phrase qui ouvre le pli" in page
    assert "Phrase qui ouvre le pli" not in said(referent.get(where).content)
    assert worker.get(f"{where}pli.age").content.startswith(b"age-encryption.org/v1")
    assert where not in worker.get("/i/demo/").content.decode()


@pytest.mark.parametrize("kind", ["rectification", "erasure"])
def test_a_correction_goes_to_the_auditor_and_no_further(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object], kind: str
) -> None:
    day = today(demonstration.institution).isoformat()
    worker, dpo, referent = (sign_in(login) for login in ("travailleur", "dpo", "referent"))
    where = noted(worker, {**NOTED, "kind": kind, "received_on": day, "details": "Mon adresse a changé"})
    assert [str(each.recipients[0]) for each in mailbox] == ["dpo@demo.invalid"]  # type: ignore[attr-defined]
    assert referent.get(where).status_code == 404
    assert where in dpo.get("/i/demo/").content.decode()
    assert "Mon adresse a changé" in said(dpo.get(where).content)
    assert worker.post(f"{where}reprise/").status_code == 403
    assert dpo.post(f"{where}recherche/").status_code == 403
    assert dpo.post(f"{where}reprise/").status_code == 302
    assert "l’a reprise" in said(worker.get(where).content)
    assert where not in dpo.get("/i/demo/").content.decode()


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_clock_counts_days_of_the_institution_across_a_change_of_hour(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Received at 23 h 30 UTC on 25 September 2027: it is the 26th here, and clocks go back before the last day."""
    at(monkeypatch, datetime(2027, 9, 25, 23, 30, tzinfo=UTC))
    request = asks(demonstration)
    assert (request.received_on, request.due_on) == (date(2027, 9, 26), date(2027, 10, 26))
    # Summer time ended on 31 October: 22 h 30 UTC is still the same day in winter, the next one in summer.
    at(monkeypatch, datetime(2027, 10, 26, 21, 59, tzinfo=UTC))
    assert today(demonstration.institution) == date(2027, 10, 26)
    at(monkeypatch, datetime(2027, 10, 26, 22, 0, tzinfo=UTC))
    assert today(demonstration.institution) == date(2027, 10, 27)
    at(monkeypatch, datetime(2027, 11, 26, 22, 59, tzinfo=UTC))
    assert today(demonstration.institution) == date(2027, 11, 26)


def test_31_january_and_one_month(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, datetime(2027, 1, 31, 12, tzinfo=UTC))
    request = asks(demonstration)
    assert request.due_on == date(2027, 2, 28)
    at(monkeypatch, datetime(2027, 2, 28, 22, 59, tzinfo=UTC))
    extend_request(demonstration.people["referent"], request, "Vingt demandes à relire")
    request.refresh_from_db()
    assert (request.due_on, request.extended) == (date(2027, 4, 30), True)
    # Once.
    with pytest.raises(NotAllowed):
        extend_request(demonstration.people["referent"], request, "Encore")


def test_it_is_extended_with_a_reason_within_the_first_month_only(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asks(demonstration)
    where = f"{LIST}{request.id}/"
    referent = sign_in("referent")
    assert referent.post(f"{where}prolongation/", {"reason": ""}).status_code == 422
    assert sign_in("travailleur").post(f"{where}prolongation/", {"reason": "Trop"}).status_code == 403
    now = timezone.now()
    at(monkeypatch, now.replace(year=now.year + 1))
    with pytest.raises(NotAllowed):
        extend_request(demonstration.people["referent"], request, "Trop tard")
    monkeypatch.undo()
    assert referent.post(f"{where}prolongation/", {"reason": "Nombre de demandes"}).status_code == 302
    assert "Nombre de demandes" in said(referent.get(where).content)


def test_a_near_last_day_is_told_once_and_shown_until_done(
    demonstration: Demonstration, sign_in: SignIn, mailbox: list[object]
) -> None:
    request = asks(demonstration)
    mailbox.clear()
    call_command("remind", verbosity=0)
    assert mailbox == []
    # The cookie of a page lives for an hour: rows are moved instead of the clock.
    PersonRequest.objects.filter(pk=request.pk).update(
        received_on=date(2020, 1, 1), due_on=today(demonstration.institution)
    )
    for _each in range(2):
        call_command("remind", verbosity=0)
    assert [str(each.recipients[0]) for each in mailbox] == ["referent@demo.invalid"]  # type: ignore[attr-defined]
    assert b"acces" in mailbox[0].content  # type: ignore[attr-defined]
    assert "dernier jour aujourd’hui" in said(sign_in("referent").get("/i/demo/").content)


def test_the_database_refuses_what_makes_no_sense(demonstration: Demonstration, neighbour: Demonstration) -> None:
    request = stated(demonstration)
    stranger = neighbour.people["dg"].member
    changes: list[tuple[Any, dict[str, Any]]] = [
        (PersonRequest.objects.filter(pk=request.pk), {"kind": "curiosity"}),
        (PersonRequest.objects.filter(pk=request.pk), {"state": "frozen"}),
        (PersonRequest.objects.filter(pk=request.pk), {"due_on": request.received_on}),
        (PersonRequest.objects.filter(pk=request.pk), {"recorded_by": stranger}),
        (PersonRequest.objects.filter(pk=request.pk), {"institution": neighbour.institution}),
        (PersonKey.objects.filter(request=request), {"part": "all"}),
        (PersonKey.objects.filter(request=request), {"member": stranger}),
        (PersonStatement.objects.filter(request=request), {"handed_at": timezone.now()}),
        (PersonStatement.objects.filter(request=request), {"made_by": stranger}),
    ]
    for found, columns in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**columns)


def test_a_deferral_shows_to_referents_alone(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = refused(demonstration, **about("Camille Exemple"))
    pages = {
        login: [f"/i/demo/demandes/{inquiry.id}/", LIST, "/i/demo/"]
        if login in ("travailleur", "dpo")
        else ["/i/demo/"]
        for login in ("travailleur", "dg", "dpo")
    }
    clients = {login: sign_in(login) for login in pages}

    def shown() -> list[str]:
        texts = [clients[login].get(page).content.decode() for login, found in pages.items() for page in found]
        return [re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text) for text in texts]

    before = shown()
    defer_telling(demonstration.people["referent"], inquiry, put_off(today(demonstration.institution), days=1))
    Telling.objects.update(review_on=today(demonstration.institution))
    assert shown() == before
    for client in clients.values():
        assert client.get(f"/i/demo/acces/information/{inquiry.id}/").status_code == 404
    assert "date de révision" in said(sign_in("referent").get("/i/demo/").content)


def test_what_is_found_and_told_never_reaches_the_worker_who_noted_it(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    inquiry = refused(demonstration, **about("Camille Exemple"))
    request = sought(demonstration, inquiry).request
    page = sign_in("travailleur").get(f"{LIST}{request.id}/").content.decode()
    assert inquiry.reference not in page
    assert str(inquiry.id) not in page
