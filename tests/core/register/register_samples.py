"""A small register to test with: synthetic entries, fixed keys, its published form as a dictionary."""

import json
import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ciment.canon import JsonObject
from ciment.register import (
    COSIGNATURE,
    AppendLog,
    Document,
    Entry,
    MemoryStore,
    NoteSigner,
    NoteVerifier,
    PathMissing,
    Proof,
    cosign_checkpoint,
    document_opening,
    sign_checkpoint,
)
from ciment.register.verify import Reader

ORIGIN = "cpas.example/registre"
START_MS = 1_795_528_980_000  # 24 November 2026, 14:03 UTC
SIGNER = NoteSigner.from_seed(ORIGIN, bytes(range(32)))
WITNESS = NoteSigner.from_seed("temoin.example/w1", bytes(range(32, 64)), COSIGNATURE)
OTHER = NoteSigner.from_seed(ORIGIN, bytes(32))
VERIFIER = NoteVerifier.parse(SIGNER.vkey)
WITNESS_VERIFIER = NoteVerifier.parse(WITNESS.vkey, COSIGNATURE)
LETTER = "Madame, Monsieur, …".encode()
DETAILS: JsonObject = {"act": "certificate", "member": "0b9fba3f-9b8e-4a41-9d1c-6d5d0a0d7a11"}
RECEIVED = {"form": ("oral",), "requester": ("police",)}


def salt_of(number: int) -> bytes:
    return sha256(b"salt %d" % number).digest()


def make_entry(number: int) -> Entry:
    if number % 3:
        return Entry("act", START_MS + number, {}, sha256(b"%d" % number).digest())
    return Entry("received", START_MS + number, RECEIVED, sha256(b"%d" % number).digest())


def make_log(size: int) -> AppendLog:
    log = AppendLog(MemoryStore())
    for number in range(size):
        log.append(make_entry(number))
    return log


def sign_log(log: AppendLog) -> bytes:
    return sign_checkpoint(log.store.lock_head().checkpoint(ORIGIN), SIGNER)


@cache
def _published(size: int) -> dict[str, bytes]:
    log = make_log(size)
    return dict(log.export(cosign_checkpoint(sign_log(log), WITNESS, 1_795_529_000)))


def publish(size: int) -> dict[str, bytes]:
    """Return path → content of a register of `size` entries, witnessed; a fresh dictionary each time."""
    return dict(_published(size))


def reader(files: dict[str, bytes]) -> Reader:
    def read(path: str) -> bytes:
        if path not in files:
            raise PathMissing(path)
        return files[path]

    return read


def write_files(files: dict[str, bytes], root: Path) -> None:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def make_proof(size: int = 13, index: int = 12) -> Proof:
    """Return the proof of LETTER, entered at `index` of a witnessed register of `size` entries."""
    letter = Document("certificate", sha256(LETTER).digest())
    opening = document_opening(salt_of(index), DETAILS, [letter])
    log = AppendLog(MemoryStore())
    for number in range(size):
        log.append(make_entry(number) if number != index else Entry("act", START_MS, {}, opening.commit()))
    entry = Entry("act", START_MS, {}, opening.commit())
    checkpoint = cosign_checkpoint(sign_log(log), WITNESS, 1_795_529_000)
    return Proof(entry, opening, letter, index, log.prove_inclusion(index, size), checkpoint)


def vectors_folder() -> Path:
    folder = os.environ.get("CIMENT_VECTORS")
    if not folder:
        pytest.skip("CIMENT_VECTORS is not set: published vectors are not read")
    return Path(folder)


def read_cases(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and content of each published Merkle case of `kind` (inclusion or consistency)."""
    for path in sorted((vectors_folder() / "merkle-rfc6962" / kind).rglob("*.json")):
        yield str(path.relative_to(vectors_folder())), json.loads(path.read_text(encoding="utf-8"))
