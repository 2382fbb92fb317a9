"""The kinds of mission acts, as data: another institution, or another country, has others."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ciment.law import VOCABULARY

# Nobody speaks for a person to these: whatever is said to them is another purpose, and a request.
_NEVER_TOLD = frozenset(
    {
        "nobody", "police", "police_for_judge", "prosecutor", "intelligence_service", "immigration_office", "press",
        "parliamentary_inquiry", "bailiff", "relative", "person_concerned",
    }
)  # fmt: skip
TOLD_TO = tuple(value for value in VOCABULARY["requester"] if value not in _NEVER_TOLD)
"""Kinds of people to whom somebody may speak for a person, in the words of the law pack."""

_FILE = Path(__file__).with_name("kinds.toml")


@dataclass(frozen=True)
class Kind:
    """A kind of mission act: its word, and where it is read, with how far that was checked."""

    id: str
    text: str
    status: str
    source: str


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the kinds by identifier, in the order of the file."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))["kind"]
    return {each["id"]: Kind(**each) for each in listed}
