"""`ciment law explain`: one rule in plain words."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ciment.cli.law.days import parse_day
from ciment.cli.law.packs import open_pack
from ciment.cli.law.words import tell_day, tell_near_miss, tell_source, tell_values
from ciment.law import (
    REQUIRED,
    VERDICTS,
    VOCABULARY,
    Example,
    Explanation,
    Interval,
    Pack,
    Rule,
    UnknownWord,
    explain,
    label,
    space,
)
from ciment.law.rules import ALWAYS


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `explain`."""
    command = subcommands.add_parser("explain", help="explain one rule in plain words")
    command.add_argument("rule", metavar="RULE", help="the identifier of the rule")
    command.add_argument("--on", type=parse_day, metavar="YYYY-MM-DD", help="the day of the law (today)")
    command.add_argument("--pack", default="be", help="the pack of rules: a name, or a folder with a slash in it (be)")
    command.add_argument("--lang", default="fr", help="the language of the answer (fr)")
    command.set_defaults(run=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Print what there is to know of one rule and return 0.

    Raises:
        CimentError: for anything unusable, before anything is printed.
    """
    pack = open_pack(options.pack)
    if options.lang not in pack.languages:
        allowed = ", ".join(pack.languages)
        raise UnknownWord(f"pack {pack.name!r} does not speak the language {options.lang!r}; allowed: {allowed}")
    # The clock is read here, at the edge: the core is given its day.
    on = options.on or date.today()  # noqa: DTZ011 - the law of the day is that of the institution's own calendar
    explanation = explain(pack, options.rule, on)
    print("\n".join([*_tell_rule(explanation.rule, options.lang), *_tell_place(explanation, pack, options.lang)]))
    return 0


def _tell_rule(rule: Rule, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("phrase", key, lang)

    yield f"{rule.id} : {label('verdict', rule.verdict, lang)}"
    yield f"  {rule.text[lang]}"
    yield from (f"  ! {label('flag', flag, lang)}" for flag in rule.flags)
    yield f"  {say('decided_by')} : {label('decided_by', rule.decided_by, lang)}"
    yield f"  {say('conditions')} : {'' if rule.when else say('any_situation')}".rstrip()
    for attribute, values in rule.when.items():
        yield f"    - {label('attribute', attribute, lang)} : {tell_values(attribute, values, lang)}"
    yield f"  {say('in_force')} : {' ; '.join(_tell_interval(interval, lang) for interval in rule.in_force)}"
    if rule.annulled_on is not None:
        yield f"  ! {say('annulled_on')} {tell_day(rule.annulled_on, lang)} : {say('annulled')}"
    yield f"  {say('sources')} :"
    for source in rule.sources:
        cited = "" if source.cited == ALWAYS else f" — {say('cited')} {_tell_interval(source.cited, lang)}"
        yield f"    - {tell_source(source, lang)}{cited}"


def _tell_place(explanation: Explanation, pack: Pack, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("phrase", key, lang)

    for key, others in (("overrides", explanation.overrides), ("overridden_by", explanation.overridden_by)):
        yield f"  {say(key)} : {'' if others else say('no_other_rule')}".rstrip()
        yield from (f"    - {line}" for line in _tell_rules(others, lang))
    yield f"  {say('holds' if explanation.holds else 'holds_not')} {tell_day(explanation.on, lang)}."
    if explanation.example is None:
        yield f"  ! {say('never_decides')}"
    else:
        yield from _tell_example(explanation.example, lang)
    if lang in pack.drafts:
        yield f"  ! {say('draft')}"


def _tell_rules(rules: Iterable[Rule], lang: str) -> Iterator[str]:
    ordered = sorted(rules, key=lambda rule: (VERDICTS.index(rule.verdict), rule.id))
    for verdict, same in groupby(ordered, key=lambda rule: rule.verdict):
        yield f"{label('verdict', verdict, lang)} : {', '.join(rule.id for rule in same)}"


def _tell_example(example: Example, lang: str) -> Iterator[str]:
    yield f"  {label('phrase', 'example', lang)} {tell_day(example.on, lang)} :"
    for attribute, (value,) in space.conditions(example.situation, VOCABULARY).items():
        if attribute in REQUIRED or value != VOCABULARY[attribute][0]:
            yield f"    - {label('attribute', attribute, lang)} : {label(attribute, value, lang)}"
    yield f"    - {label('phrase', 'rest', lang)}"
    yield f"  {label('phrase', 'nearest', lang)} :"
    yield from (f"    - {tell_near_miss(miss, lang)}" for miss in example.nearest)


def _tell_interval(interval: Interval, lang: str) -> str:
    bounds: Sequence[tuple[str, date | None]] = (("since", interval.start), ("until", interval.end))
    told = [f"{label('phrase', key, lang)} {tell_day(day, lang)}" for key, day in bounds if day is not None]
    return " ".join(told) or label("phrase", "no_date", lang)
