"""The rhythm of replies: how long every reply waits, and how many working days a decision waits for its accords."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from ciment.canon import Json
from ciment_web.governance.kinds import Setting
from ciment_web.governance.queries import current_on_host
from ciment_web.governance.reading import read_number, read_object
from ciment_web.institutions.models import Institution


@dataclass(frozen=True)
class Rhythm:
    """Hours that every reply waits; working days that a decision waits."""

    reply_delay_hours: int
    decision_days: int


def rhythm_of(institution: Institution) -> Rhythm:
    """Return the rhythm that counts."""
    return current_on_host(institution, RHYTHM).value


def end_of_working_day(start: datetime, days: int, zone: str) -> datetime:
    """Return the end of the `days`-th Belgian working day after the day of `start`, in `zone`.

    Saturdays, Sundays and legal holidays do not count. The end is midnight on the clocks there: an hour of summer time
    is neither lost nor gained.
    """
    day = start.astimezone(ZoneInfo(zone)).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither Saturday, Sunday nor a legal holiday in Belgium."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))


def _parse(value: Json) -> Rhythm:
    fields = read_object(value, "reply_delay_hours", "decision_days")
    # A reply that leaves at once would say how long somebody looked; one of weeks would be no reply.
    return Rhythm(read_number(fields["reply_delay_hours"], 0, 240), read_number(fields["decision_days"], 1, 60))


def _dump(rhythm: Rhythm) -> Json:
    return {"reply_delay_hours": rhythm.reply_delay_hours, "decision_days": rhythm.decision_days}


def _founded(institution: Institution) -> Rhythm:
    return Rhythm(institution.reply_delay_hours, institution.decision_days)


RHYTHM: Setting[Rhythm] = Setting("rhythm", _parse, _dump, _founded, _founded, reserved=True)
