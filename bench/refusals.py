"""How long a refusal takes when documents on the person are held, and when none are: distributions, reported only."""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median, quantiles
from typing import Any

from harness import Report, Size
from house import house

from ciment_web.inquiries.actions.open import read_inquiry, state_recusal  # isort: skip - after house
from ciment_web.inquiries.actions.refuse import refuse_inquiry  # isort: skip
from ciment_web.project.demonstration import Demonstration  # isort: skip
from web_stories import CONTENT, prepare_release, silenced  # isort: skip

# Two fictitious people whose names are equally long: nothing is ever held about the second.
HELD = CONTENT
NOT_HELD = replace(CONTENT, about="Camillo Exempla", text="Camillo est-il un connu ?")
assert [len(HELD.about), len(HELD.text)] == [len(NOT_HELD.about), len(NOT_HELD.text)]


def rows(size: Size) -> Iterator[Report]:
    demo = house()
    for _ in range(1 if size.quick else 5):
        prepare_release(demo, HELD.about.encode() * 1000).release(demo)
    count = 5 if size.quick else 100
    times: dict[str, list[float]] = {"held": [], "not_held": []}
    for number in range(count):
        # In turn, each first as often: the register grows meanwhile, for both alike.
        for name in ("held", "not_held") if number % 2 else ("not_held", "held"):
            times[name].append(_refuse(demo, HELD if name == "held" else NOT_HELD))
    figures = {name: _describe(values) for name, values in times.items()}
    slower = _share_slower(times["held"], times["not_held"])
    # Under equal distributions the share has this standard deviation (Mann and Whitney, 1947).
    spread = ((2 * count + 1) / (12 * count * count)) ** 0.5
    both = [f"{name}: {found['median']} [{found['p5']}–{found['p95']}] ms" for name, found in figures.items()]
    yield Report(
        f"a refusal read and signed, {count} of each, documents held or not",
        f"{'; '.join(both)}; held is the slower in {slower:.2f} of pairs (equal: 0.50 ± {2 * spread:.2f})",
        {**figures, "share_held_slower": round(slower, 3), "two_sigma": round(2 * spread, 3), "unit": "ms"},
    )


def _refuse(demo: Demonstration, content: Any) -> float:
    inquiry = silenced(demo, content=content)
    signatory = demo.people["dg"]
    state_recusal(signatory, inquiry, recused=False)
    start = time.perf_counter()
    refuse_inquiry(signatory, read_inquiry(signatory, inquiry))
    return (time.perf_counter() - start) * 1000


def _describe(values: list[float]) -> dict[str, float]:
    cuts = quantiles(values, n=20, method="inclusive")
    return {"p5": round(cuts[0], 2), "median": round(median(values), 2), "p95": round(cuts[-1], 2)}


def _share_slower(left: list[float], right: list[float]) -> float:
    """Return how often a value of `left` exceeds one of `right`: 0.5 when nothing tells them apart."""
    return sum(a > b for a in left for b in right) / (len(left) * len(right))
