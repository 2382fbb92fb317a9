"""The life of an inquiry: states, lanes and the only transitions there are."""

from collections.abc import Mapping
from enum import StrEnum

from ciment.canon import CimentError


class State(StrEnum):
    """Where an inquiry stands."""

    RECEIVED = "received"
    QUALIFIED = "qualified"
    PREPARED = "prepared"
    DECIDED = "decided"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Lane(StrEnum):
    """What a qualification leads to."""

    SILENCE = "silence"
    RELEASE = "release"
    # Testimony, a warrant, immediate danger: the institution does not answer these by letter.
    PERSONAL = "personal"


class Act(StrEnum):
    """What moves an inquiry."""

    QUALIFY = "qualify"
    REFUSE = "refuse"
    PREPARE = "prepare"
    DECLINE = "decline"
    LAPSE = "lapse"
    RELEASE = "release"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class ImpossibleTransition(CimentError):  # noqa: N818 - the class names the refusal
    """An act that this state and lane do not allow."""


# Every pair that is absent is impossible; nothing leads out of closed or withdrawn, and nothing answered reopens.
_NEXT: dict[tuple[State, Act], State] = {
    (State.RECEIVED, Act.QUALIFY): State.QUALIFIED,
    (State.QUALIFIED, Act.QUALIFY): State.QUALIFIED,
    (State.QUALIFIED, Act.REFUSE): State.DECIDED,
    (State.QUALIFIED, Act.PREPARE): State.PREPARED,
    # After a lapse the same preparation is frozen again, under a new decision number.
    (State.PREPARED, Act.PREPARE): State.PREPARED,
    (State.QUALIFIED, Act.CLOSE): State.CLOSED,
    (State.PREPARED, Act.LAPSE): State.PREPARED,
    (State.PREPARED, Act.DECLINE): State.QUALIFIED,
    (State.PREPARED, Act.RELEASE): State.DECIDED,
    (State.DECIDED, Act.ANSWER): State.ANSWERED,
    (State.ANSWERED, Act.CLOSE): State.CLOSED,
    (State.RECEIVED, Act.WITHDRAW): State.WITHDRAWN,
    (State.QUALIFIED, Act.WITHDRAW): State.WITHDRAWN,
    (State.PREPARED, Act.WITHDRAW): State.WITHDRAWN,
}
# Acts that belong to one lane alone.
_LANE: dict[tuple[State, Act], Lane] = {
    (State.QUALIFIED, Act.REFUSE): Lane.SILENCE,
    (State.QUALIFIED, Act.PREPARE): Lane.RELEASE,
    (State.PREPARED, Act.PREPARE): Lane.RELEASE,
    (State.QUALIFIED, Act.CLOSE): Lane.PERSONAL,
}
_OPENING = frozenset({"may", "must", "own_right"})
_INSTITUTION_DECIDES = frozenset({"signatories", "dg_or_president", "referent"})


def advance(state: State, act: Act, lane: Lane | None = None) -> State:
    """Return the state that `act` leads to.

    Raises:
        ImpossibleTransition: if the state knows no such act, or the inquiry is in another lane.
    """
    if (state, act) not in _NEXT:
        raise ImpossibleTransition(f"no {act.value} from {state.value}")
    due = _LANE.get((state, act))
    if due is not None and lane is not due:
        raise ImpossibleTransition(f"{act.value} belongs to the lane {due.value}")
    return _NEXT[state, act]


def possible_acts(state: State, lane: Lane | None) -> frozenset[Act]:
    """Return the acts that `advance` accepts."""
    return frozenset(act for (start, act) in _NEXT if start is state and _LANE.get((state, act), lane) is lane)


def lane_of(verdicts: Mapping[str, tuple[str, str]], silenced: frozenset[str] = frozenset()) -> Lane:
    """Return the lane of a qualification: category → (verdict, decided_by), less the categories silenced by decision.

    The default is silence: an unknown verdict opens nothing.
    """
    kept = {pair for category, pair in verdicts.items() if category not in silenced}
    if any(verdict in _OPENING and by in _INSTITUTION_DECIDES for verdict, by in kept):
        return Lane.RELEASE
    if any(verdict != "silence" for verdict, _ in kept):
        return Lane.PERSONAL
    return Lane.SILENCE


def releasable(verdicts: Mapping[str, tuple[str, str]], silenced: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the categories whose items the quorum may release."""
    return frozenset(
        category
        for category, (verdict, by) in verdicts.items()
        if category not in silenced and verdict in _OPENING and by in _INSTITUTION_DECIDES
    )
