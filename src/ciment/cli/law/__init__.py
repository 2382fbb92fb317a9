"""`ciment law`: what the law says, of one request and of all of them."""

import argparse
from typing import Any

from ciment.cli.law import batch, diff, explain, export, prove, qualify, replay, schema, sign, test


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `law` and its subcommands."""
    law = commands.add_parser("law", help="what the law says of a request for information")
    subcommands = law.add_subparsers(dest="subcommand", required=True, metavar="SUBCOMMAND")
    for part in (qualify, prove, diff, batch, explain, schema, test, replay, export, sign):
        part.add_parser(subcommands)
