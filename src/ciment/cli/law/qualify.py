"""`ciment law qualify`: one request, with reasons and sources."""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ciment.cli.law.days import parse_day
from ciment.cli.law.files import read_object
from ciment.cli.law.packs import open_pack
from ciment.cli.law.words import tell_day, tell_near_miss, tell_source
from ciment.law import CategoryVerdict, Qualification, label, parse_facts, qualify


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `qualify`."""
    command = subcommands.add_parser("qualify", help="qualify one request, with reasons and sources")
    command.add_argument("facts", metavar="FACTS.json", type=Path, help="the facts, one JSON object")
    command.add_argument("--on", type=parse_day, metavar="YYYY-MM-DD", help="the day of the law (today)")
    command.add_argument("--known", type=parse_day, metavar="YYYY-MM-DD", help="as known on that day (that of --on)")
    command.add_argument("--pack", default="be", help="the pack of rules: a name, or a folder with a slash in it (be)")
    command.add_argument("--lang", default="fr", help="the language of the answer (fr)")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=run_qualify)


def run_qualify(options: argparse.Namespace) -> int:
    """Print the qualification of one file of facts and return 0.

    Raises:
        CimentError: for anything unusable, before anything is printed.
    """
    facts = parse_facts(read_object(options.facts))
    # The clock is read here, at the edge: the core is given its day.
    on = options.on or date.today()  # noqa: DTZ011 - the law of the day is that of the institution's own calendar
    qualification = qualify(open_pack(options.pack), facts, on, options.known)
    answer = qualification.to_json(options.lang)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_tell(qualification, options.lang)))
    return 0


def _tell(qualification: Qualification, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("phrase", key, lang)

    if lang in qualification.drafts:
        yield say("draft")
    on, known = tell_day(qualification.on, lang), tell_day(qualification.known, lang)
    yield f"{say('law_on')} {on}, {say('known_on')} {known}"
    yield f"{say('pack')} : {qualification.pack} ({qualification.digest[:16]})"
    if qualification.assumed:
        assumed = (label("attribute", name, lang) for name in qualification.assumed)
        yield f"{say('assumed')} : {', '.join(assumed)}"
    for category, verdict in qualification.verdicts.items():
        yield ""
        yield from _tell_verdict(category, verdict, lang)
    yield ""
    if qualification.reveals_existence:
        yield say("reveals_existence")
    yield say("notice")


def _tell_verdict(category: str, verdict: CategoryVerdict, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("phrase", key, lang)

    yield f"{label('category', category, lang).upper()} : {label('verdict', verdict.verdict, lang)}"
    yield f"  {verdict.text(lang)}"
    yield from (f"  ! {label('flag', flag, lang)}" for flag in verdict.flags)
    yield f"  {say('decided_by')} : {label('decided_by', verdict.decided_by, lang)}"
    if verdict.near_misses:
        yield f"  {say('near_misses')} :"
        yield from (f"    - {tell_near_miss(miss, lang)}" for miss in verdict.near_misses)
    yield f"  {say('status')} : {label('status', verdict.status, lang)}"
    if verdict.sources:
        yield f"  {say('sources')} :"
    yield from (f"    - {tell_source(source, lang)}" for source in verdict.sources)
