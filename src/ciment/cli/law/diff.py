"""`ciment law diff`: what changes between two states of the law, counted exactly over every situation."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from ciment.cli.law.states import State, open_states
from ciment.cli.law.words import tell_count, tell_facts, tell_values
from ciment.law import Difference, Group, UnknownWord, compare, label, list_conditions, load_mission


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `diff`."""
    command = subcommands.add_parser("diff", help="what changes between two states of the law")
    what = "PACK@YYYY-MM-DD as known that day, the file of a bill, or the name of a bill that comes with Ciment"
    command.add_argument("a", metavar="A", help=what)
    command.add_argument("b", metavar="B", help="the same")
    command.add_argument("--lang", default="fr", help="the language of the answer (fr)")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=run_diff)


def run_diff(options: argparse.Namespace) -> int:
    """Print what changes and return 0.

    Raises:
        CimentError: for anything unusable, before anything is printed.
    """
    try:
        before, after = open_states(options.a, options.b)
    except argparse.ArgumentTypeError as error:
        raise UnknownWord(str(error)) from error
    difference = compare(before.epoch, after.epoch, load_mission(before.pack.name).necessity)
    told = list(_tell(before, after, difference, options.lang))
    answer = {"a": before.name, "b": after.name, **difference.to_json()}
    print(json.dumps(answer, ensure_ascii=False, indent=2) if options.json else "\n".join(told))
    return 0


def _tell(before: State, after: State, difference: Difference, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("difference", key, lang)

    for key, state in (("from", before), ("to", after)):
        title = state.title.get(lang) or state.title.get("fr", "")
        yield f"{say(key)} {state.name}{f' — {title}' if title else ''}"
    if lang in before.pack.drafts:
        yield f"! {label('phrase', 'draft', lang)}"
    yield ""
    if not difference.groups:
        yield say("nothing")
        return
    covered = tell_count(difference.covered_by_necessity)
    yield f"{say('changed')} : {tell_count(difference.changed)} ({covered} {say('covered')})"
    yield say("count_notice")
    for group in difference.groups:
        yield ""
        yield from _tell_group(group, lang)


def _tell_group(group: Group, lang: str) -> Iterator[str]:
    def say(key: str) -> str:
        return label("difference", key, lang)

    verdicts = " → ".join(label("verdict", verdict, lang) for verdict in (group.before, group.after))
    covered = f" ({tell_count(group.covered_by_necessity)} {say('covered')})" if group.covered_by_necessity else ""
    yield f"{verdicts.upper()} : {tell_count(group.count)}{covered}"
    yield f"  {say('example')} :"
    yield from (f"    - {line}" for line in tell_facts(group.example, lang))
    for number, box in enumerate(group.boxes, 1):
        yield f"  {say('where')} ({number}/{len(group.boxes)}) :"
        for attribute, values in list_conditions(box).items():
            yield f"    - {label('attribute', attribute, lang)} : {tell_values(attribute, values, lang)}"
