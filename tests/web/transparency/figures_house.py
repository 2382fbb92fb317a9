"""A year of a house: entries that nobody made, with the public words a year would have."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from ciment.register import Opening
from ciment_web.institutions.models import Institution
from ciment_web.register import actions as register

_ASKED = (
    ("police", "oral", 9),
    ("housing", "written", 7),
    ("bailiff", "written", 6),
    ("school", "oral", 2),
    ("press", "oral", 1),
)
_REFUSED = (
    ("police", "none", ("address", "existence"), 9),
    ("bailiff", "statutory_duty", ("bank",), 6),
    ("housing", "none", ("aid",), 5),
    ("prosecutor", "terrorism_administrative_data", ("identity",), 2),
)


def append(institution: Institution, kind: str, attributes: dict[str, str | list[str]], times: int) -> None:
    """Append the same public entry several times."""
    with transaction.atomic():
        for number in range(times):
            register.append(institution, kind, attributes, Opening(secrets.token_bytes(32), {"n": number}), b"-")


def live_a_year(institution: Institution) -> None:
    """Append what a year of requests leaves."""
    for requester, form, times in _ASKED:
        append(institution, "received", {"requester": requester, "form": form}, times)
    for requester, ground, categories, times in _REFUSED:
        append(institution, "refused", qualified(requester, ground, categories), times)
    append(institution, "released", qualified("person_concerned", "access_right", ["documents"], "own_right"), 1)


def qualified(
    requester: str, ground: str, categories: Iterable[str], verdict: str = "silence"
) -> dict[str, str | list[str]]:
    """Return the public attributes of an answer."""
    return {"requester": requester, "ground": ground, "categories": list(categories), "verdicts": [verdict]}
