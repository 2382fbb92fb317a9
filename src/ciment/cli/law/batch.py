"""`ciment law batch`: many requests, one JSON answer per line, in memory that does not grow."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO

from ciment.canon import CimentError
from ciment.cli.law.days import parse_day
from ciment.cli.law.files import LARGEST_FILE, UnusableFile, parse_object
from ciment.law import load_pack
from ciment.law.answers import LineWriter

# What a shell says of a program whose reader went away (128 + SIGPIPE).
_READER_GONE = 141


def add_parser(subcommands: "argparse._SubParsersAction[Any]") -> None:
    """Add `batch`."""
    command = subcommands.add_parser("batch", help="qualify many requests, one JSON object per line")
    command.add_argument("facts", metavar="FACTS.jsonl", help="the facts, one JSON object per line, or - to read them")
    command.add_argument("--on", type=parse_day, metavar="YYYY-MM-DD", help="the day of the law (today)")
    command.add_argument("--known", type=parse_day, metavar="YYYY-MM-DD", help="as known on that day (that of --on)")
    command.add_argument("--pack", default="be", help="the pack of rules (be)")
    command.set_defaults(run=run_batch)


def run_batch(options: argparse.Namespace) -> int:
    """Answer each line in its place; return 0, or 2 when some lines could not be answered, each named on stderr.

    Raises:
        CimentError: for an unknown pack or a file that cannot be read, before anything is printed.
    """
    on = options.on or date.today()  # noqa: DTZ011 - the law of the day is that of the institution's own calendar
    writer = LineWriter(load_pack(options.pack), on, options.known or on)
    refused = 0
    with _open(options.facts) as file:
        try:
            for number, line in enumerate(read_lines(file), 1):
                try:
                    answer = answer_line(writer, line)
                except CimentError as error:
                    refused += 1
                    print(f"ciment: line {number}: {error}", file=sys.stderr)
                    answer = json.dumps({"line": number, "error": str(error)}, ensure_ascii=False)
                sys.stdout.write(answer + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Python would complain once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _READER_GONE
    return 2 if refused else 0


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file; of a line that is too long, only its beginning, which is too long as well."""
    while line := file.readline(LARGEST_FILE + 1):
        rest = line
        while len(rest) > LARGEST_FILE and not rest.endswith(b"\n"):
            rest = file.readline(LARGEST_FILE + 1)
        yield line


def answer_line(writer: LineWriter, line: bytes) -> str:
    """Return the answer to one line of facts.

    Raises:
        CimentError: naming what is wrong with the line, or with the law on it.
    """
    if len(line) > LARGEST_FILE:
        raise UnusableFile(f"the line is too long; allowed: {LARGEST_FILE} bytes")
    try:
        text = line.decode()
        given = json.loads(text)
        # A key given twice leaves fewer keys than colons; a fact never holds a colon itself.
        if isinstance(given, dict) and len(given) == text.count(":"):
            return writer.answer(given)
    except (ValueError, RecursionError):
        pass
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
