"""The vectors we publish: made again by our code, and checked against the formats without it."""

import base64
import hashlib
import json
from typing import Any

import pytest
import register_vectors
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ciment.canon import InvalidEncoding
from ciment.register import Entry, NoteVerifier, Opening, verify_log, verify_proof
from ciment.register.note import COSIGNATURE


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def frame(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def load(name: str) -> Any:
    return json.loads((register_vectors.FOLDER / name).read_text(encoding="utf-8"))


def test_our_code_makes_the_published_vectors() -> None:
    for name, document in register_vectors.documents().items():
        assert load(name) == document


def test_entries_and_openings_by_the_letter_of_the_format() -> None:
    published = load("register-entries.json")
    for case in published["openings"]:
        value = json.loads(case["encoded"])
        details = json.dumps(value["details"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        framed = frame(b"ciment/register/v1/commitment", bytes.fromhex(value["salt"]), details)
        assert sha(framed).hex() == case["commitment"] == Opening.parse(case["encoded"].encode()).commit().hex()
    for case in published["entries"]:
        assert sha(b"\0" + case["encoded"].encode()).hex() == case["leaf_hash"]
        assert Entry.parse(case["encoded"].encode()).encode().decode() == case["encoded"]
    for text in published["refused"]:
        with pytest.raises(InvalidEncoding):
            Entry.parse(text.encode())


def test_a_document_opening_by_the_letter_of_the_format() -> None:
    case = load("register-entries.json")["documents"]
    salt = bytes.fromhex(case["salt"])
    opening = json.loads(case["opening"])
    details = json.dumps(case["details"], sort_keys=True, separators=(",", ":")).encode()
    assert opening["details"]["private"] == sha(frame(b"ciment/register/v1/commitment", salt, details)).hex()
    assert opening["details"]["documents"] == case["documents"]
    shown = HKDF(hashes.SHA256(), 32, salt=None, info=b"ciment/register/v1/document-salt").derive(salt)
    assert opening["salt"] == shown.hex()


def test_checkpoints_by_the_letter_of_the_format() -> None:
    case = load("register-checkpoint.json")
    text, _, block = case["cosigned"].partition("\n\n")
    body = (text + "\n").encode()
    assert text.split("\n")[2] == base64.b64encode(bytes.fromhex(case["root"])).decode()
    lines = [line.split(" ")[1:] for line in block.splitlines()]
    for (name, signature), who, kind in zip(lines, (case["log"], case["witness"]), (1, 4), strict=True):
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(who["seed"])).public_key()
        key_id = sha(name.encode() + b"\n" + bytes([kind]) + key.public_bytes_raw())[:4]
        data = base64.b64decode(signature)
        assert data[:4] == key_id
        assert who["vkey"].startswith(f"{name}+{key_id.hex()}+")
        if kind == 1:
            key.verify(data[4:], body)
        else:
            assert int.from_bytes(data[4:12], "big") == who["time_s"]
            key.verify(data[12:], b"cosignature/v1\ntime %d\n" % who["time_s"] + body)


def test_the_published_register_and_proof_verify() -> None:
    case = load("register-log.json")
    files = {path: base64.b64decode(text) for path, text in case["files"].items()}
    witness = NoteVerifier.parse(case["witness_vkey"], COSIGNATURE)
    report = verify_log(files.__getitem__, NoteVerifier.parse(case["vkey"]), witnesses=[witness])
    assert report.checkpoint.size == 3
    proof = load("register-proof.json")
    verifier = NoteVerifier.parse(proof["vkey"])
    assert verify_proof(proof["proof"].encode(), verifier, proof["document"].encode()).index == 12
