import secrets
from collections.abc import Iterator
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django import Settings
from transparency_house import House

from ciment.register import Document
from ciment_web.members.pin import pinned_log
from ciment_web.members.tracing import record
from ciment_web.register.publisher import publish
from ciment_web.register.queries import Entered, prove
from ciment_web.register.signer import signer_of

PAGE = "/i/valbrume/verifier/"
LETTER = b"%PDF-1.7 a letter"


def prove_letter(house: House, content: bytes = LETTER) -> bytes:
    subject = Document("letter", sha256(content).digest())
    with transaction.atomic():
        recorded = record(house.worker, "test", {"secret": "who"}, documents=[subject])
    publish(house.institution)
    entered = Entered(subject, recorded.opening, recorded.index)
    proof = prove(house.institution, entered, pinned_log(house.worker))
    assert proof is not None
    return proof


def send(client: Client, proof: bytes, document: bytes) -> tuple[int, str]:
    files = {"preuve": SimpleUploadedFile("p.tlog-proof", proof), "document": SimpleUploadedFile("d.pdf", document)}
    answer = client.post(PAGE, files)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def _nothing_kept(settings: Settings) -> Iterator[None]:
    yield
    assert [path for path in settings.CIMENT_BLOBS.rglob("*") if path.is_file()] == []


pytestmark = pytest.mark.usefixtures("house", "_nothing_kept")


def test_anyone_learns_how_to_verify(client: Client, house: House) -> None:
    page = client.get(PAGE).content.decode()
    vkey = signer_of(house.institution).vkey
    digest = sha256(vkey.encode()).hexdigest()
    assert f"<strong>{digest[:16]}</strong>{digest[16:]}" in page
    assert f"ciment proof verify PREUVE.tlog-proof --key &#x27;{vkey}&#x27; --document DOCUMENT.pdf" in page.replace(
        "'", "&#x27;"
    )
    assert client.get("/i/nulle-part/verifier/").status_code == 404


def test_a_proved_document(client: Client, house: House) -> None:
    status, page = send(client, prove_letter(house), LETTER)
    assert status == 200
    assert "Ce document (lettre) figure au registre de localhost/i/valbrume : entrée no 2" in page.replace(
        "\u00a0", " "
    )
    assert "Vérifier vous-même est plus sûr" in page
    assert "who" not in page.split("<main")[1].replace("who-sees", "")


def test_another_document(client: Client, house: House) -> None:
    status, page = send(client, prove_letter(house), LETTER + b"!")
    assert status == 422
    assert "Ce document n’est pas celui que la preuve nomme" in page
    assert "Preuve vérifiée" not in page


def test_a_proof_of_another_institution(client: Client, neighbour: House) -> None:
    status, page = send(client, prove_letter(neighbour), LETTER)
    assert status == 422
    assert "n’est pas signé par le registre de cette institution" in page


def test_a_proof_put_together_from_two(client: Client, house: House) -> None:
    first = prove_letter(house).partition(b"\n\n")
    second = prove_letter(house, secrets.token_bytes(20)).partition(b"\n\n")
    status, page = send(client, first[0] + b"\n\n" + second[2], LETTER)
    assert status == 422
    assert "n’est pas dans le registre signé" in page


@pytest.mark.parametrize("proof", [b"x", b"\x00" * 99, b"c2sp.org/tlog-proof@v1\n", LETTER, b"a" * (1 << 20 | 1)])
def test_what_is_no_proof(client: Client, proof: bytes) -> None:
    status, page = send(client, proof, LETTER)
    assert status == 422
    assert "Ce n’est pas un fichier de preuve" in page


def test_every_byte_of_a_proof_counts(client: Client, house: House) -> None:
    proof = prove_letter(house)
    for at in range(0, len(proof), 97):
        altered = bytearray(proof)
        altered[at] ^= 1
        status, page = send(client, bytes(altered), LETTER)
        assert status == 422
        assert "Preuve vérifiée" not in page


@pytest.mark.parametrize(("proof", "document"), [(b"", LETTER), (b"x", b"")])
def test_an_empty_file(client: Client, proof: bytes, document: bytes) -> None:
    status, page = send(client, proof, document)
    assert status == 422
    assert "Ce fichier est vide" in page


def test_no_file(client: Client) -> None:
    answer = client.post(PAGE)
    assert answer.status_code == 422
    assert answer.content.decode().count("Choisissez ce fichier sur votre appareil.") >= 2


def test_a_document_too_large_for_the_server(client: Client, house: House) -> None:
    status, page = send(client, prove_letter(house), b"a" * (10 * 1024 * 1024 + 1))
    assert status == 422
    assert "Un fichier dépasse 10\u00a0Mo" in page
    assert "Choisissez ce fichier" not in page


def test_the_form_needs_its_token() -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE).status_code == 403
