"""What a picture in the terminal is: lines of toned text for a room, and the same figures as a table.

A drawing knows nothing of the screen. Its signs tell everything by themselves; a tone (a colour) only repeats it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.cells import cell_len

from workbench.tui.widgets.text import fit

Line = list[tuple[str, str]]
"""Pieces of a line: text and the name of its tone; ``bold`` before the name makes it strong, "" is plain text."""
Rows = Sequence[Sequence[str]]
CELL = 9


class Drawing(Protocol):
    """One picture."""

    def lines(self, width: int, height: int) -> list[Line]:
        """Drawn into ``height`` lines of ``width`` cells."""

    def legend(self) -> str:
        """What the signs mean, in one line."""

    def heads(self) -> Sequence[str]:
        """Headings of the table."""

    def rows(self) -> Rows:
        """The same figures as a table."""


def plain(text: str) -> Line:
    """A line of one piece without a tone."""
    return [(text, "")]


def pieces(cells: Sequence[tuple[str, str]]) -> Line:
    """Cells of a line with neighbours of one tone joined."""
    line: Line = []
    for sign, tone in cells:
        if line and line[-1][1] == tone:
            line[-1] = (line[-1][0] + sign, tone)
        else:
            line.append((sign, tone))
    return line


def table_lines(heads: Sequence[str], rows: Rows, width: int) -> list[str]:
    """Headings and rows in columns: the first takes the room that figures leave, the last ones give way."""
    widths = [min(24, max(CELL, *(cell_len(row[at]) for row in (heads, *rows)))) for at in range(1, len(heads))]
    while widths and sum(widths) + len(widths) + 8 > width:
        widths.pop()
    names = max(cell_len(row[0]) for row in (heads, *rows))
    first = max(1, min(width - sum(widths) - len(widths), names + 1))
    return [
        " ".join([fit(row[0], first), *(fit(row[at], cells, right=True) for at, cells in enumerate(widths, 1))])
        for row in (heads, *rows)
    ]


def place(value: float, low: float, high: float, cells: int) -> int:
    """In which of ``cells`` cells from ``low`` to ``high`` a value stands; what is outside stands at the edge."""
    share = (value - low) / (high - low) if high > low else 0.5
    return round(max(0.0, min(1.0, share)) * (cells - 1))


def ends(values: Sequence[float], outside: float = 0.005) -> tuple[float, float]:
    """The range that holds all but the outermost share of the values at each end."""
    ordered = sorted(values)
    cut = int(len(ordered) * outside)
    return ordered[cut], ordered[len(ordered) - 1 - cut]
