"""Measure every part and print the table; `bench/run` sets the host up first."""

import argparse
import importlib
from pathlib import Path
from typing import Any

from harness import Report, Row, Size, measure, write

PARTS = ("vault", "quorum", "law", "proof", "register", "web", "letters", "refusals")
HEAD = "| What | Against | Target | Median | Range | Ours | Note |\n|---|---|---|---|---|---|---|"
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def main() -> None:
    """Measure what is asked for; a whole run that is not quick also puts its table in README.md."""
    parser = argparse.ArgumentParser(prog="bench/run")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--quick", action="store_true", help="three short rounds: to see that it runs, not to quote")
    parser.add_argument("--full", action="store_true", help="a million register entries instead of 100,000")
    options = parser.parse_args()
    size = Size(options.quick, options.full)
    lines = [HEAD]
    print(HEAD)
    for name in [options.only] if options.only else PARTS:
        found = []
        for row in importlib.import_module(name).rows(size):
            result = _measure(row, size)
            found.append(result)
            lines.append(_line(result))
            print(lines[-1], flush=True)
        if not options.quick:
            write(name, found)
    if not (options.quick or options.only):
        _put_in_readme("\n".join(lines))


def _measure(row: Row | Report, size: Size) -> dict[str, Any]:
    if isinstance(row, Row):
        return measure(row, size.rounds)
    return {"name": row.name, "note": row.note, "figures": row.figures}


def _line(result: dict[str, Any]) -> str:
    if "figures" in result:
        return f"| {result['name']} | – | reported | – | – | – | {result['note']} |"
    speed = result["reads"] == "speed"
    unit = "× as fast" if speed else "×"
    target = "reported" if result["target"] is None else f"{'≥' if speed else '≤'} {result['target']:g} ×"
    missed = " **missed**" if result["met"] is False else ""
    ours = f"{result['ours_us'] / 1000:.1f} ms" if result["ours_us"] > 1000 else f"{result['ours_us']:.1f} µs"
    return (
        f"| {result['name']} | {result['against']} | {target} | {result['median']:.3g} {unit}{missed} "
        f"| {result['min']:.3g}–{result['max']:.3g} | {ours} | {result['note']} |"
    )


def _put_in_readme(table: str) -> None:
    text = README.read_text()
    # Exactly one place: with another count, text beside the table would be lost.
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    before, rest = text.split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
