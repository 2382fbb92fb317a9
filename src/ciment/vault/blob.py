"""Sealed texts, names and keys: padded, bound to a context, committing to the key (docs/formats/blobs.md)."""

import secrets

from nacl import bindings
from nacl.exceptions import CryptoError

from ciment.canon import JsonObject
from ciment.vault.errors import CorruptedBlob
from ciment.vault.header import HEADER_SIZE, derive_sealing, parse_commitment, verify_header
from ciment.vault.padding import pad, unpad

_MAGIC = b"CIMBLOB1"
_LABEL = "ciment/blob/v1"
_NONCE_SIZE = 24
_SMALLEST = HEADER_SIZE + _NONCE_SIZE + 256 + 16


def seal(key: bytes, plaintext: bytes, context: JsonObject) -> bytes:
    """Return `plaintext` sealed under `key` (32 bytes), openable only with that key and in that context.

    Raises:
        InvalidEncoding: for a key of another length or a context without canonical form.
    """
    sealing = derive_sealing(key, context, _MAGIC, _LABEL)
    # 192 random bits: one key may seal any number of blobs without a nonce ever being drawn twice.
    nonce = secrets.token_bytes(_NONCE_SIZE)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(pad(plaintext), sealing.data, nonce, sealing.key)
    return sealing.header + nonce + sealed


def open_blob(key: bytes, blob: bytes, context: JsonObject) -> bytes:
    """Return what was sealed under exactly `key` and `context`.

    Raises:
        WrongContext: for another key or another context, or when the bytes that say so were changed.
        CorruptedBlob: for any other bytes.
        InvalidEncoding: for a key of another length or a context without canonical form.
    """
    sealing = derive_sealing(key, context, _MAGIC, _LABEL)
    parse_commitment(blob, _MAGIC, _SMALLEST)
    verify_header(blob[:HEADER_SIZE], sealing)
    nonce, sealed = blob[HEADER_SIZE : HEADER_SIZE + _NONCE_SIZE], blob[HEADER_SIZE + _NONCE_SIZE :]
    try:
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, sealing.data, nonce, sealing.key)
    except CryptoError as error:
        raise CorruptedBlob("changed after sealing") from error
    return unpad(padded)


def blob_commitment(blob: bytes) -> bytes:
    """Return the commitment HKDF(key, "commit") (32 bytes) that `blob` claims; opening it verifies the claim.

    Raises:
        CorruptedBlob: for bytes that are not a blob.
    """
    return parse_commitment(blob, _MAGIC, _SMALLEST)
