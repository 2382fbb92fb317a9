import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from register_samples import (
    LETTER,
    ORIGIN,
    OTHER,
    SIGNER,
    START_MS,
    WITNESS,
    make_entry,
    make_proof,
    publish,
    write_files,
)

from ciment.cli import main, proof, register
from ciment.cli.proof import describe_evidence
from ciment.register import (
    Document,
    Evidence,
    LogRefused,
    ProofRefused,
    build_proof,
    leaf_hash,
    root_of,
    sign_checkpoint,
)
from ciment.register.checkpoint import Checkpoint
from ciment.register.entry import DOCUMENT_TYPES
from ciment.register.note import MAX_NOTE
from ciment.register.tiles import export_tiles

KEY = ["--key", SIGNER.vkey]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:
        code = int(str(stop.code))
    told = capsys.readouterr()
    return code, told.out, told.err


@contextmanager
def serve(files: dict[str, bytes], failing: int = 404) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = files.get(self.path.removeprefix("/log/"))
            self.send_response(failing if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/log"
        finally:
            server.shutdown()
            thread.join()


def test_a_register_in_a_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(publish(300), tmp_path)
    key = tmp_path / "key"
    key.write_text(SIGNER.vkey + "\n", encoding="utf-8")
    code, out, err = run(capsys, "register", "verify", tmp_path, "--key", f"@{key}", "--witness", WITNESS.vkey)
    assert (code, err) == (0, "")
    assert out == (
        "Registre de cpas.example/registre : nombre d'entrées vérifiées, de la première au point de contrôle : 300. "
        "Ce qui est publié est exactement ce que cette clé a signé.\nContresignataires vérifiés : 1.\n"
    )
    code, out, _ = run(capsys, "register", "verify", tmp_path, *KEY, "--lang", "en")
    assert code == 0
    assert out.splitlines()[1].startswith("No witness was asked for")


def test_a_register_on_the_web(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    files = publish(300)
    with serve(files) as address:
        assert run(capsys, "register", "verify", address + "/", *KEY)[0] == 0
        del files["tile/0/000"]
        code, out, err = run(capsys, "register", "verify", address, *KEY)
        assert (code, out) == (1, "")
        assert (
            err
            == "Registre non valable. Première entrée en cause : no 0 : une partie du registre manque (tile/0/000).\n"
        )
        files["checkpoint"] = bytes(MAX_NOTE + 1)
        assert run(capsys, "register", "verify", address, *KEY)[0] == 2
    code, _, err = run(capsys, "register", "verify", address, *KEY)
    assert code == 2
    assert "cannot reach" in err
    with serve({}, failing=500) as address:
        code, _, err = run(capsys, "register", "verify", address, *KEY)
    assert code == 2
    assert "answers 500" in err


def test_an_empty_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(publish(0), tmp_path)
    code, out, _ = run(capsys, "register", "verify", tmp_path, *KEY)
    assert code == 0
    assert "aucune entrée encore" in out


def test_the_first_bad_entry_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = publish(300)
    first = make_entry(0).encode()
    files["tile/entries/000"] = files["tile/entries/000"].replace(first, first.replace(b'"police"', b'"notary"'))
    write_files(files, tmp_path)
    code, out, err = run(capsys, "register", "verify", tmp_path, *KEY, "--lang", "en")
    assert (code, out) == (1, "")
    assert err.startswith("Register not valid. First bad entry: no. 0: the published entry is not the one")
    code, _, err = run(capsys, "register", "verify", tmp_path, "--key", OTHER.vkey)
    assert (code, err) == (
        1,
        "Registre non valable : le point de contrôle n'est pas signé par cette clé pour ce registre.\n",
    )
    assert run(capsys, "register", "verify", tmp_path, *KEY, "--origin", "other.example")[0] == 1


def test_a_clock_set_back_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = [make_entry(number).encode() for number in (3, 2)]
    checkpoint = sign_checkpoint(Checkpoint(ORIGIN, 2, root_of(map(leaf_hash, entries))), SIGNER)
    write_files(dict(export_tiles(entries, checkpoint)), tmp_path)
    code, out, _ = run(capsys, "register", "verify", tmp_path, *KEY)
    assert code == 0
    assert "l'heure recule à l'entrée no 1" in out


def test_input_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(publish(1), tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff")
    refused: list[list[object]] = [
        ["register", "verify", tmp_path / "nowhere", *KEY],
        ["register", "verify", tmp_path, "--key", "nonsense"],
        ["register", "verify", tmp_path, "--key", WITNESS.vkey],
        ["register", "verify", tmp_path, *KEY, "--witness", SIGNER.vkey],
        ["register", "verify", tmp_path, "--key", f"@{tmp_path / 'absent'}"],
        ["register", "verify", tmp_path, "--key", f"@{tmp_path / 'binary'}"],
        ["register", "verify", tmp_path],
        ["register"],
        ["proof", "verify", tmp_path / "absent", *KEY],
        ["proof", "verify", tmp_path / "checkpoint", *KEY],
        ["proof", "verify", tmp_path / "checkpoint", *KEY, "--lang", "xx"],
    ]
    for arguments in refused:
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (2, "")
        assert err.startswith("ciment: ")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    (tmp_path / "letter.pdf").write_bytes(LETTER)
    (tmp_path / "letter.tlog-proof").write_bytes(build_proof(make_proof()))
    return tmp_path


SENTENCES = {
    "fr": "Ce document (attestation de relais) figure au registre de cpas.example/registre : entrée no 12, inscrite "
    "le 24 novembre 2026 à 14 h 03 (UTC). Il n'a pas été modifié depuis.\n",
    "nl": "Dit document (attest van overname) staat in het register van cpas.example/registre: inschrijving nr. 12, "
    "van 24 november 2026 om 14.03 uur (UTC). Het is sindsdien niet gewijzigd.\n",
    "de": "Dieses Dokument (Übernahmebescheinigung) steht im Register von cpas.example/registre: Eintrag Nr. 12 "
    "vom 24. November 2026 um 14.03 Uhr (UTC). Es wurde seither nicht verändert.\n",
    "en": "This document (certificate of relay) is in the register of cpas.example/registre: entry no. 12, made on "
    "24 November 2026 at 14:03 (UTC). It has not been changed since.\n",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_proof_in_one_sentence(evidence: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    file, letter = evidence / "letter.tlog-proof", evidence / "letter.pdf"
    told = run(capsys, "proof", "verify", file, *KEY, "--document", letter, "--lang", lang)
    assert told == (0, SENTENCES[lang], "")
    code, out, _ = run(capsys, "proof", "verify", file, *KEY, "--lang", lang, "--witness", WITNESS.vkey)
    assert code == 0
    assert make_proof().subject.sha256.hex() in out
    letter.write_bytes(b"changed")
    code, out, err = run(capsys, "proof", "verify", file, *KEY, "--document", letter, "--lang", lang)
    assert (code, out) == (1, "")
    assert err.endswith(").\n")


def test_the_first_of_a_month_in_french() -> None:
    subject = Document("letter", bytes(32))
    told = Evidence("refused", START_MS + 7 * 86_400_000, {}, subject, 3, Checkpoint(ORIGIN, 4, bytes(32)))
    assert "le 1er décembre 2026 à 14 h 03 (UTC)" in describe_evidence(told, "fr", shown=True)


def test_every_reason_is_told_in_every_language() -> None:
    assert all(set(texts) == set(LogRefused.REASONS) for texts in register._REASONS.values())
    assert all(set(texts) == set(ProofRefused.REASONS) for texts in proof._REASONS.values())
    assert set(proof._REASONS) == set(proof._REFUSED) == set(proof._VERIFIED) == set(proof._DIGEST)


def test_every_kind_of_document_has_its_word_in_every_language() -> None:
    for lang, words in proof._TYPES.items():
        assert set(words) == set(DOCUMENT_TYPES), lang
