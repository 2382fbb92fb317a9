"""`ciment law batch`: many requests, one JSON answer per line, in memory that does not grow."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO

import orjson

from ciment.canon import CimentError
from ciment.cli.law.days import parse_day
from ciment.cli.law.files import LARGEST_FILE, UnusableFile, parse_object
from ciment.cli.law.packs import open_pack
from ciment.law.answers import LineWriter

# What a shell says of a program whose reader went away (128 + SIGPIPE).
_READER_GONE = 141


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `batch`."""
    command = subcommands.add_parser("batch", help="qualify many requests, one JSON object per line")
    command.add_argument("facts", metavar="FACTS.jsonl", help="the facts, one JSON object per line, or - to read them")
    command.add_argument("--on", type=parse_day, metavar="YYYY-MM-DD", help="the day of the law (today)")
    command.add_argument("--known", type=parse_day, metavar="YYYY-MM-DD", help="as known on that day (that of --on)")
    command.add_argument("--pack", default="be", help="the pack of rules: a name, or a folder with a slash in it (be)")
    command.set_defaults(run=run_batch)


def run_batch(options: argparse.Namespace) -> int:
    """Answer each line in its place; return 0, or 2 when some lines could not be answered, each named on stderr.

    Raises:
        CimentError: for an unknown pack or a file that cannot be read, before anything is printed.
    """
    on = options.on or date.today()  # noqa: DTZ011 - the law of the day is that of the institution's own calendar
    writer = LineWriter(open_pack(options.pack), on, options.known or on)
    with _open(options.facts) as file:
        try:
            refused = answer_lines(writer, file, sys.stdout.buffer)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python would complain once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _READER_GONE
    return 2 if refused else 0


def answer_lines(writer: LineWriter, file: BinaryIO, out: BinaryIO) -> int:
    """Write the answer to each line of `file` to `out`, its refusal where there is none; return how many refusals."""
    refused = 0
    for number, line in enumerate(read_lines(file), 1):
        try:
            answer = answer_line(writer, line)
        except CimentError as error:
            refused += 1
            print(f"ciment: line {number}: {error}", file=sys.stderr)
            answer = orjson.dumps({"line": number, "error": str(error)})
        out.write(answer + b"\n")
    return refused


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file; of a line that is too long, only its beginning, which is too long as well."""
    while line := file.readline(LARGEST_FILE + 1):
        rest = line
        while len(rest) > LARGEST_FILE and not rest.endswith(b"\n"):
            rest = file.readline(LARGEST_FILE + 1)
        yield line


def answer_line(writer: LineWriter, line: bytes) -> bytes:
    """Return the answer to one line of facts, without its end.

    Raises:
        CimentError: naming what is wrong with the line, or with the law on it.
    """
    if len(line) > LARGEST_FILE:
        raise UnusableFile(f"the line is too long; allowed: {LARGEST_FILE} bytes")
    try:
        given = orjson.loads(line)
    except ValueError:
        given = None
    # A key given twice leaves fewer keys than colons; a fact never holds a colon itself.
    if isinstance(given, dict) and len(given) == line.count(b":"):
        return writer.answer(given)
    return writer.answer(parse_object(line, "the line"))


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115, PTH123 - closed below
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise UnusableFile(f"{name!r} cannot be read: {reason}") from error
    with file:
        yield file
