"""The kinds of mission acts, as data: another institution, or another country, has others."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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
