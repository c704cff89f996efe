"""A small plot in braille dots: line, steps, points or bars, with axes; the same figures as a table on request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.text import Text
from textual.widget import Widget

from workbench.tui.widgets.text import bar, fit, number

Points = Sequence[tuple[float, float]]
Shape = Literal["line", "steps", "points"]
MOST_POINTS = 4000
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass(frozen=True, slots=True)
class Series:
    """What to draw: pairs of x and y, and how."""

    points: Points
    shape: Shape = "points"


def braille(points: Points, width: int, height: int, shape: Shape, box: tuple[float, float, float, float]) -> list[str]:
    """Draw into ``height`` lines of ``width`` braille signs; ``box`` is x low, x high, y low, y high."""
    low_x, high_x, low_y, high_y = box
    columns, rows = width * 2, height * 4
    cells = [[0] * width for _ in range(height)]

    def place(x: float, y: float) -> tuple[int, int]:
        right = (x - low_x) / (high_x - low_x) if high_x > low_x else 0.5
        up = (y - low_y) / (high_y - low_y) if high_y > low_y else 0.5
        return round(right * (columns - 1)), round((1 - up) * (rows - 1))

    def dot(x: int, y: int) -> None:
        if 0 <= x < columns and 0 <= y < rows:
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def stroke(start: tuple[int, int], end: tuple[int, int]) -> None:
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            dot(
                round(start[0] + (end[0] - start[0]) * step / steps),
                round(start[1] + (end[1] - start[1]) * step / steps),
            )

    before: tuple[int, int] | None = None
    for x, y in points[:: max(1, len(points) // MOST_POINTS)]:
        here = place(x, y)
        if shape == "points" or before is None:
            dot(*here)
        elif shape == "line":
            stroke(before, here)
        else:
            stroke(before, (here[0], before[1]))
            stroke((here[0], before[1]), here)
        before = here
    return ["".join(chr(0x2800 + cell) if cell else " " for cell in line) for line in cells]


def picture(series: Series, width: int, height: int, x_label: str = "", y_label: str = "") -> list[str]:
    """The plot with its axes as lines of text, ``width`` cells by ``height`` lines."""
    points = [(x, y) for x, y in series.points if math.isfinite(x) and math.isfinite(y)]
    if not points or width < 16 or height < 4:
        return ["(nothing to draw yet)" if not points else "(too small to draw)"]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = (min(xs), max(xs), min(ys), max(ys))
    labels = [number(box[3]), number((box[2] + box[3]) / 2), number(box[2])]
    gutter = max(len(label) for label in labels)
    inner, lines = width - gutter - 2, height - 2 - bool(y_label)
    drawn = braille(points, inner, lines, series.shape, box)
    marks = {0: labels[0], lines // 2: labels[1], lines - 1: labels[2]}
    body = [f"{marks.get(at, ''):>{gutter}} │{line}" for at, line in enumerate(drawn)]
    left, right = number(box[0]), number(box[1])
    middle = fit(x_label, max(0, inner - len(left) - len(right) - 2))
    axis = " " * gutter + " └" + "─" * inner
    foot = " " * (gutter + 2) + left + " " + middle.center(len(middle)) + " " + right
    head = [f"{'':>{gutter}}  {y_label}"] if y_label else []
    return [*head, *body, axis, foot[:width]]


class Plot(Widget):
    """One picture that fits its room; ``as_table`` shows the figures instead."""

    DEFAULT_CSS = "Plot { height: 1fr; color: $foreground; }"

    def __init__(self, *, id: str | None = None, empty: str = "") -> None:
        super().__init__(id=id)
        self.series = Series(())
        self.bars: list[tuple[str, float]] = []
        self.x_label = ""
        self.y_label = ""
        self.empty = empty
        self.as_table = False

    def draw(self, points: Points, shape: Shape = "points", *, x_label: str = "", y_label: str = "") -> None:
        """Show pairs of numbers."""
        self.series, self.bars = Series(points, shape), []
        self.x_label, self.y_label = x_label, y_label
        self.refresh()

    def draw_bars(self, bars: Sequence[tuple[str, float]], *, x_label: str = "") -> None:
        """Show a figure for each of some names."""
        self.bars, self.series = list(bars), Series(())
        self.x_label = x_label
        self.refresh()

    def toggle_table(self) -> None:
        """Picture or table."""
        self.as_table = not self.as_table
        self.refresh()

    def render(self) -> Text:
        """Draw for the present size."""
        width, height = self.size
        if self.bars:
            return Text("\n".join(self._bar_lines(width, height)), no_wrap=True)
        if not self.series.points:
            return Text(self.empty, style="dim")
        if self.as_table:
            return Text("\n".join(self._table_lines(height)), no_wrap=True)
        return Text("\n".join(picture(self.series, width, height, self.x_label, self.y_label)), no_wrap=True)

    def _table_lines(self, height: int) -> list[str]:
        points = list(self.series.points)
        step = max(1, math.ceil(len(points) / max(1, height - 1)))
        head = f"{fit(self.x_label or 'x', 16, right=True)}  {fit(self.y_label or 'y', 16, right=True)}"
        return [head, *(f"{number(x):>16}  {number(y):>16}" for x, y in points[::step])]

    def _bar_lines(self, width: int, height: int) -> list[str]:
        name_width = min(28, max(len(name) for name, _ in self.bars) + 1, max(6, width // 3))
        most = max(abs(value) for _, value in self.bars) or 1.0
        room = max(1, width - name_width - 12)
        lines = []
        for name, value in self.bars[: max(1, height)]:
            drawn = "" if self.as_table else bar(abs(value) / most, room)
            sign = "-" if value < 0 and not self.as_table else ""
            lines.append(f"{fit(name, name_width)} {number(value):>9} {sign}{drawn}")
        return lines
