"""Ours and the rival, interleaved in one run: what is reported is the ratio, never a bare time."""

import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("cryptography", "pynacl", "django", "typst", "pyhanko", "pymerkle")


@dataclass(frozen=True)
class Row:
    """One line of the table: `ours` against `rival`, each called `calls` times a round; `target` is for the median."""

    name: str
    against: str
    ours: Callable[[], object]
    rival: Callable[[], object]
    target: str
    calls: int = 1
    # How the ratio reads: "time" is ours ÷ rival (small is good), "speed" is rival ÷ ours (large is good).
    reads: str = "time"
    note: str = ""


def measure(row: Row, rounds: int = 7) -> dict[str, Any]:
    """Return the median and range of the ratio over `rounds` interleaved rounds, with both medians in microseconds."""
    row.ours()
    row.rival()
    ours, rivals, ratios = [], [], []
    for round_number in range(rounds):
        # Who goes first changes with each round, so that neither always finds warm caches.
        first, second = (row.ours, row.rival) if round_number % 2 else (row.rival, row.ours)
        times = {first: _time(first, row.calls), second: _time(second, row.calls)}
        ours.append(times[row.ours])
        rivals.append(times[row.rival])
        ratio = times[row.ours] / times[row.rival]
        ratios.append(ratio if row.reads == "time" else 1 / ratio)
    return {
        "name": row.name,
        "against": row.against,
        "reads": row.reads,
        "target": row.target,
        "median": round(statistics.median(ratios), 3),
        "min": round(min(ratios), 3),
        "max": round(max(ratios), 3),
        "ours_us": round(statistics.median(ours) * 1e6, 1),
        "rival_us": round(statistics.median(rivals) * 1e6, 1),
        "note": row.note,
    }


def write(name: str, rows: list[dict[str, Any]]) -> None:
    """Write one part's results beside the facts of the machine that made them."""
    RESULTS.mkdir(exist_ok=True)
    facts = {"python": platform.python_version(), "machine": platform.machine(), "versions": {}}
    facts["versions"] = {library: version(library) for library in LIBRARIES}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({**facts, "rows": rows}, indent=1, ensure_ascii=False) + "\n")


def _time(call: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls
