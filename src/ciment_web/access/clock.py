"""The one-month clock, in days of the institution's zone."""

from calendar import monthrange
from datetime import date

MONTHS = 1
"""Art. 12, § 3, of the GDPR: one month from reception (docs/law/sources.md, to be confirmed by a jurist)."""

EXTENSION_MONTHS = 2
"""The same paragraph: two further months where needed, told to the person with the reasons within the first month."""

REMIND_DAYS = 7
"""A week before the last day, whoever holds the request is told by e-mail."""


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or the last day of a month that has no such day.

    31 January and one month is 28 February: the last day comes earlier rather than later, in the person's favour.
    """
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_on(received: date, *, extended: bool) -> date:
    """Return the last day to answer what was received on a day; it ends at midnight where the institution is."""
    return add_months(received, MONTHS + (EXTENSION_MONTHS if extended else 0))
