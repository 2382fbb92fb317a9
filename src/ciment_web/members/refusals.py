"""What a member may not do: one error, one page."""

from ciment.canon import CimentError


class NotAllowed(CimentError):  # noqa: N818 - the class names the refusal
    """An act that the member's roles, or the state of things, do not allow."""


def require(allowed: bool) -> None:
    """Check a permission.

    Raises:
        NotAllowed: unless `allowed`.
    """
    if not allowed:
        raise NotAllowed("not allowed for this member now")
