"""The sentences of the documents, by language, and dates in words."""

import datetime as dt
import functools
import re
import tomllib
from importlib import resources
from typing import Any

from ciment_web.letters.errors import UnprintableLetter

Wording = dict[str, dict[str, Any]]


@functools.cache
def load_wording(language: str) -> Wording:
    """Give the sentences of ``language``, a tag such as ``fr``.

    Raises:
        UnprintableLetter: no document is written in that language.
    """
    # The tag becomes a file name, so its form comes before any look at the disk.
    path = resources.files("ciment_web.letters") / "sentences" / f"{language}.toml"
    if not re.fullmatch(r"[a-z]{2}", language) or not path.is_file():
        raise UnprintableLetter("no document is written in this language")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def write_date(words: Wording, date: dt.date) -> str:
    """Write a date in words: ``24 novembre 2026``, ``1er mars 2027``."""
    dates = words["dates"]
    day = dates["first"] if date.day == 1 else str(date.day)
    return str(dates["date"].format(day=day, month=dates["months"][date.month - 1], year=date.year))


def write_moment(words: Wording, moment: dt.datetime) -> str:
    """Write an aware moment to the minute, in its own zone: ``mardi 24 novembre 2026 à 14 h 32``."""
    dates = words["dates"]
    return str(
        dates["moment"].format(
            weekday=dates["days"][moment.weekday()],
            date=write_date(words, moment),
            hour=moment.hour,
            minute=moment.minute,
        )
    )


def write_exact_moment(words: Wording, moment: dt.datetime) -> str:
    """Write an aware moment to the second, with its offset and the same moment in UTC, as the register keeps it."""
    return str(
        words["dates"]["exact"].format(
            date=write_date(words, moment),
            time=moment.strftime("%H:%M:%S"),
            zone=_offset(moment),
            utc=moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    )


def join_phrases(words: Wording, phrases: list[str]) -> str:
    """Join phrases as a sentence does: ``a, b et c``."""
    *first, last = phrases
    if not first:
        return last
    return str(words["lists"]["comma"].join(first) + words["lists"]["and"] + last)


def _offset(moment: dt.datetime) -> str:
    """Give ``UTC+01:00``, raising where the moment has no zone: an hour without one proves nothing."""
    text = moment.strftime("%z")
    if not text:
        raise UnprintableLetter("a moment needs its time zone")
    return f"UTC{text[:3]}:{text[3:5]}"
