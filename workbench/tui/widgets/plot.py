"""A small plot in braille dots: line, steps, points or bars, with axes; the same figures as a table on request.

Other pictures (beeswarm, map, calibration) are ``Drawing``s, which the same widget shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget

from workbench.tui.widgets.drawing import Drawing, table_lines
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


def picture(
    series: Series,
    width: int,
    height: int,
    x_label: str = "",
    y_label: str = "",
    *,
    more: Sequence[Series] = (),
    ends: tuple[str, str] | None = None,
) -> list[str]:
    """The plot with its axes as lines of text, ``width`` cells by ``height`` lines.

    Args:
        more: drawn into the same axes.
        ends: words for the ends of x where its numbers are none for people, such as days since 1970.
    """
    kept = [[(x, y) for x, y in each.points if math.isfinite(x) and math.isfinite(y)] for each in (series, *more)]
    if not kept[0] or width < 16 or height < 4:
        return ["(nothing to draw yet)" if not kept[0] else "(too small to draw)"]
    xs, ys = [x for each in kept for x, _ in each], [y for each in kept for _, y in each]
    box = (min(xs), max(xs), min(ys), max(ys))
    labels = [number(box[3]), number((box[2] + box[3]) / 2), number(box[2])]
    gutter = max(len(label) for label in labels)
    inner, lines = width - gutter - 2, height - 2 - bool(y_label)
    drawn = _overlaid(
        [
            braille(points, inner, lines, each.shape, box)
            for points, each in zip(kept, (series, *more), strict=True)
            if points
        ]
    )
    marks = {0: labels[0], lines // 2: labels[1], lines - 1: labels[2]}
    body = [f"{marks.get(at, ''):>{gutter}} │{line}" for at, line in enumerate(drawn)]
    left, right = (number(box[0]), number(box[1])) if ends is None else ends
    middle = fit(x_label, max(0, inner - cell_len(left) - cell_len(right) - 2))
    axis = " " * gutter + " └" + "─" * inner
    foot = " " * (gutter + 2) + left + " " + middle.center(len(middle)) + " " + right
    head = [f"{'':>{gutter}}  {y_label}"] if y_label else []
    return [*head, *body, axis, foot[:width]]


def _overlaid(layers: Sequence[Sequence[str]]) -> list[str]:
    """Dots of all layers in one: a braille sign is the sum of its dots."""
    if len(layers) == 1:
        return list(layers[0])
    lines = []
    for line in zip(*layers, strict=True):
        cells = [0] * len(line[0])
        for layer in line:
            for at, sign in enumerate(layer):
                cells[at] |= 0 if sign == " " else ord(sign) - 0x2800
        lines.append("".join(chr(0x2800 + cell) if cell else " " for cell in cells))
    return lines


class Plot(Widget):
    """One picture that fits its room; ``as_table`` shows the figures instead, to be scrolled where they are many."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_table(1)", show=False),
        Binding("up,k", "scroll_table(-1)", show=False),
    ]
    TONES: ClassVar[tuple[str, ...]] = ("low", "high", "muted", *(f"s{at}" for at in range(6)))
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"plot--{tone}" for tone in TONES}
    DEFAULT_CSS = """
    Plot {
        height: 1fr; color: $foreground;
        .plot--low { color: $text-primary; }
        .plot--high { color: $text-error; }
        .plot--muted { color: $foreground-muted; }
        .plot--s0 { color: $text-primary; }
        .plot--s1 { color: $text-warning; }
        .plot--s2 { color: $text-success; }
        .plot--s3 { color: $text-error; }
        .plot--s4 { color: $text-accent; }
        .plot--s5 { color: $foreground; }
    }
    """

    def __init__(self, *, id: str | None = None, empty: str = "") -> None:
        super().__init__(id=id)
        self.series = Series(())
        self.bars: list[tuple[str, float]] = []
        self.x_label = ""
        self.y_label = ""
        self.empty = empty
        self.as_table = False
        self.drawing: Drawing | None = None
        self.top = 0

    def draw(self, points: Points, shape: Shape = "points", *, x_label: str = "", y_label: str = "") -> None:
        """Show pairs of numbers."""
        self._forget()
        self.series = Series(points, shape)
        self.x_label, self.y_label = x_label, y_label
        self.refresh()

    def draw_bars(self, bars: Sequence[tuple[str, float]], *, x_label: str = "") -> None:
        """Show a figure for each of some names."""
        self._forget()
        self.bars = list(bars)
        self.x_label = x_label
        self.refresh()

    def show(self, drawing: Drawing) -> None:
        """Show a picture of another kind."""
        top = self.top if isinstance(drawing, type(self.drawing)) else 0
        self._forget()
        self.drawing, self.top = drawing, top
        self.refresh()

    def _forget(self) -> None:
        self.series, self.bars, self.drawing, self.top = Series(()), [], None, 0

    def toggle_table(self) -> None:
        """Picture or table."""
        self.as_table = not self.as_table
        self.top = 0
        self.refresh()

    def action_scroll_table(self, by: int) -> None:
        """Further down in a table that is longer than its room."""
        if self.as_table and self.drawing is not None:
            hidden = len(self.drawing.rows()) + 1 - self.size.height
            self.top = max(0, min(self.top + by, hidden))
            self.refresh()

    def render(self) -> Text:
        """Draw for the present size."""
        width, height = self.size
        if self.drawing is not None:
            return self._drawn(self.drawing, width, height)
        if self.bars:
            return Text("\n".join(self._bar_lines(width, height)), no_wrap=True)
        if not self.series.points:
            return Text(self.empty, style="dim")
        if self.as_table:
            return Text("\n".join(self._table_lines(height)), no_wrap=True)
        return Text("\n".join(picture(self.series, width, height, self.x_label, self.y_label)), no_wrap=True)

    def _drawn(self, drawing: Drawing, width: int, height: int) -> Text:
        if self.as_table:
            head, *body = table_lines(drawing.heads(), drawing.rows(), width)
            return Text("\n".join([head, *body[self.top : self.top + max(1, height - 1)]]), no_wrap=True)
        text = Text(no_wrap=True)
        for at, line in enumerate(drawing.lines(width, height)[:height]):
            text.append("\n" if at else "")
            for piece, tone in line:
                text.append(piece, self._tone(tone))
        return text

    def _tone(self, tone: str) -> Style:
        name = tone.removeprefix("bold").strip()
        style = self.get_component_rich_style(f"plot--{name}", partial=True) if name else Style()
        return style + Style(bold=True) if tone.startswith("bold") else style

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
