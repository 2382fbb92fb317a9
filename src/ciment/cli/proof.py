"""`ciment proof verify`: whether a document is in a register, from one offline file."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ciment.canon import InvalidEncoding
from ciment.cli.register import InputUnusable, add_key_options, read_file, read_keys
from ciment.register import Evidence, ProofRefused, verify_proof
from ciment.register.proof import MAX_PROOF

_MAX_DOCUMENT = 1 << 30
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_DATES = {
    "fr": "{day} {month} {year} à {hour} h {minute:02} (UTC)",
    "nl": "{day} {month} {year} om {hour}.{minute:02} uur (UTC)",
    "de": "{day}. {month} {year} um {hour}.{minute:02} Uhr (UTC)",
    "en": "{day} {month} {year} at {hour}:{minute:02} (UTC)",
}
_TYPES = {
    "fr": {
        "certificate": "attestation de relais",
        "decision": "décision de communication",
        "inventory": "inventaire",
        "letter": "lettre",
        "packet": "pli",
    },
    "nl": {
        "certificate": "attest van overname",
        "decision": "beslissing tot mededeling",
        "inventory": "inventaris",
        "letter": "brief",
        "packet": "zending",
    },
    "de": {
        "certificate": "Übernahmebescheinigung",
        "decision": "Mitteilungsentscheidung",
        "inventory": "Verzeichnis",
        "letter": "Schreiben",
        "packet": "Sendung",
    },
    "en": {
        "certificate": "certificate of relay",
        "decision": "decision",
        "inventory": "inventory",
        "letter": "letter",
        "packet": "packet",
    },
}
_VERIFIED = {
    "fr": "Ce document ({type}) figure au registre de {origin} : entrée no {index}, inscrite le {date}. "
    "Il n'a pas été modifié depuis.",
    "nl": "Dit document ({type}) staat in het register van {origin}: inschrijving nr. {index}, van {date}. "
    "Het is sindsdien niet gewijzigd.",
    "de": "Dieses Dokument ({type}) steht im Register von {origin}: Eintrag Nr. {index} vom {date}. "
    "Es wurde seither nicht verändert.",
    "en": "This document ({type}) is in the register of {origin}: entry no. {index}, made on {date}. "
    "It has not been changed since.",
}
_DIGEST = {
    "fr": "Le registre de {origin} porte, à l'entrée no {index}, inscrite le {date}, un document ({type}) dont "
    "l'empreinte SHA-256 est {sha256} : comparez-la à celle de votre document, ou relancez avec --document.",
    "nl": "Het register van {origin} bevat, onder inschrijving nr. {index}, van {date}, een document ({type}) met "
    "SHA-256-vingerafdruk {sha256}: vergelijk die met uw document, of herhaal met --document.",
    "de": "Das Register von {origin} führt unter Eintrag Nr. {index} vom {date} ein Dokument ({type}) mit dem "
    "SHA-256-Wert {sha256}: Vergleichen Sie ihn mit Ihrem Dokument oder wiederholen Sie mit --document.",
    "en": "The register of {origin} holds, at entry no. {index}, made on {date}, a document ({type}) whose "
    "SHA-256 digest is {sha256}: compare it with your document, or run again with --document.",
}
_REASONS = {
    "fr": {
        "checkpoint_refused": "le point de contrôle n'est pas signé par cette clé",
        "document_differs": "le document n'est pas celui qui a été inscrit",
        "document_unnamed": "l'entrée ne nomme pas ce document",
        "not_included": "l'entrée n'est pas dans le registre signé",
        "opening_differs": "les détails ne sont pas ceux de l'entrée",
        "witness_missing": "le point de contrôle n'est pas contresigné comme demandé",
    },
    "nl": {
        "checkpoint_refused": "het controlepunt is niet met deze sleutel ondertekend",
        "document_differs": "het document is niet het ingeschreven document",
        "document_unnamed": "de inschrijving noemt dit document niet",
        "not_included": "de inschrijving staat niet in het ondertekende register",
        "opening_differs": "de gegevens zijn niet die van de inschrijving",
        "witness_missing": "het controlepunt is niet medeondertekend zoals gevraagd",
    },
    "de": {
        "checkpoint_refused": "der Kontrollpunkt ist nicht mit diesem Schlüssel unterzeichnet",
        "document_differs": "das Dokument ist nicht das eingetragene",
        "document_unnamed": "der Eintrag nennt dieses Dokument nicht",
        "not_included": "der Eintrag steht nicht im unterzeichneten Register",
        "opening_differs": "die Angaben sind nicht die des Eintrags",
        "witness_missing": "der Kontrollpunkt ist nicht wie verlangt mitunterzeichnet",
    },
    "en": {
        "checkpoint_refused": "the checkpoint is not signed by this key",
        "document_differs": "the document is not the one that was entered",
        "document_unnamed": "the entry does not name this document",
        "not_included": "the entry is not in the signed register",
        "opening_differs": "the details are not those of the entry",
        "witness_missing": "the checkpoint is not cosigned as asked",
    },
}
_REFUSED = {
    "fr": "Non prouvé : ce fichier ne montre pas que le document figure au registre ({reason}).",
    "nl": "Niet bewezen: dit bestand toont niet aan dat het document in het register staat ({reason}).",
    "de": "Nicht bewiesen: Diese Datei zeigt nicht, dass das Dokument im Register steht ({reason}).",
    "en": "Not proved: this file does not show that the document is in the register ({reason}).",
}


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `proof verify` to the commands."""
    actions = commands.add_parser("proof", help="check a proof file").add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="verify that a document is in a register")
    verify.add_argument("file", type=Path, metavar="FILE", help="the proof file (.tlog-proof)")
    add_key_options(verify)
    verify.add_argument("--document", type=Path, metavar="PATH", help="the document that should be proved")
    verify.add_argument("--lang", choices=list(_VERIFIED), default="fr")
    verify.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Verify the proof and say what it shows in one sentence; return 0 when it holds, 1 when it does not."""
    verifier, witnesses = read_keys(options)
    data = read_file(options.file, MAX_PROOF)
    document = None if options.document is None else read_file(options.document, _MAX_DOCUMENT)
    try:
        evidence = verify_proof(data, verifier, document, witnesses)
    except InvalidEncoding as error:
        raise InputUnusable(f"not a proof file: {options.file} ({error})") from error
    except ProofRefused as error:
        print(_REFUSED[options.lang].format(reason=_REASONS[options.lang][error.reason]), file=sys.stderr)
        return 1
    print(describe_evidence(evidence, options.lang, shown=document is not None))
    return 0


def describe_evidence(evidence: Evidence, lang: str, *, shown: bool) -> str:
    """Return the sentence in `lang` (fr, nl, de, en) that says what `evidence` shows.

    `shown` tells whether the document itself was compared; otherwise the sentence gives the digest to compare.
    """
    return (_VERIFIED if shown else _DIGEST)[lang].format(
        type=_TYPES[lang][evidence.subject.type],
        origin=evidence.checkpoint.origin,
        index=evidence.index,
        date=_write_date(evidence.time_ms, lang),
        sha256=evidence.subject.sha256.hex(),
    )


def _write_date(time_ms: int, lang: str) -> str:
    time = datetime.fromtimestamp(time_ms // 1000, UTC)
    return _DATES[lang].format(
        day="1er" if lang == "fr" and time.day == 1 else time.day,
        month=_MONTHS[lang].split()[time.month - 1],
        year=time.year,
        hour=time.hour,
        minute=time.minute,
    )
