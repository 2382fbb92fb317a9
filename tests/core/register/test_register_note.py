import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_samples import (
    ORIGIN,
    OTHER,
    SIGNER,
    VERIFIER,
    WITNESS,
    WITNESS_VERIFIER,
    vectors_folder,
)

from ciment.canon import CimentError, InvalidEncoding, b64, unb64
from ciment.register import (
    COSIGNATURE,
    Checkpoint,
    NoteRefused,
    NoteSigner,
    NoteVerifier,
    cosign_checkpoint,
    open_note,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)
from ciment.register.note import MAX_NOTE, MAX_SIGNATURES, join_note, split_note

ROOT = bytes(range(100, 132))
CHECKPOINT = Checkpoint(ORIGIN, 42, ROOT)
SIGNED = sign_checkpoint(CHECKPOINT, SIGNER)


@pytest.fixture
def published() -> Any:
    return json.loads((vectors_folder() / "known-answers" / "signed-note.json").read_text(encoding="utf-8"))


def test_published_notes_open(published: Any) -> None:
    assert len(published["valid"]) == 3
    for case in published["valid"]:
        verifier = NoteVerifier.parse(case["vkey"])
        note = (case["text"] + "\n" + case["sig"]).encode()
        assert open_note(note, [verifier]) == (case["text"], (verifier.name,))
        assert verifier.vkey == case["vkey"]


def test_the_published_private_key_signs_the_published_note(published: Any) -> None:
    case = published["valid"][0]
    encoded = case["skey"].split("+", 4)[4]
    seed = unb64(encoded)[1:]
    signer = NoteSigner.from_seed("PeterNeumann", seed)
    assert signer.vkey == case["vkey"]
    assert signer.sign(case["text"]) + "\n" == case["sig"]


def test_published_malformed_notes_are_refused(published: Any) -> None:
    verifier = NoteVerifier.parse(published["valid"][0]["vkey"])
    assert len(published["malformed_notes"]) == 7
    for case in published["malformed_notes"]:
        with pytest.raises(NoteRefused):
            open_note(case["note"].encode(), [verifier])


def test_published_bad_keys_are_refused(published: Any) -> None:
    assert len(published["bad_vkeys"]) == 2
    for vkey in published["bad_vkeys"]:
        with pytest.raises(InvalidEncoding):
            NoteVerifier.parse(vkey)


def test_a_key_whose_base64_holds_plus_signs_parses() -> None:
    keys = (NoteSigner.from_seed("a.example", bytes([n]) * 32).vkey for n in range(256))
    vkey = next(vkey for vkey in keys if vkey.count("+") > 2)
    assert NoteVerifier.parse(vkey).vkey == vkey


NAME, KEY_ID, KEY = SIGNER.vkey.split("+", 2)


@pytest.mark.parametrize(
    "vkey",
    ["", "a", "a+b", "a+00000000+AA==", f"a b+{KEY_ID}+{KEY}", f"{NAME}s+{KEY_ID}+{KEY}", f"{NAME}+{KEY_ID}+{KEY}A"],
)
def test_other_texts_are_no_key(vkey: str) -> None:
    with pytest.raises(InvalidEncoding):
        NoteVerifier.parse(vkey)


def test_a_key_is_of_one_type() -> None:
    with pytest.raises(InvalidEncoding):
        NoteVerifier.parse(SIGNER.vkey, COSIGNATURE)
    with pytest.raises(InvalidEncoding):
        NoteVerifier.parse(WITNESS.vkey)
    with pytest.raises(InvalidEncoding):
        NoteVerifier.from_public("a", bytes(31))
    with pytest.raises(InvalidEncoding):
        NoteSigner.from_seed("a", bytes(31))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x01", "a\u2003"])
def test_a_name_that_no_line_can_carry_is_refused(name: str) -> None:
    with pytest.raises(InvalidEncoding):
        NoteSigner.from_seed(name, bytes(32))


def test_a_signer_prints_redacted() -> None:
    assert "PrivateKey" not in repr(SIGNER)
    assert bytes(range(32)).hex() not in repr(SIGNER)


def test_unknown_signatures_are_ignored_and_known_ones_must_hold() -> None:
    text = "a\n\nb\n"
    good, foreign = SIGNER.sign(text), NoteSigner.from_seed("z.example", bytes(32)).sign(text)
    same_name = OTHER.sign(text)
    assert open_note(join_note(text, [foreign, same_name, good, good]), [VERIFIER]) == (text, (ORIGIN,))
    with pytest.raises(NoteRefused):
        open_note(join_note(text, [foreign, same_name]), [VERIFIER])
    with pytest.raises(NoteRefused):
        open_note(join_note("a\n\nc\n", [good]), [VERIFIER])
    bad = SIGNER.sign("other\n")
    with pytest.raises(NoteRefused):
        open_note(join_note(text, [good, bad]), [VERIFIER])
    short = "— " + ORIGIN + " " + b64(VERIFIER.key_id + b"\0")
    with pytest.raises(NoteRefused):
        open_note(join_note(text, [short]), [VERIFIER])


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "nul\0\n"])
def test_a_text_that_no_note_carries_is_refused(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        join_note(text, [])


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\n\n",
        b"a" * (MAX_NOTE + 1),
        b"a\n\n\xe2\x80\x94 name AAAA\n",
        b"a\n\n\xe2\x80\x94 name !!!!\n",
        b"a\n\n\xe2\x80\x94 name\n",
        b"a\n\n- name AAAAAAAA\n",
        join_note("a\n", [SIGNER.sign("a\n")] * (MAX_SIGNATURES + 1)),
    ],
)
def test_other_bytes_are_no_note(data: bytes) -> None:
    with pytest.raises(NoteRefused):
        split_note(data)


def test_as_many_signatures_as_the_specification_asks_for_are_read() -> None:
    lines = [NoteSigner.from_seed(f"w{n}", bytes([n]) * 32).sign("a\n") for n in range(15)]
    assert open_note(join_note("a\n", [*lines, SIGNER.sign("a\n")]), [VERIFIER])[0] == "a\n"


def test_a_checkpoint_is_signed_and_read() -> None:
    assert verify_checkpoint(SIGNED, [VERIFIER]) == CHECKPOINT
    assert verify_checkpoint(SIGNED, [VERIFIER], ORIGIN) == CHECKPOINT
    assert Checkpoint.read(SIGNED) == CHECKPOINT
    assert SIGNED.startswith(f"{ORIGIN}\n42\n{b64(ROOT)}\n\n— {ORIGIN} ".encode())


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(NoteRefused):
        verify_checkpoint(SIGNED, [VERIFIER], "other.example/log")
    with pytest.raises(NoteRefused):
        sign_checkpoint(Checkpoint("other.example/log", 1, ROOT), SIGNER)
    text = Checkpoint("other.example/log", 1, ROOT).encode()
    with pytest.raises(NoteRefused):
        verify_checkpoint(join_note(text, [SIGNER.sign(text)]), [VERIFIER])


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n42\n{b64(ROOT)}",
        f"{ORIGIN}\n042\n{b64(ROOT)}\n",
        f"{ORIGIN}\n+42\n{b64(ROOT)}\n",
        f"{ORIGIN}\n{10**20}\n{b64(ROOT)}\n",
        f"{ORIGIN}\n٤٢\n{b64(ROOT)}\n",
        f"{ORIGIN}\n42\n{b64(ROOT[:31])}\n",
        f"{ORIGIN}\n42\n{b64(ROOT)}\nextension\n",
        f"\n42\n{b64(ROOT)}\n",
        f"{ORIGIN}\n42\n",
        "",
    ],
)
def test_other_texts_are_no_checkpoint(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        Checkpoint.parse(text)


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(NoteRefused):
        verify_checkpoint(join_note("a\n", [SIGNER.sign("a\n")]), [VERIFIER])


def test_a_witness_cosigns() -> None:
    once = cosign_checkpoint(SIGNED, WITNESS, 1_700_000_000)
    twice = cosign_checkpoint(once, WITNESS, 1_700_000_600)
    assert verify_checkpoint(twice, [VERIFIER]) == CHECKPOINT
    assert verify_cosignature(once, WITNESS_VERIFIER) == 1_700_000_000
    assert verify_cosignature(twice, WITNESS_VERIFIER) == 1_700_000_600
    with pytest.raises(NoteRefused):
        verify_cosignature(SIGNED, WITNESS_VERIFIER)


def test_a_cosignature_binds_its_time_and_type() -> None:
    text = CHECKPOINT.encode()
    line = WITNESS.cosign(text, 5)
    name, key_id, signature = split_note(join_note(text, [line]))[1][0]
    assert (name, key_id) == (WITNESS.verifier.name, WITNESS.verifier.key_id)
    assert WITNESS_VERIFIER.verify(text, signature) == 5
    for broken in [bytes(7) + b"\6" + signature[8:], b"\xff" + signature[1:], signature[8:], signature[:-1], b""]:
        with pytest.raises(NoteRefused):
            WITNESS_VERIFIER.verify(text, broken)
    with pytest.raises(NoteRefused):
        WITNESS.sign(text)
    with pytest.raises(NoteRefused):
        SIGNER.cosign(text, 5)
    for time_s in (-1, 2**63):
        with pytest.raises(NoteRefused):
            WITNESS.cosign(text, time_s)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_checkpoint_is_refused(at: int, mask: int) -> None:
    broken = bytearray(SIGNED)
    broken[at] ^= mask
    with pytest.raises(CimentError):
        verify_checkpoint(bytes(broken), [VERIFIER])


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=50).map(lambda t: t + "\n")


@settings(max_examples=60, deadline=None)
@given(texts)
def test_what_is_signed_is_what_is_read(text: str) -> None:
    assert open_note(join_note(text, [SIGNER.sign(text)]), [VERIFIER]) == (text, (ORIGIN,))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_never_open(data: bytes) -> None:
    with pytest.raises(NoteRefused):
        open_note(data, [VERIFIER])


def test_a_key_of_another_type_under_a_fitting_id_is_refused() -> None:
    kind_changed = f"{NAME}+{KEY_ID}+{b64(bytes([COSIGNATURE]) + VERIFIER.public)}"
    with pytest.raises(InvalidEncoding, match="type"):
        NoteVerifier.parse(kind_changed)


def test_a_well_signed_note_with_a_control_character_is_refused() -> None:
    text = "a\tb\n"
    with pytest.raises(NoteRefused, match="control"):
        open_note(f"{text}\n{SIGNER.sign(text)}\n".encode(), [VERIFIER])


def test_a_well_signed_time_out_of_range_is_refused() -> None:
    text = CHECKPOINT.encode()
    signed = WITNESS._key.sign(f"cosignature/v1\ntime {2**63}\n{text}".encode())
    with pytest.raises(NoteRefused, match="time"):
        WITNESS_VERIFIER.verify(text, (2**63).to_bytes(8, "big") + signed)
