"""The law packs of this server: believed once a key that the institution pinned vouches for them, then kept."""

from functools import lru_cache

from django.conf import settings

from ciment.canon import InvalidEncoding
from ciment.disclosure.packnote import PackUntrusted, demonstration_signer, parse_trusted, verify_pack
from ciment.law import Pack, label, load_pack
from ciment.law.keeping import NOTE_FILE, keep_pack
from ciment.law.loading import shipped_folder
from ciment.register import NoteVerifier
from ciment_web.institutions.keyfiles import KeyFileMissing, read_key, write_key
from ciment_web.institutions.languages import reading_language
from ciment_web.institutions.models import Institution

TRUSTED_FILE = "law.vkeys"
"""The key file that says who vouches for the law: one public key per line (docs/formats/law-pack.md)."""


def pack_of(institution: Institution) -> Pack:
    """Return the pack the institution applies, once its note is verified; a copy is kept for later replays.

    Raises:
        PackUntrusted: no key that the institution pinned vouches for it, or none is pinned.
    """
    try:
        trusted = read_key(institution, TRUSTED_FILE)
    except KeyFileMissing as error:
        raise PackUntrusted(f"no key is pinned that vouches for the law: {error}") from error
    return _verified_pack(institution.law_pack, trusted)


def pin_keys(institution: Institution, data: bytes) -> None:
    """Let the institution trust the keys of `data`, a file of public keys.

    Raises:
        PackUntrusted: if the file cannot be read, or holds no key that this server would believe.
        FileExistsError: if the institution pinned any key before.
    """
    if not _read_trusted(data):
        raise PackUntrusted("the key of the demonstration vouches for nothing: anybody can sign with it")
    write_key(institution, TRUSTED_FILE, data)


def pin_demonstration_key(institution: Institution) -> None:
    """Let the institution trust the public key of the demonstration; raises FileExistsError if it pinned any key."""
    signer = demonstration_signer()
    text = f"# Clé publique de démonstration : n’importe qui peut signer avec elle.\n{signer.vkey}\n"
    write_key(institution, TRUSTED_FILE, text.encode())


# By the bytes of the file: a key pinned or taken back counts at once, and the note is verified once for each.
@lru_cache(maxsize=64)
def _verified_pack(name: str, trusted: bytes) -> Pack:
    pack, folder = load_pack(name), shipped_folder(name)
    note = folder / NOTE_FILE
    verify_pack(pack, note.read_bytes() if note.exists() else None, _read_trusted(trusted))
    keep_pack(folder, settings.CIMENT_PACKS)
    return pack


def _read_trusted(data: bytes) -> list[NoteVerifier]:
    try:
        keys = parse_trusted(data)
    except InvalidEncoding as error:
        raise PackUntrusted(f"the key file '{TRUSTED_FILE}' cannot be read: {error}") from error
    # Anybody can sign with the key of the demonstration: an institution at work is not taken in by it.
    public = demonstration_signer().verifier
    return [key for key in keys if not (settings.CIMENT_SECURE and key.public == public.public)]


def word_for(kind: str, value: str) -> str:
    """Return the words for a public name of the law in the language that the page under way is read in."""
    return label(kind, value, reading_language())
