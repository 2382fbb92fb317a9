"""Who read a request, as values: what an auditor finds in the register and a statement prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One reading of one request: its entry, its minute, and the function of whoever read; never a name."""

    index: int
    time_ms: int
    act: str
    inquiry: str
    function: str


@dataclass(frozen=True)
class Readings:
    """What the auditors found for exactly these requests, in the register as it was up to an entry."""

    inquiries: frozenset[str]
    size: int
    rows: tuple[Reading, ...]
