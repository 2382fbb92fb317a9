"""A session: the cookie holds a secret, the server only its identifier and the member's seed sealed under it."""

import secrets

from ciment.canon import JsonObject, derive
from ciment.vault.blob import open_blob, seal
from ciment.vault.header import require_key

_CONTEXT: JsonObject = {"use": "session"}


def new_cookie_secret() -> bytes:
    """Return 32 fresh random bytes, to be kept by the browser alone."""
    return secrets.token_bytes(32)


def session_id(secret: bytes) -> str:
    """Return hex(HKDF(secret, "id")): what the server may store, and from which nobody finds the secret.

    Raises:
        InvalidEncoding: for a secret that is not 32 bytes.
    """
    return derive(require_key(secret), "id").hex()


def seal_session(seed: bytes, secret: bytes) -> bytes:
    """Return the member's `seed` (32 bytes) sealed under HKDF(secret, "key").

    Raises:
        InvalidEncoding: for a seed or a secret that is not 32 bytes.
    """
    return seal(derive(require_key(secret), "key"), require_key(seed), _CONTEXT)


def open_session(blob: bytes, secret: bytes) -> bytes:
    """Return the seed sealed in `blob` under `secret`.

    Raises:
        BlobError: for another secret or other bytes.
        InvalidEncoding: for a secret that is not 32 bytes.
    """
    return open_blob(derive(require_key(secret), "key"), blob, _CONTEXT)
