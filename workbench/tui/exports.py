"""Writing what a table shows to a CSV file that a spreadsheet can open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.widget import Widget

from workbench.atomic import write_text
from workbench.tui.widgets.dialogs import LineDialog

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


async def ask_and_write(widget: Widget, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Ask where to, write, say so. Raises ``StoreError`` when it can't be written."""
    answer = await widget.app.push_screen_wait(LineDialog("Write a CSV file", value=name))
    if answer:
        path = Path(answer).expanduser()
        write_text(path, to_csv(rows))
        widget.notify(f"Wrote {len(rows)} rows to {path}", markup=False)
