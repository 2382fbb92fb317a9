"""What stops a matter: a folder above says so; decisions, and whoever reads the matter, only ask."""

import uuid
from collections.abc import Callable

Stop = Callable[[uuid.UUID, str], bool]

_STOPS: list[Stop] = []


def register_stop(stop: Stop) -> None:
    """Name the one function that says whether a matter of an institution is stopped."""
    _STOPS[:] = [stop]


def is_stopped(institution_id: uuid.UUID, subject_id: str) -> bool:
    """Tell whether a matter may neither be read nor acted on now."""
    return any(stop(institution_id, subject_id) for stop in _STOPS)
