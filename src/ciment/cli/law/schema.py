"""`ciment law schema`: the JSON Schema of a pack file, for editors."""

import argparse
import json
from typing import Any

from ciment.law import build_schema


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `schema`."""
    command = subcommands.add_parser("schema", help="the JSON Schema of a pack file, for editors")
    command.add_argument("--lang", default="fr", help="the language of the explanations (fr)")
    command.set_defaults(run=run_schema)


def run_schema(options: argparse.Namespace) -> int:
    """Print the schema and return 0.

    Raises:
        UnknownWord: there are no labels in that language.
    """
    print(json.dumps(build_schema(options.lang), ensure_ascii=False, indent=2))
    return 0
