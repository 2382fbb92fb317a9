"""The signed note of a law pack: who vouches that these are its rules, since which day (docs/formats/law-pack.md)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ciment.canon import CimentError, InvalidEncoding
from ciment.law import Pack
from ciment.register import NoteSigner, NoteVerifier
from ciment.register.errors import NoteRefused
from ciment.register.note import join_note, open_note

_FORMAT = "ciment/law/v1/pack"
_TEXT = re.compile(rf"{_FORMAT}\n([a-z0-9_-]+)\n([0-9a-f]{{64}})\n([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\n")
# Anybody can make this key again: it shows how packs are signed, and vouches for nothing. Its name says so wherever it
# is pinned or signs.
_DEMONSTRATION = "ciment-demonstration-key-anybody-can-sign"


class PackUntrusted(CimentError):  # noqa: N818 - the class names the refusal
    """A pack for which no trusted key vouches. The message says why, and names the pack."""


@dataclass(frozen=True)
class PackNote:
    """What a verified note says: the pack, the digest of its rules, the day of the signature, and who signed."""

    pack: str
    digest: str
    day: date
    signers: tuple[str, ...]


def sign_pack(pack: Pack, day: date, signer: NoteSigner) -> bytes:
    """Return the note by which `signer` vouches for the pack on `day`."""
    text = f"{_FORMAT}\n{pack.name}\n{pack.digest}\n{day.isoformat()}\n"
    return join_note(text, [signer.sign(text)])


def verify_pack(pack: Pack, note: bytes | None, trusted: Sequence[NoteVerifier]) -> PackNote:
    """Return what the note says, once a trusted key signed it and it is of exactly this pack.

    Raises:
        PackUntrusted: no note, none by a trusted key, or one of another pack or digest.
    """
    if note is None:
        raise PackUntrusted(f"pack {pack.name!r} comes without a signed note")
    try:
        text, signers = open_note(note, trusted)
    except NoteRefused as error:
        raise PackUntrusted(f"the note of pack {pack.name!r} is refused: {error}") from error
    said = _read_text(pack, text)
    if (said.pack, said.digest) != (pack.name, pack.digest):
        raise PackUntrusted(
            f"the note is of pack {said.pack!r} with the digest {said.digest}, not of {pack.name!r} with {pack.digest}"
        )
    return PackNote(said.pack, said.digest, said.day, signers)


def parse_trusted(data: bytes) -> tuple[NoteVerifier, ...]:
    """Return the keys of a file of trusted keys: one verifier key per line; empty lines and those after # are skipped.

    Raises:
        InvalidEncoding: for anything else, or no key at all.
    """
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidEncoding("the file of trusted keys is not text in UTF-8") from error
    keys = tuple(NoteVerifier.parse(line.strip()) for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise InvalidEncoding("the file of trusted keys holds no key")
    return keys


def demonstration_signer() -> NoteSigner:
    """Return the key that signs the shipped packs. It is public: no institution at work may trust it."""
    return NoteSigner.from_seed(_DEMONSTRATION, hashlib.sha256(_DEMONSTRATION.encode()).digest())


def _read_text(pack: Pack, text: str) -> PackNote:
    if found := _TEXT.fullmatch(text):
        name, digest, day = found.groups()
        try:
            return PackNote(name, digest, date.fromisoformat(day), ())
        except ValueError:
            pass
    raise PackUntrusted(f"the note of pack {pack.name!r} does not say what a note of a pack says")
