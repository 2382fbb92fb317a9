"""`ciment law prove`: every situation, at every time, and the simplest counterexample to what does not hold."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from ciment.cli.law.packs import open_pack
from ciment.cli.law.states import open_bill
from ciment.cli.law.words import tell_count, tell_day, tell_facts
from ciment.law import Bill, Counterexample, Mission, Proof, amend, label, load_mission, prove


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `prove`."""
    command = subcommands.add_parser("prove", help="prove a pack in every situation, at every time")
    command.add_argument("--pack", help="the pack of rules: a name, or a folder with a slash in it (be)")
    command.add_argument(
        "--bill", help="prove the pack as this bill would make it: a file, or a name that comes with Ciment"
    )
    command.add_argument("--lang", default="fr", help="the language of the answer (fr)")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=run_prove)


def run_prove(options: argparse.Namespace) -> int:
    """Print the proof; return 0 when everything holds, 1 when something does not.

    Raises:
        CimentError: for an unknown pack or language, before anything is printed.
    """
    bill = open_bill(options.bill) if options.bill else None
    pack = open_pack(options.pack or (bill.pack if bill else "be"))
    mission = load_mission(pack.name)
    proof = prove(amend(pack, bill) if bill else pack, mission.invariants)
    draft = options.lang in pack.drafts
    told = list(_tell(proof, mission, bill, options.lang, draft=draft))
    answer = {**proof.to_json(), **({"bill": bill.name} if bill else {})}
    print(json.dumps(answer, ensure_ascii=False, indent=2) if options.json else "\n".join(told))
    return 0 if proof.holds else 1


def _tell(proof: Proof, mission: Mission, bill: Bill | None, lang: str, *, draft: bool) -> Iterator[str]:
    def say(key: str) -> str:
        return label("proof", key, lang)

    yield f"{label('phrase', 'pack', lang)} : {proof.pack} ({proof.digest[:16]})"
    if bill:
        yield f"{say('bill')} : {bill.name} — {bill.title.get(lang) or bill.title.get('fr', bill.name)}"
    if draft:
        yield f"! {label('phrase', 'draft', lang)}"
    yield f"{tell_count(proof.situations)} {say('situations')} ; {len(proof.eras)} {say('epochs')}"
    yield ""
    # An invariant of one's own may speak French alone: another language then reads it.
    texts = {each.id: each.text.get(lang) or each.text.get("fr", each.id) for each in mission.invariants}
    for name, broken in proof.obligations.items():
        text = texts[name] if name in texts else label("obligation", name, lang)
        yield f"{say('broken' if broken else 'holds')} — {text} ({name})"
        if broken:
            yield from (f"  {line}" for line in _tell_counterexample(broken, lang))
    if proof.holds:
        yield ""
        yield say("all_hold")


def _tell_counterexample(broken: Counterexample, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("proof", key, lang)

    if broken.dead:
        yield f"{say('dead')} : {', '.join(broken.dead)}"
    known = f", {label('phrase', 'known_on', lang)} {tell_day(broken.known, lang)}"
    yield f"{say('counterexample')} {tell_day(broken.on, lang)}{known if broken.known != broken.on else ''} :"
    yield from (f"  - {line}" for line in tell_facts(broken.facts, lang))
    verdicts = " / ".join(label("verdict", verdict, lang) for verdict in broken.verdicts)
    yield f"{say('conflict' if len(broken.verdicts) > 1 else 'verdicts')} : {verdicts}"
    if broken.expected:
        yield f"{say('expected')} : {label('verdict', broken.expected, lang)}"
    yield f"{say('rules')} : {', '.join(broken.rules) or label('phrase', 'no_rule', lang)}"
    yield f"{say('failing')} : {tell_count(broken.situations)}"
