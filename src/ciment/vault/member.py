"""A member's keys, all of them made from one seed (docs/formats/member-keys.md)."""

import re
import secrets
from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from ciment.canon import HybridPrivateKey, HybridPublicKey, InvalidEncoding, derive
from ciment.vault.errors import BadSignature
from ciment.vault.header import require_key

_HYBRID_SIZE = 1216
MEMBER_PUBLIC_SIZE = _HYBRID_SIZE + 32
_LABEL = re.compile(r"[a-z0-9/-]{1,64}")


def new_seed() -> bytes:
    """Return a fresh random seed (32 bytes)."""
    return secrets.token_bytes(32)


@dataclass(frozen=True)
class MemberPublic:
    """What others know of a member's keys; it exists only for keys that pass every check of enrolment."""

    hpke: HybridPublicKey
    ed25519: bytes

    def __post_init__(self) -> None:
        # libsodium accepts keys of small order when it verifies; one of them has signatures valid for many messages.
        if len(self.ed25519) != 32 or not bindings.crypto_core_ed25519_is_valid_point(self.ed25519):
            raise InvalidEncoding("unusable signing key")

    @classmethod
    def parse(cls, encoded: bytes) -> "MemberPublic":
        """Return the keys of `encoded`: ML-KEM-768 (1184 bytes) ‖ X25519 (32) ‖ Ed25519 (32).

        Raises:
            InvalidEncoding: for another length, or a key out of range, not canonical, of low order or outside the
                prime-order subgroup.
        """
        if len(encoded) != MEMBER_PUBLIC_SIZE:
            raise InvalidEncoding("not a member's public keys")
        return cls(HybridPublicKey.parse(encoded[:_HYBRID_SIZE]), encoded[_HYBRID_SIZE:])

    def encode(self) -> bytes:
        """Return the 1248 bytes that `parse` reads."""
        return self.hpke.encoded + self.ed25519

    def verify(self, message: bytes, signature: bytes) -> None:
        """Return if `signature` is this member's over `message` (Ed25519, RFC 8032).

        Raises:
            BadSignature: otherwise, another length than 64 bytes included.
        """
        try:
            VerifyKey(self.ed25519).verify(message, signature)
        except (BadSignatureError, ValueError) as error:
            raise BadSignature("signature does not verify") from error


@dataclass(frozen=True)
class MemberKeys:
    """A member's secret keys, in memory only. They print redacted."""

    public: MemberPublic
    hpke: HybridPrivateKey
    _seed: bytes = field(repr=False, compare=False)
    _signing: SigningKey = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> "MemberKeys":
        """Return the keys of `seed` (32 bytes).

        Raises:
            InvalidEncoding: for another length.
        """
        hpke = HybridPrivateKey.from_secret(derive(require_key(seed), "ciment/member/hpke/v1", 96))
        signing = SigningKey(derive(seed, "ciment/member/ed25519/v1"))
        return cls(MemberPublic(hpke.public, bytes(signing.verify_key)), hpke, seed, signing)

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of `message`, which begins with its format's own domain."""
        return self._signing.sign(message).signature

    def derive(self, label: str) -> bytes:
        """Return the member's symmetric key (32 bytes) for `label`, of 1 to 64 of the characters a–z, 0–9, `-`, `/`.

        Raises:
            InvalidEncoding: for another label.
        """
        if not _LABEL.fullmatch(label):
            raise InvalidEncoding("not a label")
        return derive(self._seed, "ciment/member/derive/v1/" + label)
