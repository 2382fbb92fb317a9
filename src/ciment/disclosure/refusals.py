"""Why a decision may not be approved or executed now."""

from ciment.canon import CimentError

REASONS = (
    "declined",
    "expired",
    "frozen",
    "law",
    "letter",
    "not_executable",
    "not_published",
    "recused",
    "target",
    "witness",
)


class ActRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A decision that may not be approved or executed now; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason
