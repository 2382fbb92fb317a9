"""Canonical JSON (RFC 8785) over the values every format of Ciment is made of."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from ciment.canon.errors import InvalidEncoding

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, "Json"]

# RFC 8785 inherits I-JSON's integers; floating point is refused because two writers round it differently.
_MAX_INTEGER = 2**53 - 1
_MAX_DEPTH = 64


def encode(value: Json) -> bytes:
    """Return the canonical bytes of `value` (RFC 8785).

    Raises:
        InvalidEncoding: for a float, an integer beyond 2⁵³−1, a lone surrogate, a key beyond the basic plane or a
            foreign type.
    """
    _require_plain(value)
    # For these values the standard library already writes what RFC 8785 asks: the same escapes, and keys in order of
    # code points, which is the order of UTF-16 units because keys beyond the basic plane are refused above.
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidEncoding("a lone surrogate has no canonical form") from error


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
    # Text first: most values are, and a megabyte of register entries passes here.
    if isinstance(value, str) or value is None or value is True or value is False:
        return
    if isinstance(value, int):
        if abs(value) > _MAX_INTEGER:
            raise InvalidEncoding("integer beyond 2^53-1")
        return
    # A bound on depth keeps a hostile document from exhausting the stack.
    if depth > _MAX_DEPTH:
        raise InvalidEncoding("nested too deeply")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or (key and max(key) > "\uffff"):
                raise InvalidEncoding("object key that is not text of the basic plane")
            _require_plain(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _require_plain(item, depth + 1)
    else:
        raise InvalidEncoding(f"type without canonical form: {type(value).__name__}")
