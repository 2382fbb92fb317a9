"""The public desk: closed until it is opened, a receipt for whoever files, and nothing that anybody else can read."""

import hashlib
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from desk_stories import ASKED, DESK, LIST, PDF, STATE, asked, code_in, file, open_desk, pdf, said
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from pypdf import PdfReader

from ciment.register import Document, Entry, NoteVerifier, verify_proof
from ciment.vault import BlobError
from ciment_web.arrivals.actions import close_arrivals
from ciment_web.blobs import store
from ciment_web.desk.actions import file as filing_action
from ciment_web.desk.actions.follow import UnknownCode, fetch_receipt, follow
from ciment_web.desk.models import Filing, FilingFile
from ciment_web.desk.sealing import keys_of
from ciment_web.members.pin import open_pin
from ciment_web.project.demonstration import Demonstration
from ciment_web.register.models import Leaf

SignIn = Callable[..., Client]


def test_until_it_is_opened_it_says_how_to_write(demonstration: Demonstration) -> None:
    nobody = Client()
    page = said(nobody.get(DESK).content)
    assert "Le guichet n’est pas ouvert" in page
    assert "Rue de l’Exemple 1" in page
    assert "<textarea" not in page
    assert nobody.post(DESK, asked()).status_code == 503
    assert not Filing.objects.exists()
    open_desk(demonstration, "mail")
    assert "n’est pas ouvert" in said(nobody.get(DESK).content)
    open_desk(demonstration)
    assert "<textarea" in nobody.get(DESK).content.decode()
    assert nobody.head(DESK).status_code == 200
    close_arrivals(demonstration.people["referent"])
    assert nobody.post(DESK, asked()).status_code == 503
    assert not Filing.objects.exists()


def test_a_request_is_filed_sealed_and_proved(
    demonstration: Demonstration, mailbox: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    open_desk(demonstration)
    first = Leaf.objects.count()
    nobody = Client()
    answer = nobody.post(DESK, asked(letters=[pdf(), pdf("annexe.pdf", PDF + b"2")]))
    code = code_in(answer.content)
    assert len(code.split("-")) == 12
    assert set(nobody.cookies) <= {"csrftoken"}
    filing = Filing.objects.get()
    assert filing.files.count() == 2
    # One public entry, of the kind of every request that comes in.
    leaf = Leaf.objects.get(index=first)
    entry = Entry.parse(bytes(leaf.entry))
    assert (entry.kind, dict(entry.attributes)) == ("received", {"form": ("written",), "requester": ("police",)})
    # The receipt names the very bytes; its proof verifies under the key that members pinned.
    receipt = nobody.post(STATE, {"code": code, "part": "receipt"}).content
    proof = nobody.post(STATE, {"code": code, "part": "proof"}).content
    dg = demonstration.people["dg"]
    shown = verify_proof(proof, NoteVerifier.parse(open_pin(dg.member, dg.keys).log))
    assert shown.subject == Document("certificate", hashlib.sha256(receipt).digest())
    text = PdfReader(io.BytesIO(receipt)).pages[0].extract_text().replace("\n", "").replace("\u200b", "")
    words = nobody.post(STATE, {"code": code, "part": "filed"}).content
    assert json.loads(words)["about"] == ASKED["about"]
    for digest in (hashlib.sha256(words), hashlib.sha256(PDF), hashlib.sha256(PDF + b"2")):
        assert digest.hexdigest() in text.replace(" ", "")
    for word in (ASKED["about"], ASKED["name"], code):
        assert word not in text
    # A notice without content; nothing in a log.
    assert [str(each.recipients[0]) for each in mailbox] == ["referent@demo.invalid"]
    for secret in (ASKED["about"], ASKED["name"], ASKED["text"], code, code.split("-")[0]):
        assert secret.encode() not in mailbox[0].content
        assert secret not in "".join(capfd.readouterr())


def test_neither_words_nor_code_lie_in_a_column(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    code = file(letters=[pdf("canari-nom.pdf")], about="CanariGuichetZyx")
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in (Filing, FilingFile, Leaf)
        for row in model.objects.values_list()
        for value in row
    )
    for secret in ("CanariGuichetZyx", "canari-nom", code, *code.split("-")):
        # A short word of the code may happen to be in a digest of digits; none is plain text beside another.
        assert f"{secret}-".encode() not in stored
    assert b"CanariGuichetZyx" not in stored
    assert keys_of(code)[0] == Filing.objects.get().code_digest


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"requester": ""}, "Choisissez une réponse"),
        ({"requester": "nobody"}, "choix valide"),
        ({"basis": ""}, "Répondez à cette question"),
        ({"categories": []}, "Cochez au moins une réponse"),
        ({"text": "x" * 20001}, "20000"),
        ({"letters": [SimpleUploadedFile("lettre.pdf", b"MZ not a letter")]}, "n’est pas un PDF"),
        ({"letters": [pdf(f"{n}.pdf") for n in range(6)]}, "Au plus 5 fichiers"),
        ({"letters": [pdf("grand.pdf", PDF + bytes(10 << 20))]}, "10 Mio"),
        ({"follows": "abandon-bambou-cactus"}, "ne correspond à aucune demande"),
        ({"follows": "\x01"}, ""),
        ({"form_id": "x"}, ""),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    demonstration: Demonstration, change: dict[str, Any], sentence: str
) -> None:
    open_desk(demonstration)
    before = Leaf.objects.count()
    answer = Client().post(DESK, asked(**change))
    assert answer.status_code == 422
    page = said(answer.content)
    assert sentence in page
    assert ASKED["name"] in page
    assert ASKED["about"] in page
    assert not Filing.objects.exists()
    assert list(store.names()) == []
    assert Leaf.objects.count() == before


def test_the_same_page_sent_twice_files_once(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    page = asked(letters=[pdf()])
    assert Client().post(DESK, page).status_code == 200
    names = set(store.names())
    page["letters"] = [pdf()]
    answer = Client().post(DESK, page)
    assert answer.status_code == 422
    assert "a déjà été envoyée" in said(answer.content)
    assert Filing.objects.count() == 1
    assert set(store.names()) == names
    twin = Filing.objects.get()
    twin.pk, twin.code_digest = uuid.uuid4(), "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_filing_is_bounded_by_address_and_for_the_desk(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration)
    monkeypatch.setattr(filing_action, "PER_ADDRESS", 2)
    monkeypatch.setattr(filing_action, "PER_DESK", 3)
    for _ in range(2):
        file()
    refused = Client().post(DESK, asked(letters=[pdf()]))
    assert refused.status_code == 422
    assert "Attendez un quart d’heure" in said(refused.content)
    assert ASKED["about"] in said(refused.content)
    assert list(store.names()) == []
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    file(elsewhere)
    assert Client(REMOTE_ADDR="192.0.2.8").post(DESK, asked()).status_code == 422
    assert Filing.objects.count() == 3


def test_trying_codes_of_earlier_requests_is_bounded_too(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_desk(demonstration)
    monkeypatch.setattr(filing_action, "PER_ADDRESS", 2)
    told = [said(Client().post(DESK, asked(follows="abandon-bambou")).content) for _ in range(3)]
    assert ["Attendez un quart d’heure" in page for page in told] == [False, False, True]


def test_only_the_code_opens_and_trying_is_bounded(demonstration: Demonstration, neighbour: Demonstration) -> None:
    open_desk(demonstration)
    code = file()
    nobody = Client()
    assert "<input" in nobody.get(STATE).content.decode()
    # Accents, case and separators are as they are typed.
    assert "Votre demande est reçue" in said(nobody.post(STATE, {"code": code.upper().replace("-", "  ")}).content)
    assert nobody.get(STATE, {"code": code}).status_code == 200
    assert "Votre demande est reçue" not in said(nobody.get(STATE, {"code": code}).content)
    # Another institution knows nothing of it.
    assert neighbour.institution.slug == "voisin"
    assert nobody.post("/i/voisin/guichet/suivi/", {"code": code}).status_code == 422
    for wrong in ("abandon-bambou", "-".join(code.split("-")[:11]), "\x00", "x" * 301):
        answer = nobody.post(STATE, {"code": wrong})
        assert answer.status_code == 422
    for part in ("0", "7", "x", "../x", "9" * 9):
        assert nobody.post(STATE, {"code": code, "part": part}).status_code == 422
    for _ in range(12):
        answer = nobody.post(STATE, {"code": "abandon-bambou-cactus"})
    assert answer.status_code == 429
    assert nobody.post(STATE, {"code": code}).status_code == 429


@pytest.mark.parametrize("column", ["requester", "filed_at", "follows", "sealed_content", "sealed_for_code"])
def test_a_changed_row_does_not_open(demonstration: Demonstration, column: str) -> None:
    open_desk(demonstration)
    codes = [file(), file()]
    mine = Filing.objects.get(code_digest=keys_of(codes[0])[0])
    other = Filing.objects.exclude(pk=mine.pk).get()
    changed = {
        "requester": "court",
        "filed_at": mine.filed_at.replace(year=2020),
        "follows": other,
        "sealed_content": other.sealed_content,
        "sealed_for_code": other.sealed_for_code,
    }
    Filing.objects.filter(pk=mine.pk).update(**{column: changed[column]})
    with pytest.raises(BlobError):
        follow(demonstration.institution, codes[0], "192.0.2.1")


def test_the_parts_of_a_filing_are_bound_to_it(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    codes = [file(), file()]
    mine = Filing.objects.get(code_digest=keys_of(codes[0])[0])
    other = Filing.objects.exclude(pk=mine.pk).get()
    Filing.objects.filter(pk=mine.pk).update(sealed_receipt=other.sealed_receipt)
    with pytest.raises(BlobError):
        fetch_receipt(follow(demonstration.institution, codes[0], "192.0.2.1"))
    with pytest.raises(UnknownCode):
        follow(demonstration.institution, "", "192.0.2.1")


def test_long_words_and_foreign_letters_are_printed(demonstration: Demonstration) -> None:
    open_desk(demonstration)
    long = "Kinderbijslagfonds" * 5
    code = file(name=long, service="Ωμέγα 役所", text=long, files=[pdf(f"{long}.pdf")])
    assert Client().post(STATE, {"code": code, "part": "receipt"}).content.startswith(b"%PDF-")


def test_the_list_names_nobody(demonstration: Demonstration, neighbour: Demonstration, sign_in: SignIn) -> None:
    open_desk(demonstration)
    file()
    assert neighbour.institution.slug == "voisin"
    for login, status in (("referent", 200), ("dg", 200), ("travailleur", 403), ("dpo", 403), ("admin", 403)):
        answer = sign_in(login).get(LIST)
        assert answer.status_code == status, login
        for secret in (ASKED["about"], ASKED["name"], ASKED["service"]):
            assert secret not in said(answer.content)
        assert ("Prendre en charge" in said(answer.content)) == (login == "referent")
    foreign = said(sign_in("referent", slug="voisin").get("/i/voisin/guichet/demandes/").content)
    assert "Rien n’attend au guichet" in foreign
    assert Client().get(LIST).status_code == 302
