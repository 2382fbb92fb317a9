"""Ways in above this folder, which it may not know: what waits there, and who is told when a reply leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ciment_web.inquiries.models import Inquiry
from ciment_web.members.actor import Actor


@dataclass(frozen=True)
class Waiting:
    """What waits for the actor in one way in: a sentence with its number, and where to go."""

    words: str
    url: str


class Channel(Protocol):
    """A way in, such as the public desk."""

    def waiting(self, actor: Actor) -> Waiting | None:
        """Return what waits for the actor there; None when nothing does."""

    def answered(self, actor: Actor, inquiry: Inquiry) -> None:
        """Hand the reply to whoever asked through this way in, in the transaction that answers `inquiry`."""


_CHANNELS: list[Channel] = []


def register_channels(*given: Channel) -> None:
    """Name the ways in, once."""
    _CHANNELS[:] = given


def channels() -> Sequence[Channel]:
    """Return the ways in that were named."""
    return tuple(_CHANNELS)


def waiting_for(actor: Actor) -> list[Waiting]:
    """Return what waits for the actor, way by way."""
    return [found for channel in channels() if (found := channel.waiting(actor)) is not None]
