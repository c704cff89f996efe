"""Tables as the wire takes them: rows of plain values by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.plain import plain

if TYPE_CHECKING:
    import pandas as pd


def records(table: pd.DataFrame, *keys: str) -> list[dict[str, Any]]:
    """The rows with these columns alone; one that the table does not have is ``None`` in each."""
    return [{key: plain(row.get(key)) for key in keys} for row in table.to_dict("records")]
