"""A map of segments in text: each cell holds the number of the segment that most customers there belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbench.tui.widgets.drawing import Line, pieces, place, plain
from workbench.tui.widgets.text import clean, fit, number
from workbench.worker.views import MapView

SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
TONES = 6
LEAST_NAME = 10


class SegmentMap:
    """Customers in two dimensions, near to those who are alike.

    Args:
        view: as the worker prepared it.
        chosen: id of the segment that the screen stands on; its cells are strong.
    """

    def __init__(self, view: MapView, chosen: int | None = None) -> None:
        self.view = view
        self.chosen = chosen

    def legend(self) -> str:
        """What a sign means."""
        drawn, rows = len(self.view["points"]), self.view["rows"]
        sample = f"{drawn:,} of {rows:,} customers" if drawn < rows else f"{rows:,} customers"
        return f"# the segment of most customers there  {sample}"

    def heads(self) -> Sequence[str]:
        """Segment, customers, centre, spread, neighbour."""
        return ("segment", "customers", "across", "up", "spread", "nearest")

    def rows(self) -> list[list[str]]:
        """A row a segment."""
        return [
            [
                f"{sign(each['id'])} {clean(each['name'], 40)}",
                *(number(each[key], 3) for key in ("size", "x", "y", "spread")),
                "-" if each["nearest"] is None else sign(each["nearest"]),
            ]
            for each in self.view["segments"]
        ]

    def lines(self, width: int, height: int) -> list[Line]:
        """The map, then the names where there is room for them."""
        points = self.view["points"]
        if not points or width < 10 or height < 3:
            return [plain("(too small to draw)" if points else "(nothing to draw)")]
        names = self._names(width) if height >= 5 else None
        rows = height - (names is not None)
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        counts: dict[tuple[int, int], Counter[int]] = {}
        for x, y, segment in points:
            across = place(x, min(xs), max(xs), width)
            down = rows - 1 - place(y, min(ys), max(ys), rows)
            counts.setdefault((down, across), Counter())[segment] += 1
        lines: list[Line] = []
        for down in range(rows):
            cells = [self._cell(counts.get((down, across))) for across in range(width)]
            lines.append(pieces(cells))
        return [*lines, names] if names is not None else lines

    def _cell(self, found: Counter[int] | None) -> tuple[str, str]:
        if found is None:
            return " ", ""
        segment = max(found, key=lambda each: (found[each], -each))
        return sign(segment), self._tone(segment)

    def _tone(self, segment: int) -> str:
        tone = f"s{segment % TONES}"
        return f"bold {tone}" if segment == self.chosen else tone

    def _names(self, width: int) -> Line | None:
        """``0 name  1 name`` in one line; ``None`` where not even short names fit."""
        segments = self.view["segments"]
        room = width // max(1, len(segments))
        if room < LEAST_NAME:
            return None
        return [
            (fit(f"{sign(each['id'])} {clean(each['name'], 40)}", room - 1) + " ", self._tone(each["id"]))
            for each in segments
        ]


def sign(segment: int) -> str:
    """One sign for a segment."""
    return SIGNS[segment] if 0 <= segment < len(SIGNS) else "?"
