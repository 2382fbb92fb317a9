"""`ciment law export`: keep a pack by its digest, for whoever replays its decisions later."""

import argparse
from pathlib import Path
from typing import Any

from ciment.canon import CimentError
from ciment.law.keeping import keep_pack
from ciment.law.loading import shipped_folder


class CannotKeep(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A place where no pack can be kept."""


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `export`."""
    command = subcommands.add_parser("export", help="keep a pack by its digest, to replay its decisions years later")
    command.add_argument("root", metavar="DIR", type=Path, help="where it is kept, as DIR/DIGEST/NAME")
    command.add_argument("--pack", default="be", help="the pack of rules (be)")
    command.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> int:
    """Keep the pack, print where, and return 0.

    Raises:
        CimentError: for an unknown pack, or a place that cannot be written.
    """
    try:
        print(keep_pack(shipped_folder(options.pack), options.root))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a folder name"
        raise CannotKeep(f"{str(options.root)!r} cannot be written: {reason}") from error
    return 0
