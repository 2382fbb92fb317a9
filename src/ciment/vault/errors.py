"""The refusals of the vault. Their messages never hold a secret, a name or a text under seal."""

from typing import Literal

from ciment.canon import CimentError


class BlobError(CimentError):
    """Sealed bytes that do not open."""


class CorruptedBlob(BlobError):  # noqa: N818 - the class names the refusal, as its siblings do
    """Bytes that have not the one accepted form, or that were changed after sealing."""


class WrongContext(BlobError):  # noqa: N818 - the class names the refusal
    """Bytes sealed under another key or for another place."""


class BadSignature(CimentError):  # noqa: N818 - the class names the refusal
    """A signature that this member did not make over this message."""


class PassphraseError(CimentError):
    """A passphrase that cannot be used."""


class WeakPassphrase(PassphraseError):  # noqa: N818 - the class names the refusal
    """A passphrase that somebody holding the sealed seed could guess, or that has no plain form."""


class WrongPassphrase(PassphraseError):  # noqa: N818 - the class names the refusal
    """A passphrase, or a host pepper, that is not the one the seed was sealed under."""


class InvalidPacket(CimentError):  # noqa: N818 - the class names the refusal
    """A packet that does not open or has not the one accepted form, or a file that may not be put in one."""


class InvalidRecipient(CimentError):  # noqa: N818 - the class names the refusal
    """A text that is not an age public key Ciment can seal to.

    `reason` says which: `secret` (somebody disclosed a secret key), `post-quantum` (a kind the age library cannot write
    yet), `malformed` (not `age1` and 58 characters, or mistyped), `unusable` (a point of low order or not canonical).
    """

    def __init__(self, reason: Literal["secret", "post-quantum", "malformed", "unusable"], message: str) -> None:
        super().__init__(message)
        self.reason = reason
