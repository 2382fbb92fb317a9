"""The one key encapsulation of Ciment: HPKE (RFC 9180) with MLKEM768_X25519, HKDF-SHA256, ChaCha20-Poly1305.

A public key is encoded ML-KEM-768 (1184 bytes) ‖ X25519 (32 bytes); keys are compared by that encoding. HPKE runs in
its single-shot base mode, so everything a ciphertext must be bound to goes into `info`.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ciment.canon.errors import CimentError, InvalidEncoding

PUBLIC_KEY_SIZE = 1184 + 32
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_FIELD = 2**255 - 19


class OpeningFailed(CimentError):  # noqa: N818 - the class names the refusal
    """A ciphertext that this key and this context do not open."""


def derive(secret: bytes, info: str, length: int = 32) -> bytes:
    """Return `length` bytes of HKDF-SHA256 (RFC 5869, empty salt) of `secret` under the label `info`."""
    return HKDF(hashes.SHA256(), length, salt=None, info=info.encode()).derive(secret)


@dataclass(frozen=True)
class HybridPublicKey:
    """A checked recipient key; `encoded` is its only form outside this class (1216 bytes)."""

    encoded: bytes
    _key: hpke.MLKEM768X25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def parse(cls, encoded: bytes) -> "HybridPublicKey":
        """Return the key of `encoded`.

        Raises:
            InvalidEncoding: for another length, an ML-KEM key out of range, an X25519 coordinate that is not reduced
                or a point of low order: the library accepts those, and one would give every sender the same secret.
        """
        if len(encoded) != PUBLIC_KEY_SIZE:
            raise InvalidEncoding("not a hybrid public key")
        if int.from_bytes(encoded[1184:], "little") >= _FIELD:
            raise InvalidEncoding("X25519 key that is not canonical")
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(encoded[:1184])
            x25519 = X25519PublicKey.from_public_bytes(encoded[1184:])
            X25519PrivateKey.generate().exchange(x25519)
        except ValueError as error:
            raise InvalidEncoding("unusable public key") from error
        return cls(encoded, hpke.MLKEM768X25519PublicKey(mlkem, x25519))

    def seal(self, plaintext: bytes, info: bytes) -> bytes:
        """Return `plaintext` encapsulated to this key and bound to `info`."""
        return _SUITE.encrypt(plaintext, self._key, info)


@dataclass(frozen=True)
class HybridPrivateKey:
    """A recipient's secret key. It prints redacted."""

    public: HybridPublicKey
    _key: hpke.MLKEM768X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> "HybridPrivateKey":
        """Return the key pair of 96 secret bytes: [:64] the ML-KEM-768 seed, [64:] the X25519 scalar."""
        if len(secret) != 96:
            raise InvalidEncoding("a hybrid key is made of 96 bytes")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(secret[:64])
        x25519 = X25519PrivateKey.from_private_bytes(secret[64:])
        encoded = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(HybridPublicKey.parse(encoded), hpke.MLKEM768X25519PrivateKey(mlkem, x25519))

    def open(self, ciphertext: bytes, info: bytes) -> bytes:
        """Return what was sealed to this key under exactly `info`.

        Raises:
            OpeningFailed: for any other ciphertext, key or context.
        """
        try:
            return _SUITE.decrypt(ciphertext, self._key, info)
        except (InvalidTag, ValueError) as error:
            raise OpeningFailed("does not open with this key in this context") from error
