"""Seal and open a note of 2 KiB, against the same HKDF and AEAD calls, bare."""

import secrets
from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings

from ciment.canon import JsonObject, encode
from ciment.vault import open_blob, seal
from harness import Row, Size

KEY, NOTE = secrets.token_bytes(32), secrets.token_bytes(2048)
CONTEXT: JsonObject = {"institution": "i", "inquiry": "q", "part": "content"}
PLACE = encode(CONTEXT)
# A blob is header (8 + 32 + 32) ‖ nonce (24) ‖ ciphertext ‖ tag (16): what remains is the padded note.
PADDED = NOTE.ljust(len(seal(KEY, NOTE, CONTEXT)) - 72 - 24 - 16, b"\0")
LABEL = b"ciment/blob/v1" + PLACE
DATA = bytes(72) + PLACE


def _derive(label: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=label).derive(KEY)


def _bare() -> bytes:
    # What the format asks for, and no more: 64 bytes for the place and a commitment of 32, when sealing and opening.
    key, _ = _derive(LABEL, 64)[:32], _derive(b"commit", 32)
    nonce = secrets.token_bytes(24)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(PADDED, DATA, nonce, key)
    key, _ = _derive(LABEL, 64)[:32], _derive(b"commit", 32)
    opened: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, DATA, nonce, key)
    return opened


def rows(size: Size) -> Iterator[Row]:
    def ours() -> bytes:
        return open_blob(KEY, seal(KEY, NOTE, CONTEXT), CONTEXT)

    assert ours() == NOTE
    assert _bare() == PADDED
    against = "the same HKDF and AEAD calls, bare"
    yield Row("seal + open a 2 KiB note", against, ours, _bare, 1.5, 200 if size.quick else 2000)
