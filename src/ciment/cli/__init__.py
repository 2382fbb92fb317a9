"""The `ciment` command: the only part of the core with a clock, files and a network."""

import argparse
import os
import sys
from importlib.metadata import entry_points
from typing import NoReturn

from ciment.canon import CimentError
from ciment.cli import law, proof, register

WEB_COMMANDS = ("demo", "found", "serve", "manage")
CLOSED_PIPE = 141


class Usage(argparse.ArgumentParser):
    """A parser whose every refusal is exit code 2, a message on standard error and nothing on standard output."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is called, then exit with 2."""
        self.exit(2, f"ciment: {message}\n{self.format_usage()}")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command, those of the installed web application included."""
    parser = Usage(prog="ciment", description="Professional secrets, kept and answered for.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for part in (law, register, proof):
        part.add_parser(commands)
    for name in WEB_COMMANDS:
        commands.add_parser(name, help="part of the web application", add_help=False)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a check that does not hold, 2 input that cannot be used."""
    _forbid_core_dumps()
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] and given[0] in WEB_COMMANDS:
        # What follows belongs to the command itself, its options and its help included.
        return _run_web_command(given[0], given[1:])
    options = build_parser().parse_args(given)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except CimentError as error:
        print(f"ciment: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads has enough, as `head` has: what is still to be written goes nowhere, without a complaint. The
        # code is a shell's for a closed pipe: never 0, since a check may not have been told to the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    return code


def _forbid_core_dumps() -> None:
    # The memory of a process that crashes would lie on the disk, keys and all. What it starts inherits the limit.
    try:
        import resource  # noqa: PLC0415 - Windows has none, and writes no memory image unless told to
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run_web_command(name: str, rest: list[str]) -> int:
    for point in entry_points(group="ciment.commands"):
        if point.name == name:
            try:
                run = point.load()
            except ModuleNotFoundError:
                break
            code: int = run(rest)
            return code
    print(f"ciment: '{name}' needs the web application: pip install 'ciment[web]'", file=sys.stderr)
    return 2
