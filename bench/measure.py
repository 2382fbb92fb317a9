"""Measure every part and print the table; `bench/run` sets the host up first."""

import argparse
import importlib
from typing import Any

from harness import measure, write

PARTS = ("vault", "quorum", "law", "register", "web")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="bench/run")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--quick", action="store_true", help="three short rounds: to see that it runs, not to quote")
    options = parser.parse_args()
    print("| What | Against | Target | Median | Range | Ours | Note |\n|---|---|---|---|---|---|---|")
    for name in [options.only] if options.only else PARTS:
        found = []
        for row in importlib.import_module(name).rows(options.quick):
            result = measure(row, 3 if options.quick else 7)
            found.append(result)
            print(_line(result), flush=True)
        if not options.quick:
            write(name, found)


def _line(result: dict[str, Any]) -> str:
    unit = "×" if result["reads"] == "time" else "× faster"
    ours = f"{result['ours_us'] / 1000:.1f} ms" if result["ours_us"] > 1000 else f"{result['ours_us']:.1f} µs"
    return (
        f"| {result['name']} | {result['against']} | {result['target']} | {result['median']:.3g} {unit} "
        f"| {result['min']:.2f}–{result['max']:.2f} | {ours} | {result['note']} |"
    )


if __name__ == "__main__":
    main()
