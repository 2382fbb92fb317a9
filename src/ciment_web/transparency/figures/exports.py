"""The figures of a year for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from ciment.canon import JsonObject


def write_csv(report: JsonObject) -> bytes:
    """Return the report as CSV (RFC 4180, UTF-8 with its mark): table, value, count; an empty count may not show.

    The names are those of the register and of the law pack, never words typed by anybody, so no cell is a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("year", "table", "value", "count"))
    for table, told in _tables(report):
        counts = {"total": told["of"], **told["shown"], "rest": told["rest"]}
        for value, count in counts.items():
            writer.writerow((report["year"], table, value, "" if count is None else count))
    return ("\ufeff" + out.getvalue()).encode()


def _tables(report: JsonObject) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in ("received", "answered"):
        tables: Any = report[section]
        for name, told in tables.items():
            if "of" in told:
                yield f"{section}/{name}", told
            else:
                yield from ((f"{section}/{name}/{line}", each) for line, each in told.items())
