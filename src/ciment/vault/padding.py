"""Lengths that tell little: PADMÉ (Nikitin et al., PURBs, 2019) and the padding of blobs (docs/formats/blobs.md)."""

from ciment.canon import u64be
from ciment.vault.errors import CorruptedBlob

_SMALLEST_STEP = 256


def round_up(number: int, smallest_step: int = 1) -> int:
    """Return `number` (≥ 1) rounded up to a multiple of its PADMÉ step (≤ 12 % more) or of a larger `smallest_step`."""
    exponent = number.bit_length() - 1
    step = max(smallest_step, 1 << max(0, exponent - exponent.bit_length()))
    return -(-number // step) * step


def pad(plaintext: bytes) -> bytes:
    """Return u64be(len(plaintext)) ‖ plaintext ‖ zeros, at least 256 bytes long."""
    content = u64be(len(plaintext)) + plaintext
    return content.ljust(round_up(len(content), _SMALLEST_STEP), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the plaintext whose padding is exactly `padded`.

    Raises:
        CorruptedBlob: for any other bytes.
    """
    plaintext = padded[8 : 8 + int.from_bytes(padded[:8], "big")]
    if pad(plaintext) != padded:
        raise CorruptedBlob("padding that is not canonical")
    return plaintext
