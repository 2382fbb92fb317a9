"""The figures of one year, from the public attributes of a register and nothing else.

Format: docs/formats/report.md. Whoever holds the published register computes the same bytes.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from ciment.canon import InvalidEncoding, Json, JsonObject, encode
from ciment.register.entry import Entry
from ciment.register.shield import LEAST, Breakdown, break_down
from ciment.register.tree import Frontier, leaf_hash

FIRST_YEAR, LAST_YEAR = 1970, 9998
ANSWERS = ("refused", "released")
REST = "rest"
"""The name of the line that gathers what does not show; no value of the law is called so."""


class YearTally:
    """Counts the entries of one calendar year (UTC), read from the first entry of the register on."""

    def __init__(self, year: int) -> None:
        """Count `year`; raises InvalidEncoding for one that no entry can have."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidEncoding(f"a year is between {FIRST_YEAR} and {LAST_YEAR}")
        self.year = year
        self._start, self._end = _first_ms(year), _first_ms(year + 1)
        self._frontier = Frontier()
        # The register up to the last entry of the year: what comes later does not change the report of a closed year.
        self._reached = Frontier()
        self._received: list[Entry] = []
        self._answered: list[Entry] = []

    def add(self, entries: Iterable[bytes]) -> None:
        """Count the next entries, given as their bytes; raises InvalidEncoding for one that is no entry."""
        for data in entries:
            self._frontier = self._frontier.append(leaf_hash(data))
            entry = Entry.parse(data)
            if not self._start <= entry.time_ms < self._end:
                continue
            self._reached = self._frontier
            if entry.kind == "received":
                self._received.append(entry)
            elif entry.kind in ANSWERS:
                self._answered.append(entry)

    def root(self) -> bytes:
        """Return the root of everything read so far: whoever knows the signed one compares."""
        return self._frontier.root()

    def report(self, origin: str) -> JsonObject:
        """Return the figures of the year."""
        grounds = break_down(_count(self._answered, "ground"))
        return {
            "v": 1,
            "report": "ciment-annual-figures",
            "year": self.year,
            "zone": "UTC",
            "least": LEAST,
            "register": {"origin": origin, "root": self._reached.root().hex(), "size": self._reached.size},
            "received": {
                "forms": break_down(_count(self._received, "form")).to_json(),
                "months": break_down(Counter(_month(entry) for entry in self._received)).to_json(),
                "requesters": break_down(_count(self._received, "requester")).to_json(),
            },
            "answered": {
                "categories": break_down(_count(self._answered, "categories")).to_json(),
                "grounds": grounds.to_json(),
                "grounds_by_quarter": self._by_quarter(grounds),
                "outcomes": break_down(Counter(entry.kind for entry in self._answered)).to_json(),
                "requesters": break_down(_count(self._answered, "requester")).to_json(),
                "verdicts": break_down(_count(self._answered, "verdicts")).to_json(),
            },
        }

    def _by_quarter(self, grounds: Breakdown) -> JsonObject:
        # Each line breaks down a number that shows already; quarters are summed nowhere, so no two lines meet.
        lines: dict[str, Counter[str]] = {name: Counter() for name in grounds.shown}
        if grounds.rest:
            lines[REST] = Counter()
        for entry in self._answered if lines else ():
            for ground in entry.attributes["ground"]:
                lines[ground if ground in grounds.shown else REST][_quarter(entry)] += 1
        return {name: break_down(counts).to_json() for name, counts in lines.items()}


def encode_report(report: JsonObject) -> bytes:
    """Return the canonical bytes of a report, and the line feed that ends a file."""
    return encode(cast("Json", report)) + b"\n"


def year_of(time_ms: int) -> int:
    """Return the year (UTC) of a time in milliseconds."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).year


def _first_ms(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1000


def _count(entries: Iterable[Entry], attribute: str) -> Counter[str]:
    # An entry that names several values counts once for each.
    return Counter(value for entry in entries for value in entry.attributes[attribute])


def _month(entry: Entry) -> str:
    return f"m{datetime.fromtimestamp(entry.time_ms // 1000, UTC).month:02d}"


def _quarter(entry: Entry) -> str:
    return f"q{(datetime.fromtimestamp(entry.time_ms // 1000, UTC).month + 2) // 3}"
