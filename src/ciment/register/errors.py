"""The refusals of the register."""

from ciment.canon import CimentError


class ProofRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A Merkle proof, or an evidence file, that does not show what it claims; `reason` is one of REASONS."""

    REASONS = (
        "checkpoint_refused",
        "document_differs",
        "document_unnamed",
        "not_included",
        "opening_differs",
        "witness_missing",
    )

    def __init__(self, message: str, reason: str = "not_included") -> None:
        super().__init__(message)
        self.reason = reason


class NoteRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A signed note, checkpoint or cosignature that a trusted key did not sign in this form."""


class PathMissing(CimentError):  # noqa: N818 - the class names the refusal
    """A resource that a published register does not hold; its reader raises it."""


class LogRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A published register that is not what its checkpoint says.

    `reason` is one of REASONS; `index` is the first bad entry (counted from 0) when the fault can be placed.
    """

    REASONS = (
        "bundle_malformed",
        "checkpoint_refused",
        "entry_altered",
        "entry_malformed",
        "missing",
        "root_differs",
        "tile_altered",
        "tile_malformed",
        "witness_missing",
    )

    def __init__(self, reason: str, index: int | None = None, where: str = "") -> None:
        place = "" if index is None else f" at entry {index}"
        super().__init__(f"{reason}{place}{f' ({where})' if where else ''}")
        self.reason = reason
        self.index = index
        self.where = where
