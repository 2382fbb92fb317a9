"""Why nothing of an institution may be erased for now; the folders above that know a reason say so."""

from collections.abc import Callable

from ciment.canon import CimentError
from ciment_web.institutions.models import Institution

Hold = Callable[[Institution], bool]

_HOLDS: list[Hold] = []


class ErasureHeld(CimentError):  # noqa: N818 - the class names the refusal
    """An erasure while something – a search, a seizure – forbids erasing."""


def register_holds(*holds: Hold) -> None:
    """Name the functions that may hold erasure back; one reason is enough."""
    _HOLDS[:] = holds


def is_erasure_held(institution: Institution) -> bool:
    """Tell whether anything forbids erasing what the institution keeps; what erases by itself asks first."""
    return any(hold(institution) for hold in _HOLDS)


def require_erasure_free(institution: Institution) -> None:
    """Check, inside the transaction that erases, that nothing forbids it.

    Raises:
        ErasureHeld: while something does.
    """
    if is_erasure_held(institution):
        raise ErasureHeld("erasure is held for this institution")
