"""A letter on paper: several photos or scans, in order, kept sealed with the request, whatever a camera calls them."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from ciment_web.blobs import store
from ciment_web.blobs.sealing import open_file
from ciment_web.inquiries.actions.record import open_attachment
from ciment_web.inquiries.models import Draft, Inquiry
from ciment_web.project.demonstration import Demonstration

SignIn = Callable[..., Client]
READ, NEW = "/i/demo/demandes/nouvelle/lire/", "/i/demo/demandes/nouvelle/"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)


def picture(kind: str, grey: int) -> bytes:
    made = io.BytesIO()
    Image.new("L", (40, 60), grey).save(made, kind)
    return made.getvalue()


def pages() -> dict[str, bytes]:
    return {
        "IMG_2.jpg": picture("JPEG", 20),
        "IMG_10.png": picture("PNG", 30),
        "img_1.heic": HEIC,
        "IMG_11.tiff": picture("TIFF", 40),
        "IMG_12.txt": b"Concerne : Camille Exemple\nEst-elle connue de votre CPAS ?\n",
    }


def draft_of(client: Client, files: dict[str, bytes]) -> str:
    uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
    answer = client.post(READ, {"message": uploads})
    assert answer.status_code == 200, answer.content.decode()
    assert "Camille Exemple" in answer.content.decode()
    assert "Aucun texte" in answer.content.decode()
    return str(Draft.objects.get(first=None).id)


def test_the_pages_of_a_letter_are_kept_in_the_order_of_their_names(
    demonstration: Demonstration, sign_in: SignIn
) -> None:
    worker = sign_in("travailleur")
    draft = draft_of(worker, pages())
    assert Draft.objects.count() == 5
    answers = {"requester": "relative", "form": "written", "categories": ["existence"], "draft": draft}
    assert worker.post(NEW, answers).status_code == 302
    reader, rows = demonstration.people["travailleur"], list(Inquiry.objects.get().attachments.all())
    kept = [open_attachment(reader, row) for row in rows]
    assert [name for name, _id, _key in kept] == ["img_1.heic", "IMG_2.jpg", "IMG_10.png", "IMG_11.tiff", "IMG_12.txt"]
    for row, (name, identifier, key) in zip(rows, kept, strict=True):
        assert b"".join(open_file(key, row.blob, identifier)) == pages()[name]
    # Nothing of the draft stays.
    assert not Draft.objects.exists()
    assert len(set(store.names())) == 5
    assert all(data[:8] not in b"".join(store.read(name)) for name in store.names() for data in pages().values())


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({f"{n}.jpg": picture("JPEG", n) for n in range(11)}, "Au plus 10 fichiers"),
        ({"1.jpg": picture("JPEG", 1), "2.exe": b"MZ\x90\0rest"}, "n’est ni un courriel"),
        ({"1.jpg": picture("JPEG", 1), "2.jpg": b"\xff\xd8\xff" + bytes(10 << 20)}, "10 Mio"),
        ({"1.jpg": b""}, "vide"),
        ({}, "requis"),
    ],
    ids=["many", "unknown", "large", "empty", "none"],
)
def test_a_page_that_cannot_be_kept_is_told_and_none_is(
    demonstration: Demonstration, sign_in: SignIn, files: dict[str, bytes], told: str
) -> None:
    assert demonstration.institution.slug == "demo"
    uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
    answer = sign_in("travailleur").post(READ, {"message": uploads})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert told in text or "obligatoire" in text
    assert not Draft.objects.exists()
    assert list(store.names()) == []


def test_a_page_is_not_a_draft_by_itself_nor_anybody_elses(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    draft_of(sign_in("travailleur"), pages())
    page = Draft.objects.exclude(first=None)[0]
    first = Draft.objects.get(first=None)
    for login, draft in (("travailleur", page.id), ("referent", first.id)):
        answers = {"requester": "relative", "form": "written", "categories": ["existence"], "draft": str(draft)}
        assert sign_in(login).post(NEW, answers).status_code == 409
    # Pages put in another order behind the application's back do not open.
    Draft.objects.filter(pk=page.pk).update(position=9)
    answers = {"requester": "relative", "form": "written", "categories": ["existence"], "draft": str(first.id)}
    assert sign_in("travailleur").post(NEW, answers).status_code == 409
    assert not Inquiry.objects.exists()
