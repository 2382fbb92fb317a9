"""Seal and open a note of 2 KiB, against the same HKDF and AEAD calls, bare."""

import secrets
from collections.abc import Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings

from ciment.canon import JsonObject
from ciment.vault import open_blob, seal
from harness import Row

KEY, NOTE = secrets.token_bytes(32), secrets.token_bytes(2048)
CONTEXT: JsonObject = {"institution": "i", "inquiry": "q", "part": "content"}


def _derive(label: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=label).derive(KEY)


def _bare() -> bytes:
    # What the format asks for: a sealing key and a commitment when sealing, the same again when opening.
    key, _ = _derive(b"key", 32), _derive(b"commit", 32)
    nonce = secrets.token_bytes(24)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(NOTE.ljust(2304), b"context", nonce, key)
    key, _ = _derive(b"key", 32), _derive(b"commit", 32)
    opened: bytes = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, b"context", nonce, key)
    return opened


def rows(quick: bool) -> Iterator[Row]:
    def ours() -> bytes:
        return open_blob(KEY, seal(KEY, NOTE, CONTEXT), CONTEXT)

    yield Row(
        "seal + open a 2 KiB note", "the same HKDF and AEAD calls, bare", ours, _bare, "≤ 1.5", 200 if quick else 2000
    )
