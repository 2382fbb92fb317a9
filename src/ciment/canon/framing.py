"""Unambiguous byte strings: length prefixes, big-endian integers, base64 and hexadecimal of one form."""

import base64
import binascii
from collections.abc import Sequence

from ciment.canon.errors import InvalidEncoding


def u64be(number: int) -> bytes:
    """Return `number` (0 ≤ number < 2⁶⁴) as eight big-endian bytes."""
    return number.to_bytes(8, "big")


def lp(data: bytes) -> bytes:
    """Return `data` behind its length: u64be(len(data)) ‖ data."""
    return u64be(len(data)) + data


def lp_list(items: Sequence[bytes]) -> bytes:
    """Return a list as lp(u64be(count)) followed by lp of each item."""
    return lp(u64be(len(items))) + b"".join(lp(item) for item in items)


def b64(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648 § 4)."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: object, length: int | None = None) -> bytes:
    """Return the bytes of the one base64 text that encodes them.

    Raises:
        InvalidEncoding: for another alphabet, missing padding, trailing bits, or another `length` in bytes.
    """
    if not isinstance(text, str):
        raise InvalidEncoding("not base64")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidEncoding("not base64") from error
    if b64(data) != text:
        raise InvalidEncoding("base64 that is not canonical")
    return _require_length(data, length)


def unhex(text: object, length: int | None = None) -> bytes:
    """Return the bytes of a lower-case hexadecimal text.

    Raises:
        InvalidEncoding: for any other text, or another `length` in bytes.
    """
    if not isinstance(text, str):
        raise InvalidEncoding("not hexadecimal")
    try:
        data = bytes.fromhex(text)
    except ValueError as error:
        raise InvalidEncoding("not hexadecimal") from error
    if data.hex() != text:
        raise InvalidEncoding("hexadecimal that is not canonical")
    return _require_length(data, length)


def _require_length(data: bytes, length: int | None) -> bytes:
    if length is not None and len(data) != length:
        raise InvalidEncoding(f"{len(data)} bytes where {length} are due")
    return data
