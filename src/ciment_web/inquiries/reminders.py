"""What else waits for somebody on the home page: folders above name it, and this one only shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class Reminder:
    """One thing that waits: what, how long, and where to go; never about whom."""

    title: str
    when: str
    url: str
    urgent: bool


Source = Callable[[Actor], Sequence[Reminder]]

_SOURCES: list[Source] = []


def register_reminders(*sources: Source) -> None:
    """Name the functions that say what waits."""
    _SOURCES[:] = sources


def reminders_of(actor: Actor) -> list[Reminder]:
    """Return what waits for the actor, what is urgent first."""
    found = [reminder for source in _SOURCES for reminder in source(actor)]
    return sorted(found, key=lambda reminder: not reminder.urgent)
