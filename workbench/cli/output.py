"""Plain text tables and numbers on stdout; data is never read as markup."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from workbench.cli.progress import printable

WIDE = 140


def print_json(data: Any) -> None:
    """One JSON document, non-ASCII names as they are; what could control a terminal is written as its code."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    # of itself JSON escapes the oldest control signs only
    safe = "".join(sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in text)
    sys.stdout.write(safe + "\n")


def print_line(text: str = "") -> None:
    """One line of text, which on a terminal breaks between words."""
    _write(printable(text))


def print_heading(text: str, named: str = "") -> None:
    """A heading in capitals with a line above it; names of the user's follow as they are."""
    sys.stdout.write("\n")
    _write(f"{printable(text).upper()}{printable(named)}")


def _write(line: str) -> None:
    if sys.stdout.isatty():
        from workbench.cli.widths import wrapped

        line = wrapped(line, _width())
    sys.stdout.write(line + "\n")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
    """An aligned table; cells that are too long wrap.

    Args:
        headings: one per column.
        rows: cells of any type, shown by ``str``; ``None`` is shown as ``-``.
        right: indices of right-aligned columns.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from workbench.cli.widths import GAP, fitting

    heads = [printable(heading) for heading in headings]
    cells = [["-" if cell is None else printable(str(cell)) for cell in row] for row in rows]
    width = _width()
    columns = [[head, *(row[index] for row in cells)] for index, head in enumerate(heads)]
    narrowed: Sequence[int | None] = fitting(columns, width) or [None] * len(heads)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 0, 0, GAP - 1))
    for index, (head, wide) in enumerate(zip(heads, narrowed, strict=True)):
        side: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(Text(head), justify=side, overflow="fold", width=wide)
    for row in cells:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=width, no_color=True).print(table)


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE


def number(value: float | None, digits: int = 4) -> str:
    """A figure with about ``digits`` significant digits, thousands separated."""
    if value is None or math.isnan(value):
        return "-"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def signed(value: float | None, digits: int = 4) -> str:
    """A difference: the same with a plus before what is above zero."""
    return f"+{number(value, digits)}" if value is not None and value > 0 else number(value, digits)


def interval(low: float | None, high: float | None) -> str:
    """Both ends of an interval, a dash where there is none."""
    if all(end is None or math.isnan(end) for end in (low, high)):
        return "-"
    return f"{number(low)} to {number(high)}"


def percent(value: float | None) -> str:
    """A share as a percentage."""
    return "-" if value is None or math.isnan(value) else f"{100 * value:.1f} %"
