"""`ciment law test`: a pack against the scenarios that jurists wrote for it."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ciment.cli.law.files import read_bytes
from ciment.cli.law.packs import open_pack
from ciment.law import Pack, UnknownWord
from ciment.law.scenarios import Scenario, find_mismatches, parse_scenarios, shipped_scenarios


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `test`."""
    command = subcommands.add_parser("test", help="compare a pack with scenarios: situations and expected verdicts")
    command.add_argument("files", metavar="FILE", type=Path, nargs="*", help="scenario files (those of the pack)")
    command.add_argument("--pack", default="be", help="the pack of rules: a name, or a folder with a slash in it (be)")
    command.set_defaults(run=run_test)


def run_test(options: argparse.Namespace) -> int:
    """Print each scenario that the pack fails, and why; return 0 when it fails none, else 1.

    Raises:
        CimentError: for anything unusable, before anything is printed.
    """
    pack = open_pack(options.pack)
    contents = {str(path): read_bytes(path) for path in options.files} or shipped_scenarios(pack.name)
    if not contents:
        raise UnknownWord(f"pack {pack.name!r} comes with no scenario; name a scenario file")
    scenarios = {file: parse_scenarios(file, content) for file, content in contents.items()}
    failures = list(_tell_failures(pack, scenarios))
    total = sum(map(len, scenarios.values()))
    print("\n".join([*failures, f"{total} scenarios, {len(failures)} failed"]))
    return 1 if failures else 0


def _tell_failures(pack: Pack, scenarios: Mapping[str, tuple[Scenario, ...]]) -> Iterator[str]:
    for file, listed in scenarios.items():
        for scenario in listed:
            if mismatches := find_mismatches(pack, scenario):
                differing = [f"  {each.category}: expected {each.expected}; found {each.found}" for each in mismatches]
                head = f"{file}: {scenario.id} on {scenario.on}: {scenario.title}"
                yield "\n".join([head, *differing, f"  {scenario.reason} ({scenario.source})"])
