"""What blobs and streams begin with: kind, commitment to the key, mark of the context (docs/formats/blobs.md)."""

import hmac
from dataclasses import dataclass, field

from ciment.canon import InvalidEncoding, JsonObject, derive, encode
from ciment.vault.errors import CorruptedBlob, WrongContext

KEY_SIZE = 32
MAGIC_SIZE = 8
HEADER_SIZE = MAGIC_SIZE + 32 + 32


@dataclass(frozen=True)
class Sealing:
    """What one key and one context give: the public header, the associated data, and the key of the cipher."""

    header: bytes
    data: bytes
    key: bytes = field(repr=False, compare=False)


def require_key(key: bytes) -> bytes:
    """Return `key` if it is 32 bytes long.

    Raises:
        InvalidEncoding: for any other length.
    """
    if len(key) != KEY_SIZE:
        raise InvalidEncoding("a key is 32 bytes")
    return key


def commit(key: bytes) -> bytes:
    """Return com = HKDF(key, "commit"): an AEAD ciphertext may open under two keys, this value names one."""
    return derive(require_key(key), "commit")


def derive_sealing(key: bytes, context: JsonObject, magic: bytes, label: str) -> Sealing:
    """Return the sealing of `key` in `context` for the kind that `magic` (8 bytes) and `label` name.

    Raises:
        InvalidEncoding: for a key of another length or a context without canonical form.
    """
    place = encode(context)
    # A label never holds "{", with which every canonical object begins: label ‖ context is read in one way only.
    derived = derive(require_key(key), label + place.decode(), 64)
    header = magic + commit(key) + derived[32:]
    return Sealing(header, header + place, derived[:32])


def parse_commitment(data: bytes, magic: bytes, size: int) -> bytes:
    """Return the key commitment (32 bytes) of `data`, which is of the kind `magic` and at least `size` bytes long.

    Raises:
        CorruptedBlob: for another kind or fewer bytes.
    """
    if len(data) < size or not data.startswith(magic):
        raise CorruptedBlob("not sealed bytes of the expected kind")
    return data[MAGIC_SIZE : MAGIC_SIZE + 32]


def verify_header(found: bytes, sealing: Sealing) -> None:
    """Return if `found` is the header of `sealing`.

    Raises:
        CorruptedBlob: for bytes of another kind or length.
        WrongContext: for another key or another context.
    """
    parse_commitment(found, sealing.header[:MAGIC_SIZE], HEADER_SIZE)
    # In constant time: both values are pseudo-random functions of the secret key.
    if not hmac.compare_digest(found, sealing.header):
        raise WrongContext("sealed under another key or in another context")
