"""Where the shapes of a chart stand, in the units of its SVG; the template draws them, the style sheet colours them."""

from dataclasses import dataclass
from textwrap import wrap

from ciment_web.transparency.figures.tables import Row, Series, Table

WIDTH = 360
_LINE, _BAR, _GAP, _VALUE = 19, 16, 12, 44
_COLUMN, _TALL, _FOOT = WIDTH // 12, 120, 22
_LONGEST = 44
# A count that may not show has no height to draw: all such bars look alike.
_UNTOLD = 10


@dataclass(frozen=True)
class Bar:
    """One bar: its place, its words above (in lines) and the number beside."""

    x: int
    y: int
    width: int
    height: int
    hatched: bool
    lines: tuple[tuple[int, str], ...]
    value: str
    value_x: int
    value_y: int


@dataclass(frozen=True)
class Picture:
    """A chart: its size and its bars."""

    height: int
    bars: tuple[Bar, ...]
    width: int = WIDTH


def draw_bars(table: Table) -> Picture:
    """Return lying bars, each under its words: readable on a phone whatever their length."""
    bars, top = [], 0
    for row in table.rows:
        lines = wrap(row.label, _LONGEST) or [row.label]
        placed = tuple((top + _LINE * at + 14, line) for at, line in enumerate(lines))
        y = top + _LINE * len(lines) + 2
        width = max(2, round((WIDTH - _VALUE) * (row.count or 0) / table.largest))
        bars.append(Bar(0, y, width, _BAR, row.gathered, placed, str(row.count), width + 7, y + 13))
        top = y + _BAR + _GAP
    return Picture(max(top - _GAP, 1), tuple(bars))


def draw_columns(table: Table) -> Picture:
    """Return standing bars, one for each month, each above its first letter."""
    bars = tuple(_stand(at * _COLUMN, row, table.largest, _TALL, row.label[0]) for at, row in enumerate(table.rows))
    return Picture(_TALL + _FOOT + 20, bars)


def draw_series(series: Series, largest: int) -> Picture:
    """Return four standing bars, one for each quarter, on a scale that all grounds share."""
    wide = WIDTH // 4
    bars = tuple(_stand(at * wide, row, largest, _TALL // 2, row.label, wide) for at, row in enumerate(series.quarters))
    return Picture(_TALL // 2 + _FOOT + 20, bars)


def _stand(x: int, row: Row, largest: int, tall: int, foot: str, wide: int = _COLUMN) -> Bar:
    height = _UNTOLD if row.count is None else round(tall * row.count / largest)
    top = 20 + tall - height
    middle = x + wide // 2
    width = min(wide - 8, 40)
    return Bar(
        x=middle - width // 2,
        y=top,
        width=width,
        height=max(height, 1),
        hatched=row.count is None,
        lines=((20 + tall + 17, foot),),
        value="?" if row.count is None else str(row.count),
        value_x=middle,
        value_y=top - 5,
    )
