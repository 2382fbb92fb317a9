import dataclasses
from collections.abc import Callable, Iterable

import pytest
import vault_reference as reference
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_vectors import CONTEXT, KEY, OTHER_CONTEXT, OTHER_KEY

from ciment import vault
from ciment.canon import CimentError, InvalidEncoding, JsonObject, encode
from ciment.vault import header, padding
from ciment.vault.wrap import WRAP_SIZE

ALICE = vault.MemberKeys.from_seed(bytes([1]) * 32)
BRUNO = vault.MemberKeys.from_seed(bytes([2]) * 32)

SEALED = vault.seal(KEY, b"synthetic text", CONTEXT)
SESSION = vault.seal_session(bytes([3]) * 32, KEY)
WRAP = vault.wrap_key(OTHER_KEY, ALICE.public.hpke, CONTEXT)
STREAM = reference.stream(KEY, CONTEXT, bytes(24), reference.frames(b"synthetic file" * 9000))

Opening = Callable[[bytes], object]


def open_file(data: bytes) -> bytes:
    return b"".join(vault.open_stream(KEY, [data], CONTEXT))


KINDS: list[tuple[bytes, Opening]] = [
    (SEALED, lambda data: vault.open_blob(KEY, data, CONTEXT)),
    (SESSION, lambda data: vault.open_session(data, KEY)),
    (WRAP, lambda data: vault.unwrap_key(data, ALICE.hpke, CONTEXT)),
    (STREAM, open_file),
]


@st.composite
def corruptions(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw another byte string near `data`: a changed byte, a prefix, a continuation, a swap of two bytes, or noise."""
    at = draw(st.integers(0, len(data) - 1))
    flipped = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
    longer = data + draw(st.binary(min_size=1, max_size=300))
    return draw(st.sampled_from([flipped, data[:at], data[at + 1 :], longer]) | st.binary(max_size=600))


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=["blob", "session", "wrap", "stream"])
@settings(deadline=None)
@given(st.data())
def test_any_other_bytes_are_refused(kind: int, data: st.DataObject) -> None:
    sealed, opening = KINDS[kind]
    opening(sealed)
    with pytest.raises(vault.BlobError):
        opening(data.draw(corruptions(sealed)))


@pytest.mark.parametrize("kind", range(3))
def test_every_single_byte_counts(kind: int) -> None:
    sealed, opening = KINDS[kind]
    for at in range(len(sealed)):
        with pytest.raises(vault.BlobError):
            opening(sealed[:at] + bytes([sealed[at] ^ 0x80]) + sealed[at + 1 :])


def test_one_kind_never_opens_as_another() -> None:
    for mine, (sealed, _) in enumerate(KINDS):
        for yours, (_, opening) in enumerate(KINDS):
            if mine != yours:
                with pytest.raises(vault.BlobError):
                    opening(sealed)


scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"))
keys = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8)
contexts = st.dictionaries(keys, scalars, max_size=4)


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=5000), contexts)
def test_blobs_open_where_they_were_sealed(key: bytes, plaintext: bytes, context: JsonObject) -> None:
    sealed = vault.seal(key, plaintext, context)
    assert vault.open_blob(key, sealed, context) == plaintext
    assert vault.blob_commitment(sealed) == header.commit(key)


@settings(deadline=None)
@given(contexts, contexts)
def test_a_moved_blob_or_wrap_does_not_open(here: JsonObject, there: JsonObject) -> None:
    if encode(here) == encode(there):
        return
    with pytest.raises(vault.WrongContext):
        vault.open_blob(KEY, vault.seal(KEY, b"text", here), there)
    with pytest.raises(vault.WrongContext):
        vault.unwrap_key(vault.wrap_key(KEY, ALICE.public.hpke, here), ALICE.hpke, there)


def test_another_key_is_named_as_such() -> None:
    with pytest.raises(vault.WrongContext):
        vault.open_blob(OTHER_KEY, SEALED, CONTEXT)
    with pytest.raises(vault.WrongContext):
        vault.unwrap_key(WRAP, BRUNO.hpke, CONTEXT)
    with pytest.raises(vault.WrongContext):
        list(vault.open_stream(OTHER_KEY, [STREAM], CONTEXT))
    with pytest.raises(vault.WrongContext):
        list(vault.open_stream(KEY, [STREAM], OTHER_CONTEXT))
    with pytest.raises(vault.BlobError):
        vault.open_session(SESSION, OTHER_KEY)


def test_sealing_twice_gives_other_bytes_of_one_size() -> None:
    assert vault.seal(KEY, b"oui", CONTEXT) != vault.seal(KEY, b"oui", CONTEXT)
    assert len(vault.seal(KEY, b"", CONTEXT)) == len(vault.seal(KEY, b"n" * 248, CONTEXT))
    assert len(WRAP) == WRAP_SIZE


@settings(deadline=None)
@given(st.integers(1, 2**40), st.sampled_from([1, 256]))
def test_rounding_is_padme(number: int, smallest: int) -> None:
    rounded = padding.round_up(number, smallest)
    assert number <= rounded <= max(number * 1.12, number + smallest)
    assert padding.round_up(rounded, smallest) == rounded
    if smallest == 1 and number < 2**24:
        assert rounded == reference.padme(number)


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_only_the_one_padding_is_read(plaintext: bytes) -> None:
    padded = padding.pad(plaintext)
    assert padding.unpad(padded) == plaintext
    forbidden = [padded + bytes(256), padded[:-1], padded[:-1] + b"\1", b"\1" + padded[1:], plaintext[:7]]
    for other in forbidden:
        if other != padded:
            with pytest.raises(vault.CorruptedBlob):
                padding.unpad(other)


def test_a_blob_whose_author_padded_otherwise_is_refused() -> None:
    head, data, key = reference.header(b"CIMBLOB1", "ciment/blob/v1", KEY, CONTEXT)
    for padded in (b"", bytes(8), bytes(512), (1).to_bytes(8, "big") + bytes([1, 1]).ljust(248, b"\0")):
        sealed = head + bytes(24) + reference.raw_seal(padded, data, bytes(24), key)
        with pytest.raises(vault.CorruptedBlob):
            vault.open_blob(KEY, sealed, CONTEXT)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_keys_of_another_length_are_refused(size: int) -> None:
    key = bytes(size)
    attempts: Iterable[Callable[[], object]] = (
        lambda: vault.seal(key, b"", CONTEXT),
        lambda: vault.open_blob(key, SEALED, CONTEXT),
        lambda: vault.wrap_key(key, ALICE.public.hpke, CONTEXT),
        lambda: vault.StreamSealer(key, CONTEXT),
        lambda: vault.session_id(key),
        lambda: vault.seal_session(key, KEY),
        lambda: vault.seal_session(KEY, key),
        lambda: vault.open_session(SESSION, key),
        lambda: list(vault.open_stream(key, [STREAM], CONTEXT)),
    )
    for attempt in attempts:
        with pytest.raises(InvalidEncoding):
            attempt()


def test_sessions() -> None:
    secret, seed = vault.new_cookie_secret(), vault.new_seed()
    assert len(secret) == 32
    assert vault.open_session(vault.seal_session(seed, secret), secret) == seed
    assert vault.session_id(secret) != vault.session_id(vault.new_cookie_secret())
    assert len(vault.session_id(secret)) == 64


def test_refusals_are_told_apart() -> None:
    assert not issubclass(vault.WrongContext, vault.CorruptedBlob)
    assert not issubclass(vault.CorruptedBlob, vault.WrongContext)
    assert issubclass(vault.BlobError, CimentError)


def test_secrets_print_redacted() -> None:
    sealing = header.derive_sealing(KEY, CONTEXT, b"CIMBLOB1", "ciment/blob/v1")
    assert repr(sealing.key) not in repr(sealing)
    assert dataclasses.is_dataclass(sealing)


def test_commitments_are_read_from_the_right_kind_only() -> None:
    for read, wrong in ((vault.blob_commitment, STREAM), (vault.stream_commitment, SEALED)):
        for data in (wrong, b"", SEALED[:95], STREAM[:95]):
            with pytest.raises(vault.CorruptedBlob):
                read(data)
