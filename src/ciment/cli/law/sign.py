"""`ciment law key` and `ciment law sign`: the key of whoever vouches for law packs, and its note on a pack."""

import argparse
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from ciment.canon import CimentError, InvalidEncoding
from ciment.cli.law.days import parse_day
from ciment.disclosure.packnote import sign_pack
from ciment.law import load_pack_from
from ciment.law.keeping import NOTE_FILE
from ciment.register import NoteSigner

_LARGEST_KEY = 4096


class UnusableKey(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A key file that cannot be read or made, or a note that cannot be written."""


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `key` and `sign`."""
    key = subcommands.add_parser("key", help="make a key that signs law packs")
    key.add_argument("name", metavar="NAME", help="who signs, for example federation.example.org/law")
    key.add_argument("file", metavar="FILE", type=Path, help="where the private key is written; the public one is told")
    key.set_defaults(run=run_key)
    sign = subcommands.add_parser("sign", help="vouch for a law pack with a key")
    sign.add_argument("folder", metavar="FOLDER", type=Path, help="the folder of the pack; its note is written there")
    sign.add_argument("--key", metavar="FILE", type=Path, required=True, help="the private key, made by ciment law key")
    sign.add_argument("--on", type=parse_day, metavar="YYYY-MM-DD", help="the day of the signature (today)")
    sign.set_defaults(run=run_sign)


def run_key(options: argparse.Namespace) -> int:
    """Make a private key, closed to others, print the public one that institutions pin, and return 0.

    Raises:
        CimentError: for a name that no key can bear, or a file that is there already or cannot be made.
    """
    signer = NoteSigner.from_seed(options.name, secrets.token_bytes(32))
    try:
        # Created exclusively and closed to others from its first byte on: no key is ever replaced.
        descriptor = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{str(options.file)!r} cannot be made: {_reason(error)}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{signer.skey}\n")
    print(signer.vkey)
    return 0


def run_sign(options: argparse.Namespace) -> int:
    """Write the note of a pack beside its rules, say what it vouches for, and return 0.

    Raises:
        CimentError: for a pack or a key that cannot be used.
    """
    signer = _read_signer(options.key)
    pack = load_pack_from(options.folder.resolve())
    day = options.on or date.today()  # noqa: DTZ011 - the day of the one who signs
    try:
        (options.folder / NOTE_FILE).write_bytes(sign_pack(pack, day, signer))
    except OSError as error:
        raise UnusableKey(f"{str(options.folder / NOTE_FILE)!r} cannot be written: {_reason(error)}") from error
    print(f"{pack.name} {pack.digest} {day.isoformat()} {signer.verifier.name}")
    return 0


def _read_signer(path: Path) -> NoteSigner:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_KEY).decode("utf-8")
        return NoteSigner.parse(text.strip())
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{str(path)!r} cannot be read: {_reason(error)}") from error
    except InvalidEncoding as error:
        # What the file holds may be a key mistyped: it is not repeated.
        raise UnusableKey(f"{str(path)!r} holds no private key made by 'ciment law key' ({error})") from error


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "refused"
    return "not text in UTF-8" if isinstance(error, UnicodeDecodeError) else "not a file name"
