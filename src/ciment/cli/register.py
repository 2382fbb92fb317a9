"""`ciment register verify` and `report`: whether a register is what its checkpoint says, and the figures of a year."""

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from ciment.canon import CimentError
from ciment.register import (
    COSIGNATURE,
    ED25519,
    LogRefused,
    LogReport,
    NoteVerifier,
    PathMissing,
    YearTally,
    encode_report,
    verify_log,
)
from ciment.register.note import MAX_NOTE
from ciment.register.tiles import CHECKPOINT_PATH, MAX_BUNDLE
from ciment.register.verify import Reader

_TIMEOUT_S = 20
_REASONS = {
    "fr": {
        "bundle_malformed": "les entrées publiées ne se lisent plus à partir d'ici",
        "checkpoint_refused": "le point de contrôle n'est pas signé par cette clé pour ce registre",
        "entry_altered": "l'entrée publiée n'est pas celle qui a été inscrite",
        "entry_malformed": "l'entrée n'a pas la forme d'une entrée de registre",
        "missing": "une partie du registre manque",
        "root_differs": "les entrées publiées ne mènent pas au point de contrôle signé",
        "tile_altered": "les empreintes publiées à partir d'ici ne sont pas celles du registre",
        "tile_malformed": "les empreintes publiées à partir d'ici n'ont pas la bonne longueur",
        "witness_missing": "le point de contrôle n'est pas contresigné comme demandé",
    },
    "en": {
        "bundle_malformed": "the published entries cannot be read from here on",
        "checkpoint_refused": "the checkpoint is not signed by this key for this register",
        "entry_altered": "the published entry is not the one that was entered",
        "entry_malformed": "the entry does not have the form of a register entry",
        "missing": "a part of the register is missing",
        "root_differs": "the published entries do not lead to the signed checkpoint",
        "tile_altered": "the hashes published from here on are not those of the register",
        "tile_malformed": "the hashes published from here on do not have the right length",
        "witness_missing": "the checkpoint is not cosigned as asked",
    },
}
_TEXTS = {
    "fr": {
        "valid": "Registre de {origin} : nombre d'entrées vérifiées, de la première au point de contrôle : {size}. "
        "Ce qui est publié est exactement ce que cette clé a signé.",
        "empty": "Registre de {origin} : aucune entrée encore ; le point de contrôle est signé.",
        "alone": "Aucun contresignataire demandé : rien n'exclut que cette clé ait signé une autre version ailleurs.",
        "cosigned": "Contresignataires vérifiés : {count}.",
        "set_back": "Remarque : l'heure recule à l'entrée no {index}. L'horloge a pu être corrigée ; "
        "l'ordre des entrées, lui, est prouvé.",
        "at": "Registre non valable. Première entrée en cause : no {index} : {reason}{where}.",
        "refused": "Registre non valable : {reason}{where}.",
    },
    "en": {
        "valid": "Register of {origin}: number of entries verified, from the first to the checkpoint: {size}. "
        "What is published is exactly what this key signed.",
        "empty": "Register of {origin}: no entry yet; the checkpoint is signed.",
        "alone": "No witness was asked for: nothing excludes that this key signed another version elsewhere.",
        "cosigned": "Witnesses verified: {count}.",
        "set_back": "Remark: the time goes back at entry no. {index}. The clock may have been corrected; "
        "the order of the entries is proved.",
        "at": "Register not valid. First bad entry: no. {index}: {reason}{where}.",
        "refused": "Register not valid: {reason}{where}.",
    },
}


class InputUnusable(CimentError):  # noqa: N818 - the class names the refusal
    """A file or address that the command cannot work with."""


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `register verify` and `register report` to the commands."""
    actions = commands.add_parser("register", help="check a register").add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="verify every entry, tile and signature of a published register")
    verify.set_defaults(run=run_verify)
    report = actions.add_parser("report", help="verify a published register and compute the figures of one year")
    report.add_argument("--year", required=True, type=int, help="calendar year, in universal time")
    report.set_defaults(run=run_report)
    for action in (verify, report):
        action.add_argument("source", metavar="PATH_OR_URL", help="directory or http(s) address of the register")
        add_key_options(action)
        action.add_argument("--origin", help="name of the register (default: the name of the key)")
        action.add_argument("--lang", choices=sorted(_TEXTS), default="fr")


def add_key_options(parser: argparse.ArgumentParser) -> None:
    """Add --key and --witness: the keys come from whoever checks, never from what is checked."""
    parser.add_argument("--key", required=True, metavar="VKEY", help="public key of the register, or @FILE")
    parser.add_argument(
        "--witness", action="append", default=[], metavar="VKEY", help="public key of a required witness, or @FILE"
    )


def read_keys(options: argparse.Namespace) -> tuple[NoteVerifier, list[NoteVerifier]]:
    """Return the key of the register and those of the required witnesses.

    Raises:
        InputUnusable: for a file that cannot be read.
        InvalidEncoding: for a text that is no key of its sort.
    """
    witnesses = [NoteVerifier.parse(_read_key(text), COSIGNATURE) for text in options.witness]
    return read_verifier(options.key), witnesses


def read_verifier(text: str) -> NoteVerifier:
    """Return the verifier of a public key, given as it is or as @FILE; raises as `read_keys` does."""
    return NoteVerifier.parse(_read_key(text), ED25519)


def run_verify(options: argparse.Namespace) -> int:
    """Verify the register and say so in one sentence; return 0 when it holds, 1 when it does not."""
    verifier, witnesses = read_keys(options)
    try:
        report = verify_log(open_source(options.source), verifier, options.origin, witnesses)
    except LogRefused as fault:
        print(_describe_fault(fault, options.lang), file=sys.stderr)
        return 1
    print(_describe_report(report, options.lang))
    return 0


def run_report(options: argparse.Namespace) -> int:
    """Print the canonical figures of one year, once every entry is verified; return 1 and print none otherwise."""
    verifier, witnesses = read_keys(options)
    tally = YearTally(options.year)
    try:
        found = verify_log(
            open_source(options.source), verifier, options.origin, witnesses, lambda _start, entries: tally.add(entries)
        )
    except LogRefused as fault:
        print(_describe_fault(fault, options.lang), file=sys.stderr)
        return 1
    sys.stdout.write(encode_report(tally.report(found.checkpoint.origin)).decode())
    return 0


def open_source(source: str) -> Reader:
    """Return the reader of the register published in a directory or at an http(s) address.

    Raises:
        InputUnusable: when there is no register.
    """
    web = source.startswith(("http://", "https://"))
    read = _web_reader(source.rstrip("/")) if web else _file_reader(Path(source))
    try:
        read(CHECKPOINT_PATH)
    except PathMissing as error:
        raise InputUnusable(f"no register there: {source}") from error
    return read


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        InputUnusable: when it cannot be read or is longer than `limit` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InputUnusable(f"cannot read {path}: {error.strerror}") from error
    return _require_limit(data, limit, str(path))


def _read_key(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return read_file(Path(text[1:]), MAX_NOTE).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise InputUnusable(f"not a key: {text[1:]}") from error


def _file_reader(root: Path) -> Reader:
    def read(path: str) -> bytes:
        file = root / path
        if not file.is_file():
            raise PathMissing(path)
        return read_file(file, _limit_of(path))

    return read


def _web_reader(prefix: str) -> Reader:
    def read(path: str) -> bytes:
        address = f"{prefix}/{path}"
        request = Request(address, headers={"User-Agent": "ciment"})  # noqa: S310 - http(s) only, see open_source
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - the same
                data = answer.read(_limit_of(path) + 1)
        except HTTPError as error:
            # An error holds the connection of its answer until it is closed.
            error.close()
            if error.code in (404, 410):
                raise PathMissing(path) from error
            raise InputUnusable(f"{address} answers {error.code}") from error
        except (URLError, OSError, ValueError) as error:
            raise InputUnusable(f"cannot reach {address}") from error
        return _require_limit(bytes(data), _limit_of(path), address)

    return read


def _limit_of(path: str) -> int:
    return MAX_NOTE if path == CHECKPOINT_PATH else MAX_BUNDLE


def _require_limit(data: bytes, limit: int, where: str) -> bytes:
    if len(data) > limit:
        raise InputUnusable(f"too long: {where}")
    return data


def _describe_report(report: LogReport, lang: str) -> str:
    texts = _TEXTS[lang]
    checkpoint = report.checkpoint
    lines = [texts["valid" if checkpoint.size else "empty"].format(origin=checkpoint.origin, size=checkpoint.size)]
    count = len(report.cosigned_s)
    lines.append(texts["cosigned" if count else "alone"].format(count=count))
    if report.set_back is not None:
        lines.append(texts["set_back"].format(index=report.set_back))
    return "\n".join(lines)


def _describe_fault(fault: LogRefused, lang: str) -> str:
    where = f" ({fault.where})" if fault.where else ""
    text = _TEXTS[lang]["refused" if fault.index is None else "at"]
    return text.format(index=fault.index, reason=_REASONS[lang][fault.reason], where=where)
