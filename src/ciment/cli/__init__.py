"""The `ciment` command: the only part of the core with a clock, files and a network."""

import argparse
import sys
from importlib.metadata import entry_points
from typing import NoReturn

from ciment.canon import CimentError
from ciment.cli import law, proof, register

WEB_COMMANDS = ("demo", "serve", "manage")


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
    installed = {point.name: point for point in entry_points(group="ciment.commands")}
    for name in WEB_COMMANDS:
        command = commands.add_parser(name, help="part of the web application", add_help=name not in installed)
        command.add_argument("rest", nargs=argparse.REMAINDER)
        command.set_defaults(run=_run_web_command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a check that does not hold, 2 input that cannot be used."""
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except CimentError as error:
        print(f"ciment: {error}", file=sys.stderr)
        return 2
    return code


def _run_web_command(options: argparse.Namespace) -> int:
    for point in entry_points(group="ciment.commands"):
        if point.name == options.command:
            try:
                run = point.load()
            except ModuleNotFoundError:
                break
            code: int = run(options.rest)
            return code
    print(f"ciment: '{options.command}' needs the web application: pip install 'ciment[web]'", file=sys.stderr)
    return 2
