"""Age public and secret keys, as texts that were checked (docs/formats/packet.md)."""

from dataclasses import dataclass, field

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from ciment.vault.errors import InvalidRecipient
from ciment.vault.words import generate_passphrase, plain_passphrase

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_FIELD = 2**255 - 19


@dataclass(frozen=True)
class AgeRecipient:
    """A public key a packet can be sealed to; it exists only for a text that passes every check.

    Raises:
        InvalidRecipient: for any other text, surrounding space and upper case included.
    """

    text: str

    def __post_init__(self) -> None:
        _require_kind(self.text)
        try:
            canonical = str(pyrage.x25519.Recipient.from_str(self.text))
        except pyrage.RecipientError as error:
            raise InvalidRecipient("malformed", "expected an age public key: age1 and 58 characters") from error
        if canonical != self.text:
            raise InvalidRecipient("malformed", "expected an age public key in lower case")
        _require_usable(_point(self.text))


def parse_recipient(text: str) -> AgeRecipient:
    """Return the age public key `text` (`age1` and 58 characters, lower case).

    Raises:
        InvalidRecipient: for anything else; its `reason` and message say what is expected.
    """
    return AgeRecipient(text)


@dataclass(frozen=True)
class AgeIdentity:
    """An age secret key (`AGE-SECRET-KEY-1…`). It prints redacted.

    Raises:
        InvalidRecipient: for a text that is not one.
    """

    text: str = field(repr=False, compare=False)
    recipient: AgeRecipient = field(init=False)

    def __post_init__(self) -> None:
        try:
            identity = pyrage.x25519.Identity.from_str(self.text)
        except pyrage.IdentityError as error:
            raise InvalidRecipient("malformed", "expected an age secret key: AGE-SECRET-KEY-1 and more") from error
        if str(identity) != self.text:
            raise InvalidRecipient("malformed", "expected an age secret key in upper case")
        object.__setattr__(self, "recipient", AgeRecipient(str(identity.to_public())))

    @classmethod
    def generate(cls) -> "AgeIdentity":
        """Return a fresh random identity."""
        return cls(str(pyrage.x25519.Identity.generate()))


@dataclass(frozen=True)
class Passphrase:
    """A passphrase in its plain form, exactly as the recipient types it into an age program. It prints redacted.

    Raises:
        PassphraseError: for a text that is empty or has no plain form.
    """

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        # Age programs compare bytes: an accent composed in another way, or a capital, would close the packet for good.
        object.__setattr__(self, "text", plain_passphrase(self.text))

    @classmethod
    def generate(cls, words: int = 7) -> "Passphrase":
        """Return a fresh passphrase of `words` words (≥ 6)."""
        return cls(generate_passphrase(words))


def _require_kind(text: str) -> None:
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise InvalidRecipient("secret", "this is a secret key, now disclosed: make another and give its public key")
    if text.lower().startswith(("age1pq1", "age1tagpq1")):
        raise InvalidRecipient("post-quantum", "post-quantum keys are not supported: expected age1 and 58 characters")


def _point(text: str) -> bytes:
    # The checksum was verified by the age library, which gives no access to the point.
    bits = "".join(f"{_BECH32.index(character):05b}" for character in text[len("age1") : -6])
    return int(bits[:256], 2).to_bytes(32, "big")


def _require_usable(point: bytes) -> None:
    # The age library panics on points of low order instead of raising, and takes coordinates beyond the field.
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise InvalidRecipient("unusable", "age public key of low order") from error
    if int.from_bytes(point, "little") >= _FIELD:
        raise InvalidRecipient("unusable", "age public key that is not canonical")
