"""Canonical bytes: one form, compared with an independent implementation of RFC 8785."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ciment.canon import (
    HybridPrivateKey,
    HybridPublicKey,
    InvalidEncoding,
    Json,
    OpeningFailed,
    b64,
    decode,
    decode_object,
    encode,
    lp,
    lp_list,
    new_id,
    require_id,
    unb64,
    unhex,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_bytes_are_those_of_rfc8785(value: Json) -> None:
    assert encode(value) == rfc8785.dumps(value)
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), 2**53, -(2**53), b"x", {1: 2}, {"\U0001f600": 1}, "\ud800", ["\ud800"], {"a": {1, 2}}]
)
def test_values_without_canonical_form_are_refused(value: Any) -> None:
    with pytest.raises(InvalidEncoding):
        encode(value)


def test_nesting_is_bounded() -> None:
    value: list[Any] = []
    for _ in range(100):
        value = [value]
    with pytest.raises(InvalidEncoding, match="deeply"):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'"\\u0041"',
        b"1.0",
        b"\xff",
        b"[1,2",
        b"NaN",
        b"[" * 5000,
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        decode(data)


@given(VALUES, st.integers(0, 200), st.integers(0, 255))
def test_a_changed_byte_never_means_the_same(value: Json, place: int, byte: int) -> None:
    data = bytearray(encode(value))
    data[place % len(data)] = byte
    try:
        again = decode(bytes(data))
    except InvalidEncoding:
        return
    assert encode(again) == bytes(data)


def test_an_object_has_exactly_its_keys() -> None:
    assert decode_object(b'{"a":1}', frozenset({"a"})) == {"a": 1}
    for data in (b'{"a":1,"b":2}', b"{}", b"[]"):
        with pytest.raises(InvalidEncoding):
            decode_object(data, frozenset({"a"}))


@given(st.binary(max_size=64))
def test_texts_of_bytes_have_one_form(data: bytes) -> None:
    assert unb64(b64(data)) == data
    assert unhex(data.hex()) == data
    if data:
        with pytest.raises(InvalidEncoding):
            unb64(b64(data), len(data) + 1)


@pytest.mark.parametrize("text", [None, 1, "é", "AA", "AB==", "AA=\n", "A A=", "====", "AA==AA=="])
def test_other_base64_is_refused(text: object) -> None:
    with pytest.raises(InvalidEncoding):
        unb64(text)


@pytest.mark.parametrize("text", [None, 1, "AB", "0", "0g", "00 11", "é"])
def test_other_hexadecimal_is_refused(text: object) -> None:
    with pytest.raises(InvalidEncoding):
        unhex(text)


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_framing_is_injective(left: list[bytes], right: list[bytes]) -> None:
    assert (lp_list(left) == lp_list(right)) == (left == right)
    assert lp(b"") == bytes(8)


def test_identifiers_are_canonical_uuid4() -> None:
    identifier = new_id()
    assert require_id(identifier) == identifier
    for text in (
        identifier.upper(),
        "{" + identifier + "}",
        identifier[:-1],
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        None,
    ):
        with pytest.raises(InvalidEncoding):
            require_id(text)


def test_hybrid_keys_bind_key_and_context() -> None:
    key, other = HybridPrivateKey.from_secret(bytes(range(96))), HybridPrivateKey.from_secret(bytes(96))
    sealed = key.public.seal(b"word", b"context")
    assert key.open(sealed, b"context") == b"word"
    assert "word" not in repr(key)
    for private, info in ((other, b"context"), (key, b"other")):
        with pytest.raises(OpeningFailed):
            private.open(sealed, info)
    with pytest.raises(OpeningFailed):
        key.open(b"", b"context")


@pytest.mark.parametrize(
    "x25519",
    [
        bytes(32),
        b"\x01" + bytes(31),
        (2**255 - 19).to_bytes(32, "little"),
        (2**255 - 1).to_bytes(32, "little"),
        b"\xff" * 32,
    ],
)
def test_unusable_x25519_keys_are_refused(x25519: bytes) -> None:
    good = HybridPrivateKey.from_secret(bytes(range(96))).public.encoded
    with pytest.raises(InvalidEncoding):
        HybridPublicKey.parse(good[:1184] + x25519)


def test_other_hybrid_encodings_are_refused() -> None:
    good = HybridPrivateKey.from_secret(bytes(range(96))).public.encoded
    for data in (b"", good[:-1], good + b"\0", b"\xff" * 1184 + good[1184:]):
        with pytest.raises(InvalidEncoding):
            HybridPublicKey.parse(data)
    with pytest.raises(InvalidEncoding):
        HybridPrivateKey.from_secret(bytes(95))


def test_json_of_the_library_stays_what_the_format_needs() -> None:
    controls = "".join(map(chr, range(0x20))) + "\x7f\u2028"
    assert encode(controls) == rfc8785.dumps(controls)
    assert json.loads(encode(controls)) == controls
