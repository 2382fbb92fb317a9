"""Ours and the rival, interleaved in one run: what is reported is the ratio, never a bare time."""

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
LIBRARIES = (
    "cryptography", "pynacl", "django", "typst", "pyhanko", "pymerkle",
    "common-expression-language", "cedarpy", "zen-engine", "regopy", "numpy", "orjson",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much to measure: `quick` shows that it runs, `full` takes a million register entries."""

    quick: bool = False
    full: bool = False

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 7


@dataclass(frozen=True)
class Row:
    """One line of the table: `ours` against `rival`, each called `calls` times a round; `target` is for the median."""

    name: str
    against: str
    ours: Callable[[], object]
    rival: Callable[[], object]
    target: float | None = None
    calls: int = 1
    # How the ratio reads: "time" is ours ÷ rival (small is good), "speed" is rival ÷ ours (large is good).
    reads: str = "time"
    note: str = ""


@dataclass(frozen=True)
class Report:
    """Figures without a rival."""

    name: str
    note: str
    figures: dict[str, Any] = field(default_factory=dict)


def measure(row: Row, rounds: int) -> dict[str, Any]:
    """Return the median and range of the ratio over `rounds` interleaved rounds, with both medians in microseconds."""
    row.ours()
    row.rival()
    ours, rivals = [], []
    for number in range(rounds):
        # Who goes first changes with each round, so that neither always finds warm caches.
        if number % 2:
            ours.append(_time(row.ours, row.calls))
            rivals.append(_time(row.rival, row.calls))
        else:
            rivals.append(_time(row.rival, row.calls))
            ours.append(_time(row.ours, row.calls))
    pairs = [(a, b) if row.reads == "time" else (b, a) for a, b in zip(ours, rivals, strict=True)]
    ratios = [a / b for a, b in pairs]
    median = statistics.median(ratios)
    return {
        "name": row.name,
        "against": row.against,
        "reads": row.reads,
        "target": row.target,
        "met": _is_met(row, median),
        "median": round(median, 3),
        "min": round(min(ratios), 3),
        "max": round(max(ratios), 3),
        "ours_us": round(statistics.median(ours) * 1e6, 1),
        "rival_us": round(statistics.median(rivals) * 1e6, 1),
        "note": row.note,
    }


def write(name: str, results: list[dict[str, Any]]) -> None:
    """Write one part's results beside the facts of the machine that made them."""
    RESULTS.mkdir(exist_ok=True)
    facts = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        # Others at work during the run: how noisy the figures are.
        "load_1min": round(os.getloadavg()[0], 2),
        "versions": {library: version(library) for library in LIBRARIES},
    }
    text = json.dumps({**facts, "rows": results}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def _is_met(row: Row, median: float) -> bool | None:
    if row.target is None:
        return None
    return median <= row.target if row.reads == "time" else median >= row.target


def _time(call: Callable[[], object], calls: int) -> float:
    # Collected before, not during: otherwise one side pays for the other's objects.
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - start) / calls
    finally:
        gc.enable()
