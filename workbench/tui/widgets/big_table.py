"""The rows of the source, however many: an Arrow file, memory-mapped, drawn a page at a time.

pyarrow and the table are imported when the first rows are shown, not when the program starts.
"""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from workbench.tui.widgets.text import clean

if TYPE_CHECKING:
    from textual_fastdatatable import DataTable

COLUMNS_SHOWN = 10
"""Drawing costs by the visible cell; more columns are reached by choosing them."""


class RowMoved(Message):
    """The cursor is on another cell of the rows."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class BigTable(Vertical):
    """A page-able view of an Arrow IPC file."""

    DEFAULT_CSS = """
    BigTable { height: 1fr; }
    BigTable > DataTable { height: 1fr; max-height: 100%; background: $surface; scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1; }
    BigTable .datatable--header { background: $panel; color: $text-primary; }
    BigTable .datatable--cursor { background: $primary-muted; color: $foreground; }
    BigTable > DataTable:focus .datatable--cursor { background: $block-cursor-background;
        color: $block-cursor-foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.columns: list[str] = []
        self.total = 0
        self._table: DataTable | None = None
        self._arrow: Any = None
        self._widths: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """Nothing until there are rows."""
        yield Static("", id="rows-empty")

    @property
    def cursor(self) -> tuple[int, str] | None:
        """Row and column under the cursor."""
        if self._table is None or not self.columns or not self.total:
            return None
        return self._table.cursor_row, self.columns[min(self._table.cursor_column, len(self.columns) - 1)]

    async def show(self, path: str, columns: list[str], widths: list[int]) -> None:
        """Show the rows of an Arrow file.

        Args:
            path: the file.
            columns: those to show at first.
            widths: cells for each column of the file, in its order.
        """
        # Two tenths of a second of imports: in a thread, so that keys are taken meanwhile.
        await asyncio.to_thread(importlib.import_module, "workbench.tui.widgets.arrow_table")
        import pyarrow as pa

        with pa.memory_map(str(Path(path))) as source:
            self._arrow = pa.ipc.open_file(source).read_all()
        self.total = self._arrow.num_rows
        self._widths = dict(zip(self._arrow.column_names, widths, strict=True))
        await self.show_columns(columns)

    async def show_columns(self, columns: list[str]) -> None:
        """Show other columns of the same rows."""
        from workbench.tui.widgets.arrow_table import make_table

        self.columns = columns[:COLUMNS_SHOWN]
        row = self._table.cursor_row if self._table is not None else 0
        focused = self._table is not None and self._table.has_focus
        table = make_table(
            self._arrow.select(self.columns),
            [clean(name, 60) for name in self.columns],
            [self._widths[name] for name in self.columns],
        )
        await self.remove_children()
        await self.mount(table)
        self._table = table
        if row and row < self.total:
            table.move_cursor(row=row)
        if focused:
            table.focus()

    async def clear(self) -> None:
        """Show nothing."""
        await self.remove_children()
        self._table, self._arrow, self.columns, self.total = None, None, [], 0

    def focus_table(self) -> None:
        """Give the focus to the rows."""
        if self._table is not None:
            self._table.focus()
