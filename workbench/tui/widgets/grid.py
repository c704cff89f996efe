"""A table for hundreds or hundreds of thousands of small rows: only the visible lines are drawn.

Cells are plain text. It sorts each column as its type, missing values last, filters with the shared grammar, marks
rows, and shows as many columns as fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.tui.widgets.text import fit
from workbench.worker.filters import matches, parse

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column.

    Attributes:
        key: key in the rows.
        title: header.
        width: cells; with ``flex`` the least.
        show: makes the text of a cell; plain text by default.
        right: whether figures stand at the right.
        flex: whether it takes a part of the room that is left.
    """

    key: str
    title: str
    width: int
    show: Callable[[Any], str] = lambda value: "-" if value is None else str(value)
    right: bool = False
    flex: bool = False


class Grid(ScrollView, can_focus=True):
    """Rows of plain values under a fixed header.

    Args:
        columns: what to show, most important first: those at the end give way where there is no room.
        row_key: the key whose value names a row; the cursor stays on it when the rows change.
        tone: names the look of a row: ``good``, ``bad``, ``muted`` or ``""``; states are words too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("home,ctrl+home", "edge(0)", "First", show=False),
        Binding("g", "top", "First", show=False),
        Binding("end,G,ctrl+end", "edge(1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--header", "grid--cursor", "grid--good", "grid--bad", "grid--muted", "grid--marked",
    }  # fmt: skip
    DEFAULT_CSS = """
    Grid {
        background: $surface; color: $foreground; scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1;
        .grid--header { text-style: bold; color: $text-primary; background: $panel; }
        .grid--cursor { background: $primary-muted; color: $foreground; text-style: bold; }
        .grid--good { color: $text-success; }
        .grid--bad { color: $text-error; }
        .grid--muted { color: $foreground-muted; }
        .grid--marked { color: $text-accent; text-style: bold; }
        &:focus .grid--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    cursor: reactive[int] = reactive(0, repaint=False)

    class Highlighted(Message):
        """The cursor is on another row."""

        def __init__(self, grid: Grid, row: Row | None) -> None:
            super().__init__()
            self.grid = grid
            self.row = row

        @property
        def control(self) -> Grid:
            """For ``@on``."""
            return self.grid

    class Chosen(Highlighted):
        """Enter or a second click on a row."""

    def __init__(
        self,
        columns: Sequence[GridColumn],
        *,
        row_key: str,
        tone: Callable[[Row], str] = lambda row: "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.row_key = row_key
        self.tone = tone
        self.all_rows: list[Row] = []
        self.rows: list[Row] = []
        self.filter = ""
        self.sort_key: str | None = None
        self.descending = False
        self.marks: set[Any] = set()
        self.g_is_free = True
        self.follows = False
        """Whether a cursor on the first row stays on the first row when newer rows come above it."""

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on the row that it was on, if that is still there."""
        before = self.current
        self.all_rows = list(rows)
        self._arrange(before)

    def set_columns(self, columns: Sequence[GridColumn]) -> None:
        """Show other columns of the same rows."""
        self.columns = tuple(columns)
        self.refresh()

    def set_filter(self, text: str) -> None:
        """Show the rows that fulfil the filter; empty shows all."""
        self.filter = text
        self._arrange(self.current)

    def sort_by(self, key: str | None, descending: bool = False) -> None:
        """Sort by a column, missing values last; ``None`` gives the original order."""
        self.sort_key, self.descending = key, descending
        self._arrange(self.current)

    def sort_next(self) -> str:
        """Go through the columns: ascending, descending, the next one. Returns what is sorted by, in words."""
        keys = [column.key for column in self.columns]
        if self.sort_key is None:
            self.sort_by(keys[0])
        elif not self.descending:
            self.sort_by(self.sort_key, True)
        else:
            at = keys.index(self.sort_key) + 1 if self.sort_key in keys else 0
            self.sort_by(keys[at] if at < len(keys) else None)
        return f"{self.sort_key} {'down' if self.descending else 'up'}" if self.sort_key else "as they come"

    def toggle_mark(self) -> None:
        """Mark the current row, or take the mark away."""
        if (row := self.current) is not None:
            self.marks ^= {row[self.row_key]}
            self.refresh()

    def move_to(self, key: Any) -> bool:
        """Put the cursor on the row with this key."""
        for index, row in enumerate(self.rows):
            if row[self.row_key] == key:
                self.cursor = index
                return True
        return False

    def _arrange(self, before: Row | None) -> None:
        # by what stands on the screen as well as by the key: `model = linear`, `no > 10`
        titles = {column.title: column.key for column in self.columns if column.title}
        terms = parse(self.filter, [column.key for column in self.columns], titles) if self.filter else ()
        rows = [row for row in self.all_rows if matches(terms, row)] if terms else self.all_rows
        if (key := self.sort_key) is not None:
            present = [row for row in rows if row.get(key) is not None]
            present.sort(key=lambda row: _sort_value(row[key]), reverse=self.descending)
            rows = present + [row for row in rows if row.get(key) is None]
        self.rows = list(rows)
        self.virtual_size = Size(1, len(self.rows) + 1)
        following = self.follows and self.cursor == 0
        wanted = before[self.row_key] if before is not None and not following else None
        places = (index for index, row in enumerate(self.rows) if row[self.row_key] == wanted)
        place = next(places, min(self.cursor, max(0, len(self.rows) - 1)))
        if place != self.cursor:
            self.cursor = place
        elif self.current is not before:
            self.post_message(self.Highlighted(self, self.current))
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on the rows."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Bring the row into view and tell the screen."""
        if not self.is_mounted:
            return
        top, height = round(self.scroll_offset.y), max(1, self.size.height - 1)
        if new < top:
            self.scroll_to(y=new, animate=False)
        elif new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False)
        self.refresh(Region(0, old - top + 1, self.size.width, 1), Region(0, new - top + 1, self.size.width, 1))
        self.post_message(self.Highlighted(self, self.current))

    def action_move(self, by: int) -> None:
        """Up or down."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """A page up or down."""
        self.cursor += by * max(1, self.size.height - 2)

    def action_edge(self, last: int) -> None:
        """To the first or the last row."""
        self.cursor = len(self.rows) - 1 if last else 0

    def action_top(self) -> None:
        """To the first row, by vim's key."""
        self.cursor = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where ``g`` starts a search it is not ours."""
        return self.g_is_free if action == "top" else True

    def action_choose(self) -> None:
        """Open the current row."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """A click on the header sorts, on a row selects, a second one opens."""
        if event.y == 0:
            at = 0
            for column, width in self._layout():
                if at <= event.x < at + width + 1:
                    self.sort_by(column.key, self.sort_key == column.key and not self.descending)
                at += width + 1
            return
        row = event.y - 1 + round(self.scroll_offset.y)
        if 0 <= row < len(self.rows):
            self.cursor = row
            if event.chain > 1:
                self.action_choose()

    def _layout(self) -> list[tuple[GridColumn, int]]:
        """The columns that fit, with their widths."""
        room = self.size.width - 1
        fitting: list[GridColumn] = []
        for column in self.columns:
            if fitting and room < column.width:
                break
            fitting.append(column)
            room -= column.width + 1
        flexible = [column for column in fitting if column.flex]
        extra = max(0, room + 1) // len(flexible) if flexible else 0
        return [(column, column.width + (extra if column.flex else 0)) for column in fitting]

    def render_line(self, y: int) -> Strip:
        """One line: the header, or a row."""
        width = self.size.width
        base = self.rich_style
        if y == 0:
            style = base + self.get_component_rich_style("grid--header", partial=True)
            titles = []
            for column, cells in self._layout():
                sign = ("▼" if self.descending else "▲") if column.key == self.sort_key else ""
                titles.append(Segment(fit(column.title + sign, cells, right=column.right) + " ", style))
            return Strip(titles).adjust_cell_length(width, style)
        index = y - 1 + round(self.scroll_offset.y)
        if index >= len(self.rows):
            return Strip.blank(width, base)
        row = self.rows[index]
        style = base + self._row_style(row, index)
        texts = [
            Segment(fit(each.show(row.get(each.key)), cells, right=each.right) + " ", style)
            for each, cells in self._layout()
        ]
        return Strip(texts).adjust_cell_length(width, style)

    def _row_style(self, row: Row, index: int) -> Style:
        style = Style()
        if tone := self.tone(row):
            style += self.get_component_rich_style(f"grid--{tone}", partial=True)
        if row[self.row_key] in self.marks:
            style += self.get_component_rich_style("grid--marked", partial=True)
        if index == self.cursor:
            style += self.get_component_rich_style("grid--cursor", partial=True)
        return style


def _sort_value(value: Any) -> tuple[int, float, str]:
    """Numbers before texts, each in its own order."""
    if isinstance(value, bool | int | float):
        return (0, float(value), "")
    return (1, 0.0, str(value).casefold())
