"""The packet: files in a ZIP archive inside an age file, which any age program opens (docs/formats/packet.md)."""

import re
from collections.abc import Mapping
from typing import cast

import pyrage

from ciment.vault.archive import read_archive, write_archive
from ciment.vault.errors import InvalidPacket
from ciment.vault.recipient import AgeIdentity, AgeRecipient, Passphrase, parse_recipient
from ciment.vault.words import require_strong

__all__ = ["AgeIdentity", "AgeRecipient", "Passphrase", "open_age", "open_packet", "parse_recipient", "seal_packet"]

# age's own ceiling: 2^22 blocks of 1 KiB, 4 GiB. The library has none that low.
_HIGHEST_WORK = 22
_VERSION = b"age-encryption.org/v1\n"
# A scrypt stanza is the only one of its header, hence its second line.
_SCRYPT = re.compile(_VERSION + rb"-> scrypt [^ \n]+ ([0-9]+)\n")


def seal_packet(files: Mapping[str, bytes], target: AgeRecipient | Passphrase) -> bytes:
    """Return `files` (flat name → content) as one age file that only `target` opens.

    With a passphrase this takes a second or more: the age library chooses scrypt's cost for the machine it runs on.

    Raises:
        InvalidPacket: for no file, an unsafe name, or two names equal when case is folded.
        WeakPassphrase: for a passphrase that could be guessed.
    """
    archive = write_archive(files)
    if isinstance(target, Passphrase):
        # Whoever intercepts the packet guesses at leisure, without the host's pepper.
        require_strong(target.text)
        return cast("bytes", pyrage.passphrase.encrypt(archive, target.text))
    return cast("bytes", pyrage.encrypt(archive, [pyrage.x25519.Recipient.from_str(target.text)]))


def open_packet(packet: bytes, secret: AgeIdentity | Passphrase) -> dict[str, bytes]:
    """Return the files of `packet`.

    Raises:
        InvalidPacket: for another secret, bytes that were changed, or an archive that is not canonical.
    """
    return read_archive(open_age(packet, secret))


def open_age(sealed: bytes, secret: AgeIdentity | Passphrase) -> bytes:
    """Return what the binary age file `sealed` holds.

    Raises:
        InvalidPacket: for another secret, other bytes (armour included), or a scrypt work factor above 22.
    """
    if not sealed.startswith(_VERSION):
        raise InvalidPacket("not a binary age file")
    work = _SCRYPT.match(sealed)
    if work and (len(work[1]) > 2 or int(work[1]) > _HIGHEST_WORK):
        raise InvalidPacket("passphrase whose cost is above the ceiling")
    try:
        if isinstance(secret, Passphrase):
            return cast("bytes", pyrage.passphrase.decrypt(sealed, secret.text))
        return cast("bytes", pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret.text)]))
    except pyrage.DecryptError as error:
        raise InvalidPacket("does not open with this secret") from error
