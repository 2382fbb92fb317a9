"""Done 7 of the main job: words planted in every flow are found nowhere in clear: disk, database, logs, mail."""

import base64
import logging
import os
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from ciment.vault import AgeIdentity
from ciment_web.decisions.models import Decision
from ciment_web.inquiries.models import Inquiry
from ciment_web.project.demonstration import Demonstration
from ciment_web.seizures.models import Seizure

SignIn = Callable[..., Client]
PLACES = (
    "name", "reach", "about", "text", "attachment", "filename", "draft", "subject", "broken", "oversize", "note",
    "description", "reason", "document", "negative", "objection", "retyped", "passphrase",
    "danger", "noted", "photo", "pressed",
)  # fmt: skip
CANARIES = {place: f"Canari{place.capitalize()}Zyx" for place in PLACES}
# Planted in the open, to see the search find it: a word of its own, because a server's log of writes outlives a test.
OPEN = {"open": "CanariOuvertZyx"}


def forms_of(word: str) -> Iterator[bytes]:
    """Yield the word as it may lie somewhere: plain, two bytes a letter, base64 at each offset, hexadecimal."""
    plain = word.encode()
    yield plain
    yield plain.lower()
    yield word.encode("utf-16-le")
    yield plain.hex().encode()
    for shift in range(3):
        # The inner part of a base64 text does not depend on its neighbours.
        yield base64.b64encode(b"\0" * shift + plain)[shift * 2 : -4]


def find(data: bytes, words: Mapping[str, str] = CANARIES) -> set[str]:
    """Return the places whose word lies in `data`, or in what it holds compressed."""
    parts = [data, *_inflated(data)]
    return {place for place, word in words.items() for form in forms_of(word) if any(form in part for part in parts)}


def _inflated(data: bytes) -> Iterator[bytes]:
    for match in re.finditer(rb"x[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj().decompress(data[match.start() :], 1_000_000)
        except zlib.error:
            continue


def everything_on_disk(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            # The server's own files come and go while they are read.
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield str(path), path.read_bytes()


def everything_in_the_database() -> Iterator[tuple[str, bytes]]:
    if connection.vendor == "postgresql":
        yield from _files_of_the_server()
    if connection.vendor == "sqlite":
        # The file, its log and its freed pages.
        name = str(connection.settings_dict["NAME"])
        for path in (name, f"{name}-wal", f"{name}-journal"):
            if os.path.exists(path):  # noqa: PTH110 - a plain name from the settings
                yield path, Path(path).read_bytes()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            for row in cursor.fetchall():
                for value in row:
                    yield table, bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _files_of_the_server() -> Iterator[tuple[str, bytes]]:
    # Tables, indexes, the write-ahead log and the server's own log, where this process may read them; a server
    # elsewhere is looked at through its rows alone, below.
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    if os.access(data, os.R_OK):
        yield from everything_on_disk(data)
        yield from ((str(path), path.read_bytes()) for path in (data.parent / "log",) if path.is_file())


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Watch logs at every level, and the folder where libraries put temporary files."""
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def play(demonstration: Demonstration, sign_in: SignIn) -> None:
    """Go through the whole main job in the browser's place, planting a word wherever words are taken."""
    home = "/i/demo/"
    worker, referent, dg, adjoint = (sign_in(login) for login in ("travailleur", "referent", "dg", "adjoint"))
    message = "\r\n".join(
        [
            "From: A <a@example.org>",
            f"Subject: {CANARIES['subject']}",
            'Content-Type: multipart/mixed; boundary="x"',
            "",
            "--x",
            "Content-Type: text/plain",
            "",
            CANARIES["draft"],
            "--x",
            "Content-Type: text/plain",
            f'Content-Disposition: attachment; filename="{CANARIES["filename"]}.txt"',
            "",
            CANARIES["attachment"],
            "--x--",
            "",
        ]
    ).encode()
    feared = dict.fromkeys(("known", "since", "source", "tried", "told", "told_at"), CANARIES["danger"])
    assert worker.post(f"{home}necessite/nouvelle/", feared).status_code == 302
    assert worker.post(f"{home}perquisition/ouvrir/").status_code == 302
    door = f"{home}perquisition/{Seizure.objects.get().id}/"
    shown = SimpleUploadedFile(f"{CANARIES['photo']}.png", b"\x89PNG\r\n\x1a\n" + CANARIES["photo"].encode())
    title = {"title": "warrant", "magistrate": CANARIES["noted"], "photo": shown}
    assert worker.post(f"{door}noter/titre/", title).status_code == 302
    item = {"what": CANARIES["noted"], "done": "taken", "objection": "other", "objection_words": CANARIES["noted"]}
    assert worker.post(f"{door}noter/piece/", item).status_code == 302
    assert worker.post(f"{door}inventaire/").status_code == 302
    assert worker.get(f"{door}inventaire/1.pdf").status_code == 200
    pressed = {"outsider": CANARIES["pressed"], "what": CANARIES["pressed"], "when": CANARIES["pressed"]}
    assert worker.post(f"{home}pressions/dire/", pressed).status_code == 302
    read = worker.post(f"{home}demandes/nouvelle/lire/", {"message": SimpleUploadedFile("m.eml", message)})
    draft = re.search(r'name="draft" value="([0-9a-f-]{36})"', read.content.decode())
    assert draft, read.content.decode()[:2000]
    broken = SimpleUploadedFile(f"{CANARIES['broken']}.pdf", b"%PDF-1.7 " + CANARIES["broken"].encode())
    assert worker.post(f"{home}demandes/nouvelle/lire/", {"message": broken}).status_code == 422
    large = SimpleUploadedFile("g.txt", CANARIES["oversize"].encode() * 700_000)
    assert worker.post(f"{home}demandes/nouvelle/lire/", {"message": large}).status_code == 422
    answers = {
        "requester": "prosecutor", "form": "written", "categories": ["identity", "household"], "draft": draft[1],
        **{place: CANARIES[place] for place in ("name", "reach", "about", "text")},
    }  # fmt: skip
    assert Client().post(f"{home}demandes/nouvelle/", {**answers, "text": CANARIES["retyped"]}).status_code == 401
    recorded = worker.post(f"{home}demandes/nouvelle/", answers)
    assert recorded.status_code == 302, recorded.content.decode()
    where = recorded["Location"]
    assert worker.get(where).status_code == 200
    for client in (referent, dg, adjoint):
        assert client.post(f"{where}recusation/", {"tied": "no"}).status_code == 302
    facts = {
        "categories": ["identity", "household"], "form": "written_reasoned", "authenticated": "yes",
        "ground": "terrorism_administrative_data", "offence": "terrorism", "note": CANARIES["note"],
    }  # fmt: skip
    assert referent.post(f"{where}qualification/", facts).status_code == 302
    pdf = Path(__file__).parents[3] / "examples" / "2-composition-de-menage.pdf"
    for upload, extra in (
        (SimpleUploadedFile(f"{CANARIES['filename']}.txt", CANARIES["document"].encode()), {"reading": "on"}),
        (SimpleUploadedFile("m.pdf", pdf.read_bytes()), {"pages": "1", "reason": CANARIES["reason"]}),
    ):
        sent = {"document": upload, "category": "identity", "description": CANARIES["description"], **extra}
        assert referent.post(f"{where}preparation/copie/", sent).status_code == 302
    assert referent.post(f"{where}preparation/rien/", {"category": "household"}).status_code == 302
    recipient = AgeIdentity.generate().recipient.text
    assert referent.post(f"{where}preparation/", {"recipient": recipient}).status_code == 302
    decision = f"{home}decisions/{Decision.objects.get().id}/"
    assert adjoint.post(f"{decision}refus/", {"reason": CANARIES["objection"]}).status_code == 302
    assert dg.post(f"{decision}accord/", {"phrase": CANARIES["passphrase"]}).status_code == 422
    for login in ("dg", "president"):
        client = sign_in(login)
        client.post(f"{where}recusation/", {"tied": "no"})
        assert client.get(decision).status_code == 200
        assert client.post(f"{decision}accord/", {"phrase": demonstration.passphrase}).status_code == 302
    assert dg.post(f"{decision}execution/", {"phrase": demonstration.passphrase}).status_code == 302
    assert dg.get(f"{decision}pli.age").status_code == 200
    assert Inquiry.objects.get().state == "decided"
    assert dg.get(f"{home}demandes/{CANARIES['text']}/").status_code == 404


def test_planted_words_are_nowhere(
    demonstration: Demonstration,
    sign_in: SignIn,
    mailbox: list[object],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    written: Path,
) -> None:
    play(demonstration, sign_in)
    assert mailbox, "notices were sent: otherwise their silence would prove nothing"
    printed = capfd.readouterr()
    home = Path(os.environ["CIMENT_HOME"])
    folders = [django_settings.CIMENT_BLOBS, django_settings.CIMENT_KEYS, django_settings.CIMENT_SIGNER_STATE]
    folders += [written, django_settings.STATIC_ROOT, home]
    watched = [
        *everything_on_disk(*folders),
        *everything_in_the_database(),
        ("logs", caplog.text.encode()),
        ("printed", (printed.out + printed.err).encode()),
        ("mail", repr(mailbox).encode()),
    ]
    assert {where: found for where, data in watched if (found := find(data))} == {}
    # The true passphrase was typed too: at the door, at accords, at the execution.
    typed = demonstration.passphrase.encode()
    assert [where for where, data in watched if typed in data or typed.hex().encode() in data] == []


def test_the_search_finds_what_is_planted(tmp_path: Path, demonstration: Demonstration) -> None:
    word = OPEN["open"]
    (tmp_path / "a").write_bytes(b"..." + word.encode() + b"...")
    (tmp_path / "b").write_bytes(zlib.compress(b"before " + word.encode() + b" after"))
    (tmp_path / "c").write_bytes(base64.b64encode(b"xy" + word.encode() + b"z"))
    (tmp_path / "d").write_bytes(word.encode("utf-16-le"))
    assert {path[-1] for path, data in everything_on_disk(tmp_path) if find(data, OPEN)} >= {"a", "b", "c", "d"}
    demonstration.institution.name = f"CPAS {word}"
    demonstration.institution.save()
    assert any(find(data, OPEN) for _, data in everything_in_the_database())


def test_no_process_of_the_host_shows_them(demonstration: Demonstration, sign_in: SignIn) -> None:
    play(demonstration, sign_in)
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True)  # what a command line would tell
    assert find(listed.stdout) == set()
