"""To whom a packet is sealed: a key, or a passphrase that was fixed before the decision was frozen."""

import hmac
import secrets
from hashlib import sha256

from ciment.canon import lp
from ciment.disclosure.refusals import ActRefused
from ciment.quorum.decision import Decision
from ciment.vault import AgeRecipient, Passphrase, parse_recipient

_TAG = b"ciment/disclosure/v1/packet-passphrase"
_SALT_SIZE = 16


def hash_passphrase(passphrase: str, salt: bytes | None = None) -> str:
    """Return salt ‖ SHA-256(lp(tag) ‖ lp(salt) ‖ lp(passphrase)) in hexadecimal.

    One fast hash suffices because the passphrase is generated, never chosen; the salt keeps equal ones apart.
    """
    drawn = secrets.token_bytes(_SALT_SIZE) if salt is None else salt
    return (drawn + sha256(lp(_TAG) + lp(drawn) + lp(passphrase.encode())).digest()).hex()


def require_target(decision: Decision, passphrase: str | None) -> AgeRecipient | Passphrase:
    """Return what the packet is sealed to: exactly what the decision names.

    Raises:
        ActRefused: if the decision names no such target, or the passphrase is not the one fixed.
    """
    target = decision.target
    if target is not None and target.kind == "age":
        return parse_recipient(target.value)
    if target is not None and target.kind == "passphrase" and passphrase is not None:
        salt = bytes.fromhex(target.value)[:_SALT_SIZE]
        if hmac.compare_digest(hash_passphrase(passphrase, salt), target.value):
            return Passphrase(passphrase)
    raise ActRefused("target")
