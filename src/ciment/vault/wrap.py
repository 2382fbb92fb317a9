"""A key sealed to one member (docs/formats/blobs.md). Who may do so is signed elsewhere: a wrap names no sender."""

from ciment.canon import HybridPrivateKey, HybridPublicKey, JsonObject, OpeningFailed, encode, lp
from ciment.vault.errors import CorruptedBlob, WrongContext
from ciment.vault.header import KEY_SIZE, require_key

_MAGIC = b"CIMWRAP1"
_LABEL = b"ciment/wrap/v1"
# Encapsulation: ML-KEM-768 ciphertext (1088) and X25519 key (32); then the key and the tag of its AEAD.
WRAP_SIZE = len(_MAGIC) + 1088 + 32 + KEY_SIZE + 16


def wrap_key(key: bytes, recipient: HybridPublicKey, context: JsonObject) -> bytes:
    """Return `key` (32 bytes) sealed to `recipient` for `context`: 1176 bytes.

    Raises:
        InvalidEncoding: for a key of another length or a context without canonical form.
    """
    return _MAGIC + recipient.seal(require_key(key), _info(context))


def unwrap_key(blob: bytes, private: HybridPrivateKey, context: JsonObject) -> bytes:
    """Return the key wrapped to `private` for exactly `context`.

    Raises:
        CorruptedBlob: for bytes that are not a wrap.
        WrongContext: for a wrap to another key, for another context, or changed: HPKE does not tell them apart.
        InvalidEncoding: for a context without canonical form.
    """
    if len(blob) != WRAP_SIZE or not blob.startswith(_MAGIC):
        raise CorruptedBlob("not a wrapped key")
    try:
        return private.open(blob[len(_MAGIC) :], _info(context))
    except OpeningFailed as error:
        raise WrongContext("wrapped to another key, for another context, or changed") from error


def _info(context: JsonObject) -> bytes:
    return _LABEL + lp(encode(context))
