"""`ciment law replay`: whether a decision's answer of the law is what its pack answers, years later."""

import argparse
import json
from pathlib import Path
from typing import Any

from ciment.cli.law.files import read_object
from ciment.cli.register import read_file, read_verifier
from ciment.disclosure.packnote import PackUntrusted, verify_pack
from ciment.disclosure.replay import Departure, StatedLaw, parse_stated, replay
from ciment.law import Pack, load_pack
from ciment.law.keeping import NOTE_FILE, load_kept_pack
from ciment.law.loading import shipped_folder
from ciment.register.note import MAX_NOTE

_TEXTS = {
    "fr": {
        "same": "La décision dit ce que dit le droit qu'elle nomme : {pack} ({digest}), le {on}, connu le {known}.",
        "signed": "Ces règles sont signées par {signers}, le {day}.",
        "unsigned": "Signature des règles non vérifiée : donnez --key pour savoir qui en répond.",
        "differs": "La décision ne dit pas ce que dit le droit qu'elle nomme : {pack} ({digest}).",
        "departure": "  {category} : la décision dit {stated} ; le droit dit {computed}.",
    },
    "en": {
        "same": "The decision says what the law it names says: {pack} ({digest}), on {on}, as known on {known}.",
        "signed": "These rules are signed by {signers}, on {day}.",
        "unsigned": "The signature of the rules was not verified: give --key to know who vouches for them.",
        "differs": "The decision does not say what the law it names says: {pack} ({digest}).",
        "departure": "  {category}: the decision says {stated}; the law says {computed}.",
    },
}


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `replay`."""
    command = subcommands.add_parser("replay", help="compute again what a decision says of the law")
    command.add_argument("decision", metavar="DECISION.json", type=Path, help="the decision, as its packet holds it")
    command.add_argument("--pack-dir", metavar="DIR", type=Path, help="where packs are kept (the packs of Ciment)")
    command.add_argument("--key", metavar="VKEY", help="public key that must have signed the pack, or @FILE")
    command.add_argument("--lang", choices=sorted(_TEXTS), default="fr")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=run_replay)


def run_replay(options: argparse.Namespace) -> int:
    """Say whether the verdicts are those of the pack; return 0 when they are, 1 with the difference when not.

    Raises:
        CimentError: for a decision, pack, note or key that cannot be used.
    """
    stated = parse_stated(read_object(options.decision))
    pack, note_file = _find_pack(stated, options.pack_dir)
    texts, signed = _TEXTS[options.lang], _TEXTS[options.lang]["unsigned"]
    if options.key is not None:
        note = read_file(note_file, MAX_NOTE) if note_file.exists() else None
        said = verify_pack(pack, note, [read_verifier(options.key)])
        signed = texts["signed"].format(signers=", ".join(said.signers), day=said.day)
    departures = replay(stated, pack)
    if options.json:
        print(json.dumps(_report(stated, departures), ensure_ascii=False, indent=2))
    else:
        print(texts["differs" if departures else "same"].format(**_report(stated, departures)))
        for departure in departures:
            print(_tell(departure, texts["departure"]))
        print(signed)
    return 1 if departures else 0


def _find_pack(stated: StatedLaw, root: Path | None) -> tuple[Pack, Path]:
    if root is not None:
        folder = root / stated.digest / stated.pack
        return load_kept_pack(root, stated.pack, stated.digest), folder / NOTE_FILE
    pack = load_pack(stated.pack)
    if pack.digest != stated.digest:
        raise PackUntrusted(
            f"pack {stated.pack!r} has moved on from the digest {stated.digest}: give --pack-dir, where it was kept"
        )
    return pack, shipped_folder(stated.pack) / NOTE_FILE


def _report(stated: StatedLaw, departures: list[Departure]) -> dict[str, Any]:
    return {
        "pack": stated.pack,
        "digest": stated.digest,
        "on": stated.on.isoformat(),
        "known": stated.known.isoformat(),
        "same": not departures,
        "departures": [departure.to_json() for departure in departures],
    }


def _tell(departure: Departure, text: str) -> str:
    def show(verdict: Any) -> str:
        return f"{verdict['verdict']}, {verdict['decided_by']} ({', '.join(verdict['rules'])})"

    return text.format(category=departure.category, stated=show(departure.stated), computed=show(departure.computed))
