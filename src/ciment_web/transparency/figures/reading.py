"""Compute the figures of a year from the entries, once these are seen to be the signed ones."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from statistics import median, quantiles

from django.utils import timezone

from ciment.canon import InvalidEncoding, JsonObject
from ciment.register import Entry, YearTally, year_of
from ciment_web.inquiries.models import Inquiry
from ciment_web.institutions.models import Institution
from ciment_web.register.models import Leaf
from ciment_web.register.queries import entries
from ciment_web.register.signer import origin_of
from ciment_web.transparency.queries import Trusted

MOST_YEARS = 40
FEWEST_ANSWERS = 10
"""Below, the middle of the waiting times is nearly one person's own."""


class RegisterDiffers(Exception):  # noqa: N818 - the class names what happened
    """The stored entries do not lead to the signed checkpoint: a figure of them would be a figure of something else."""


@dataclass(frozen=True)
class Waiting:
    """How long requests waited for their decision, in hours: the middle one, and nine out of ten."""

    count: int
    median: float
    ninth: float


def read_year(institution: Institution, trusted: Trusted | None, year: int) -> JsonObject:
    """Return the report of `year` (docs/formats/report.md) from what `trusted` covers; an empty one before the first.

    Raises:
        RegisterDiffers: if the stored entries do not lead to the trusted root.
        InvalidEncoding: for a year that no entry can have.
    """
    if trusted is None:
        return YearTally(year).report(origin_of(institution))
    return _read(institution.pk, origin_of(institution), trusted.size, trusted.root, year)


def list_years(institution: Institution) -> list[int]:
    """Return the years that the register reaches over, this one included, newest first."""
    rows = Leaf.objects.filter(institution=institution).order_by("index")
    found = {datetime.now(UTC).year}
    for row in (rows.first(), rows.last()):
        try:
            found.update({year_of(Entry.parse(bytes(row.entry)).time_ms)} if row else set())
        except InvalidEncoding:
            # The page of the register says so; figures refuse it below.
            continue
    return list(range(max(found), max(min(found), max(found) - MOST_YEARS) - 1, -1))


def read_waiting(institution: Institution, year: int) -> Waiting | None:
    """Return how long the requests received in `year` waited; None where too few were decided.

    From rows, not from the register, which links no answer to its request on purpose: nobody can compute this again.
    """
    start, end = (datetime(at, 1, 1, tzinfo=UTC) for at in (year, year + 1))
    moments = Inquiry.objects.filter(
        institution=institution, received_at__gte=start, received_at__lt=end, decided_at__isnull=False
    ).values_list("received_at", "decided_at")
    hours = [(decided - received).total_seconds() / 3600 for received, decided in moments if decided is not None]
    if len(hours) < FEWEST_ANSWERS:
        return None
    return Waiting(len(hours), median(hours), quantiles(hours, n=10, method="inclusive")[8])


def is_under_way(year: int) -> bool:
    """Whether more entries of that year may still come."""
    return year >= timezone.now().astimezone(UTC).year


# By the root they lead to: the same entries give the same figures for good.
@lru_cache(maxsize=64)
def _read(institution_id: uuid.UUID, origin: str, size: int, root: bytes, year: int) -> JsonObject:
    tally = YearTally(year)
    try:
        tally.add(islice(entries(Institution(pk=institution_id)), size))
    except InvalidEncoding as error:
        raise RegisterDiffers("an entry cannot be read") from error
    if tally.root() != root:
        raise RegisterDiffers("the entries do not lead to the signed checkpoint")
    return tally.report(origin)
