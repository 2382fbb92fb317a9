"""Canonical JSON (RFC 8785) over the values every format of Ciment is made of."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

import rfc8785

from ciment.canon.errors import InvalidEncoding

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, "Json"]

# RFC 8785 inherits I-JSON's integers; floating point is refused because two writers round it differently.
_MAX_INTEGER = 2**53 - 1


def encode(value: Json) -> bytes:
    """Return the canonical bytes of `value` (RFC 8785).

    Raises:
        InvalidEncoding: for a float, an integer beyond 2⁵³−1, a lone surrogate or a foreign type.
    """
    _require_plain(value)
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InvalidEncoding("value has no canonical form") from error


def decode(data: bytes) -> Json:
    """Return the value whose canonical bytes are exactly `data`.

    Raises:
        InvalidEncoding: for any other bytes, among them valid JSON written in another way.
    """
    try:
        value = cast("Json", json.loads(data.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise InvalidEncoding("not JSON in UTF-8") from error
    if encode(value) != data:
        raise InvalidEncoding("JSON that is not in canonical form")
    return value


def decode_object(data: bytes, keys: frozenset[str]) -> JsonObject:
    """Return the canonical object `data`, which has exactly `keys`.

    Raises:
        InvalidEncoding: for other bytes, another type or another set of keys.
    """
    value = decode(data)
    if not isinstance(value, dict) or set(value) != keys:
        raise InvalidEncoding("not the expected canonical object")
    return value


def _require_plain(value: object, depth: int = 0) -> None:
    # A bound on depth keeps a hostile document from exhausting the stack of the canonicaliser.
    if depth > 64:
        raise InvalidEncoding("nested too deeply")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _MAX_INTEGER:
        raise InvalidEncoding("integer beyond 2^53-1")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise InvalidEncoding("object key that is not text")
            _require_plain(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _require_plain(item, depth + 1)
    elif not isinstance(value, str | int | bool | None):
        raise InvalidEncoding(f"type without canonical form: {type(value).__name__}")
