"""Read canonical values strictly: what a setting holds is of one form, whoever signed it."""

import unicodedata
from collections.abc import Iterator

from ciment.canon import InvalidEncoding, Json, JsonObject
from ciment_web.governance.kinds import SettingRefused

# Plenty for a centre of several hundred people; a longer list is a mistake or a nuisance.
MOST_ROWS = 500


def read_object(value: Json, *keys: str) -> JsonObject:
    """Return an object with exactly `keys`; raises InvalidEncoding for anything else."""
    if not isinstance(value, dict) or set(value) != set(keys):
        raise InvalidEncoding("not the expected object")
    return value


def read_rows(value: Json, *keys: str) -> Iterator[JsonObject]:
    """Yield the objects of a list, each with exactly `keys`.

    Raises:
        SettingRefused: `too_many`.
        InvalidEncoding: for anything that is no such list.
    """
    if not isinstance(value, list | tuple):
        raise InvalidEncoding("not a list")
    if len(value) > MOST_ROWS:
        raise SettingRefused("too_many")
    for row in value:
        yield read_object(row, *keys)


def read_text(value: Json, most: int, *, lines: bool = False) -> str:
    """Return a text of at most `most` characters, without control characters; `lines` lets a line end.

    Raises:
        SettingRefused: `too_long` or `unprintable`.
        InvalidEncoding: for another type.
    """
    if not isinstance(value, str):
        raise InvalidEncoding("not text")
    if len(value) > most:
        raise SettingRefused("too_long")
    if any(unicodedata.category(each) in ("Cc", "Cs", "Co") and not (lines and each == "\n") for each in value):
        raise SettingRefused("unprintable")
    return value


def read_number(value: Json, least: int, most: int) -> int:
    """Return an integer within bounds; raises SettingRefused `range`, InvalidEncoding for another type."""
    if type(value) is not int:
        raise InvalidEncoding("not a number")
    if not least <= value <= most:
        raise SettingRefused("range")
    return value
