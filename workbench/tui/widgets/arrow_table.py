"""The Arrow table itself; imports pyarrow, so it is imported when rows are first shown."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual_fastdatatable import ArrowBackend, DataTable

from workbench.tui.widgets.big_table import RowMoved


class RowsTable(DataTable, inherit_bindings=False):  # type: ignore[call-arg]
    """The rows with vim keys; ``tab`` goes to the next part of the screen as everywhere else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("right,l", "cursor_right", "Right", show=False),
        Binding("left,h", "cursor_left", "Left", show=False),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page_down", "Page down", show=False),
        Binding("home,ctrl+home", "cursor_table_start", "First", show=False),
        Binding("end,G,ctrl+end", "cursor_table_end", "Last", show=False),
    ]

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        """Tell the screen, in a message that it can know without importing this module."""
        event.stop()
        self.post_message(RowMoved(event.coordinate.row))


def make_table(data: Any, labels: list[str], widths: list[int]) -> RowsTable:
    """A table over Arrow data. Labels and cells are plain text: nothing in them is markup."""
    return RowsTable(
        backend=ArrowBackend(data),
        column_labels=[Text(label) for label in labels],
        column_widths=list(widths),
        max_column_content_width=max(widths, default=10),
        render_markup=False,
        null_rep="",
        show_row_labels=False,
        id="rows-table",
    )
