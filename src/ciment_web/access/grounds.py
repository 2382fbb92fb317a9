"""The legal restrictions under which telling the person may be deferred: data with sources, never free text."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

_STATUSES = frozenset({"confirmed", "partly_read", "to_confirm"})


@dataclass(frozen=True)
class Ground:
    """One named restriction, how far its source was read, and where."""

    id: str
    label: str
    ref: str
    url: str
    status: str
    checked: date


@cache
def all_grounds() -> dict[str, Ground]:
    """Return every restriction, by its name.

    Raises:
        ValueError: for a file with another field, or a status that says nothing.
    """
    text = (resources.files("ciment_web.access") / "grounds.toml").read_text("utf-8")
    return {name: _ground(name, fields) for name, fields in tomllib.loads(text).items()}


def _ground(name: str, fields: dict[str, Any]) -> Ground:
    ground = Ground(id=name, **fields)
    if ground.status not in _STATUSES or not ground.label or not ground.ref:
        raise ValueError(f"the restriction '{name}' does not say how far its source was read")
    return ground
