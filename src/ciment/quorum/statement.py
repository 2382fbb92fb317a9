"""Signed statements: what a member signs is always prefixed by its purpose, so that no signature serves twice."""

from collections.abc import Callable

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from ciment.canon import lp
from ciment.quorum.group import PREFIX

Signer = Callable[[bytes], bytes]
"""Signs a message with a member's Ed25519 key; the key itself never comes here."""


def make_statement(what: str, *parts: bytes) -> bytes:
    """Return "ciment/quorum/v1/" ‖ what ‖ lp(part)…, the bytes that are signed."""
    return (PREFIX + what).encode() + b"".join(map(lp, parts))


def can_verify(ed25519: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (64 bytes) is that of `message` under a member's public key (32 bytes)."""
    try:
        VerifyKey(ed25519).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True
