# ruff: noqa: N818 - each class names its refusal, as those of ciment.canon do
"""What the quorum refuses. No message holds a secret, a name or a text under seal; seats are named by number."""

from ciment.canon import CimentError, InvalidEncoding


class QuorumError(CimentError):
    """Anything the quorum refuses."""


class InvalidElement(QuorumError, InvalidEncoding):
    """Bytes that are not a point of the prime-order subgroup or not a scalar, or any error of libsodium."""


class PlanRefused(QuorumError):
    """A ceremony plan that breaks a rule or lacks a signature."""


class DealRefused(QuorumError):
    """A complaint against one contribution; `contributor` is the number of the seat that dealt it."""

    def __init__(self, contributor: int, reason: str) -> None:
        super().__init__(f"contributor {contributor}: {reason}")
        self.contributor = contributor


class RosterRefused(QuorumError):
    """A roster that is not the one agreed on, or that not everybody signed."""


class WrapRefused(QuorumError):
    """A wrap that fails CHECK, or whose second layer does not open."""


class DecisionRefused(QuorumError):
    """A decision that breaks a rule, or wraps that are not the ones it names."""


class ApprovalRefused(QuorumError):
    """An approval that may not be made, or that does not hold for this decision; `seat` is the seat it claims."""

    def __init__(self, seat: int, reason: str) -> None:
        super().__init__(f"seat {seat}: {reason}")
        self.seat = seat


class ShareRefused(QuorumError):
    """Partials that are not the ones a seat owes; `seat` names it."""

    def __init__(self, seat: int, reason: str) -> None:
        super().__init__(f"seat {seat}: {reason}")
        self.seat = seat


class QuorumRefused(QuorumError):
    """Approvals that, together, are not the accords required."""
