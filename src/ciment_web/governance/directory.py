"""The directory of authorities: switchboard numbers that the institution looked up itself, for calling back.

Never a number that came with a request. Authorities are public: their names and switchboards lie in clear.
"""

import csv
import io
from dataclasses import dataclass

from ciment.canon import Json
from ciment.law import VOCABULARY, label
from ciment_web.governance.kinds import Setting, SettingRefused
from ciment_web.governance.queries import current
from ciment_web.governance.reading import MOST_ROWS, read_rows, read_text
from ciment_web.governance.rota import read_phone
from ciment_web.members.actor import Actor

COLUMNS = ("kind", "name", "phone", "source")
# A kind may be written as the pages write it, too.
_KINDS = {label("requester", kind, "fr").casefold(): kind for kind in VOCABULARY["requester"]}
_MOST_BYTES = 200_000
# What spreadsheets take for a formula at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableDirectory(SettingRefused):
    """A file that is no directory: which rule it breaks, and on which line (1 is the heading; 0, the whole file)."""

    def __init__(self, code: str, line: int = 0) -> None:
        """Keep the line."""
        super().__init__(code)
        self.line = line


@dataclass(frozen=True)
class Authority:
    """An authority: the kind of requester it is, its name, its switchboard, and where the number was looked up."""

    kind: str
    name: str
    phone: str
    source: str = ""


Directory = tuple[Authority, ...]


def authorities_for(actor: Actor, requester: str) -> Directory:
    """Return the authorities of one kind of requester, by name."""
    return tuple(each for each in current(actor, DIRECTORY).value if each.kind == requester)


def write_csv(directory: Directory) -> str:
    """Return the directory as a file that `read_csv` reads: UTF-8, semicolons, one authority a line."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.kind, each.name, each.phone, each.source) for each in directory)
    return written.getvalue()


def read_csv(data: bytes) -> Directory:
    """Return the directory of a file: UTF-8, with a heading of the four columns, semicolons, commas or tabs between.

    Raises:
        UnreadableDirectory: with the line, and `too_large`, `encoding`, `heading`, `columns`, `requester`, `phone`,
            `formula`, `empty`, `too_long`, `unprintable`, `twice` or `too_many`.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableDirectory("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDirectory("encoding") from error
    heading = text.split("\n", 1)[0]
    delimiter = next((each for each in (";", "\t", ",") if each in heading), ";")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableDirectory("columns") from error
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != COLUMNS:
        raise UnreadableDirectory("heading", 1)
    if len(rows) > MOST_ROWS + 1:
        raise UnreadableDirectory("too_many")
    found: dict[tuple[str, str], Authority] = {}
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            authority = _read_line(row, line)
            if (authority.kind, authority.name) in found:
                raise UnreadableDirectory("twice", line)
            found[authority.kind, authority.name] = authority
    return tuple(found.values())


def _read_line(row: list[str], line: int) -> Authority:
    if len(row) != len(COLUMNS):
        raise UnreadableDirectory("columns", line)
    try:
        kind, *others = (cell.strip() for cell in row)
        return _read(_KINDS.get(kind.casefold(), kind), *others)
    except SettingRefused as error:
        raise UnreadableDirectory(error.code, line) from error


def _read(kind: Json, name: Json, phone: Json, source: Json) -> Authority:
    authority = Authority(read_text(kind, 40), read_text(name, 120), read_phone(phone), read_text(source, 200))
    if authority.kind not in VOCABULARY["requester"]:
        raise SettingRefused("requester")
    if not authority.name or not authority.phone:
        raise SettingRefused("empty")
    # The file goes back to a spreadsheet one day: nothing in it may run there. Numbers are digits.
    if authority.name.startswith(_FORMULA) or authority.source.startswith(_FORMULA):
        raise SettingRefused("formula")
    return authority


def _parse(value: Json) -> Directory:
    rows = read_rows(value, *COLUMNS)
    read = [_read(*(row[column] for column in COLUMNS)) for row in rows]
    return tuple(sorted(read, key=lambda each: (each.kind, each.name)))


def _dump(directory: Directory) -> Json:
    return [
        {"kind": each.kind, "name": each.name, "phone": each.phone, "source": each.source}
        for each in sorted(directory, key=lambda each: (each.kind, each.name))
    ]


def _empty(_institution: object) -> Directory:
    return ()


DIRECTORY: Setting[Directory] = Setting("directory", _parse, _dump, _empty, _empty)
