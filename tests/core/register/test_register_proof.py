from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_samples import (
    DETAILS,
    LETTER,
    ORIGIN,
    OTHER,
    START_MS,
    VERIFIER,
    WITNESS,
    WITNESS_VERIFIER,
    make_entry,
    make_proof,
    salt_of,
)

from ciment.canon import CimentError, InvalidEncoding, JsonObject, b64, encode, unb64
from ciment.register import (
    COSIGNATURE,
    Document,
    NoteRefused,
    NoteSigner,
    NoteVerifier,
    Opening,
    ProofRefused,
    build_proof,
    parse_proof,
    verify_proof,
)
from ciment.register.proof import MAX_PROOF

PROOF = make_proof()
FILE = build_proof(PROOF)


def refuse(data: bytes, document: bytes | None = LETTER) -> str:
    with pytest.raises(ProofRefused) as refused:
        verify_proof(data, VERIFIER, document)
    assert refused.value.reason in ProofRefused.REASONS
    return refused.value.reason


def test_a_proof_shows_that_the_document_was_entered() -> None:
    evidence = verify_proof(FILE, VERIFIER, LETTER, [WITNESS_VERIFIER])
    assert (evidence.kind, evidence.time_ms, evidence.attributes) == ("act", START_MS, {})
    assert evidence.subject == Document("certificate", sha256(LETTER).digest())
    assert (evidence.index, evidence.checkpoint.origin, evidence.checkpoint.size) == (12, ORIGIN, 13)
    assert verify_proof(FILE, VERIFIER) == evidence


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.data())
def test_every_place_of_every_size_is_provable(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = make_proof(size, index)
    assert parse_proof(build_proof(proof)) == proof
    assert verify_proof(build_proof(proof), VERIFIER, LETTER).index == index


def test_the_file_has_the_lines_of_the_specification() -> None:
    head, _, checkpoint = FILE.partition(b"\n\n")
    lines = head.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 12"
    assert [unb64(line, 32) for line in lines[3:]] == list(PROOF.hashes)
    assert checkpoint == PROOF.checkpoint


def test_the_file_holds_nothing_of_the_details() -> None:
    shown = unb64(FILE.split(b"\n")[1].removeprefix(b"extra ").decode())
    assert str(DETAILS["member"]).encode() not in shown
    assert salt_of(12).hex().encode() not in shown


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    broken = bytearray(FILE)
    end = FILE.index("— temoin".encode())
    broken[data.draw(st.integers(0, end - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CimentError):
        verify_proof(bytes(broken), VERIFIER, LETTER)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda data: FILE[:30] + data))
def test_other_bytes_are_no_proof(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        parse_proof(data)


EXTRA = FILE.split(b"\n")[1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        FILE.replace(b"@v1", b"@v2"),
        FILE.replace(EXTRA + b"\n", b""),
        FILE.replace(EXTRA, b"extra"),
        FILE.replace(EXTRA, b"extra " + b64(b"{}").encode()),
        FILE.replace(EXTRA, b"extra !"),
        FILE.replace(b"index 12", b"index 012"),
        FILE.replace(b"index 12", b"index -1"),
        FILE.replace(b"index 12", b"size 12"),
        FILE.replace(b"index 12\n", b"index 12\n" + (b64(bytes(32)) + "\n").encode() * 64),
        FILE.replace(b"index 12\n", b"index 12\n" + (b64(bytes(31)) + "\n").encode()),
        FILE.replace(b"\n", b"\r\n"),
        FILE + bytes(MAX_PROOF),
        FILE.partition(b"\n\n")[0],
        "é\n\n".encode(),
    ],
)
def test_each_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        verify_proof(data, VERIFIER)


def test_each_part_must_fit_the_others() -> None:
    other = make_proof(14, 3)
    assert refuse(replace(PROOF, entry=make_entry(3)).encode()) == "opening_differs"
    assert refuse(replace(PROOF, entry=other.entry, opening=other.opening).encode()) == "not_included"
    assert refuse(replace(PROOF, subject=Document("letter", PROOF.subject.sha256)).encode()) == "document_unnamed"
    assert refuse(replace(PROOF, subject=Document("certificate", bytes(32))).encode()) == "document_unnamed"
    assert refuse(replace(PROOF, index=11).encode()) == "not_included"
    assert refuse(replace(PROOF, index=13).encode()) == "not_included"
    assert refuse(replace(PROOF, hashes=PROOF.hashes[:-1]).encode()) == "not_included"
    assert refuse(replace(PROOF, checkpoint=other.checkpoint).encode()) == "not_included"
    assert refuse(replace(PROOF, checkpoint=b"nothing").encode()) == "checkpoint_refused"
    assert refuse(FILE, b"another document") == "document_differs"


def test_keys_come_from_outside() -> None:
    with pytest.raises(ProofRefused) as refused:
        verify_proof(FILE, NoteVerifier.parse(OTHER.vkey))
    assert refused.value.reason == "checkpoint_refused"
    stranger = NoteSigner.from_seed(WITNESS.verifier.name, bytes(32), COSIGNATURE).verifier
    with pytest.raises(ProofRefused) as refused:
        verify_proof(FILE, VERIFIER, LETTER, [stranger])
    assert refused.value.reason == "witness_missing"


def test_documents_that_are_none_are_refused() -> None:
    opening = Opening(salt_of(12), {"documents": [{"type": "memo"}], "private": ""})
    entry = replace(PROOF.entry, commitment=opening.commit())
    assert refuse(replace(PROOF, opening=opening, entry=entry).encode()) == "opening_differs"


def test_only_a_proof_that_verifies_and_shows_nothing_else_is_built() -> None:
    with pytest.raises(ProofRefused):
        build_proof(replace(PROOF, index=3))
    with pytest.raises(NoteRefused):
        build_proof(replace(PROOF, checkpoint=b"nothing"))
    telling = Opening(salt_of(1), {**PROOF.opening.details, "member": "x"})
    entry = replace(PROOF.entry, commitment=telling.commit())
    with pytest.raises(ProofRefused) as refused:
        build_proof(replace(PROOF, opening=telling, entry=entry))
    assert refused.value.reason == "opening_differs"


def test_an_entry_inside_must_be_canonical_and_complete() -> None:
    extra: JsonObject = {"entry": {"v": 1}, "opening": PROOF.opening.to_json(), "subject": PROOF.subject.to_json()}
    line = b"extra " + b64(encode(extra)).encode()
    with pytest.raises(InvalidEncoding):
        parse_proof(FILE.replace(EXTRA, line))
