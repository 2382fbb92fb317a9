"""Typed readings of the values of a canonical document, each refusing any other shape."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from ciment.canon import InvalidEncoding, Json, JsonObject, require_id, unb64, unhex

MAX_NUMBER = 2**53 - 1
_T = TypeVar("_T", bound=str)


def read_object(value: Json, *keys: str) -> JsonObject:
    """Return `value` if it is an object with exactly `keys`."""
    if not isinstance(value, dict) or set(value) != set(keys):
        raise InvalidEncoding("not the expected object")
    return value


def read_list(value: Json) -> Sequence[Json]:
    """Return `value` if it is a list."""
    if not isinstance(value, list):
        raise InvalidEncoding("not a list")
    return value


def require_number(value: object, least: int = 0, most: int = MAX_NUMBER) -> int:
    """Return `value` if it is an integer, least ≤ value ≤ most."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidEncoding("not a number in range")
    return value


def require_text(value: object, most: int = 64) -> str:
    """Return `value` if it is a text of 1 to `most` characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise InvalidEncoding("not a text of the expected length")
    return value


def require_choice(value: object, choices: Sequence[_T]) -> _T:
    """Return the one of `choices` that `value` is."""
    for choice in choices:
        if value == choice:
            return choice
    raise InvalidEncoding("not one of the expected words")


def require_bytes(value: object, length: int) -> bytes:
    """Return `value` if it is `length` bytes."""
    if not isinstance(value, bytes) or len(value) != length:
        raise InvalidEncoding(f"not {length} bytes")
    return value


def read_sealed(value: Json) -> dict[str, bytes]:
    """Return member identifier → sealed bytes, written in base64."""
    return {require_id(member): unb64(sealed) for member, sealed in _items(value)}


def read_signatures(value: Json) -> dict[str, bytes]:
    """Return member identifier → Ed25519 signature."""
    return {require_id(member): unhex(signature, 64) for member, signature in _items(value)}


def _items(value: Json) -> list[tuple[str, Json]]:
    if not isinstance(value, Mapping):
        raise InvalidEncoding("not an object")
    return list(value.items())
