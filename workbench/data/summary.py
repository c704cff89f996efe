"""Facts about one column for the screen: JSON-ready, small whatever the table's size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from workbench.contracts import Kind, Table
from workbench.data.frames import arrow, canonical, distinct_count
from workbench.data.roles import kind_of
from workbench.errors import InputError

BARS = 12
LEVELS = 12


def summary(table: Table | pd.DataFrame, column: str) -> dict[str, Any]:
    """What a person wants to know of a column.

    Returns:
        always ``name``, ``kind``, ``rows``, ``missing``, ``distinct``; for numbers ``min``, ``median``, ``mean``,
        ``p95``, ``max`` and ``bars`` (a list of ``low``, ``high``, ``count``, equal widths, the last bar open above the
        99th percentile); for categories and truth values ``levels`` (``value``, ``count``, ``share``, most frequent
        first) and ``others``; for dates ``first``, ``last`` (ISO) and ``bars``; for text ``characters`` (mean) and
        ``examples``.

    Raises:
        InputError: there is no such column.
    """
    frame = table.frame if isinstance(table, Table) else table
    if column not in frame.columns:
        raise InputError(f"There is no column '{column}' in this table.")
    values = frame[column] if isinstance(table, Table) else canonical(frame[[column]])[0].iloc[:, 0]
    distinct = distinct_count(values)
    kind = table.column(column).kind if isinstance(table, Table) else kind_of(values, distinct)
    facts: dict[str, Any] = {
        "name": column,
        "kind": str(kind),
        "rows": len(values),
        "missing": int(values.isna().sum()),
        "distinct": distinct,
    }
    if kind in (Kind.INTEGER, Kind.NUMBER):
        return facts | _number_facts(values.dropna().to_numpy(dtype=float))
    if kind is Kind.DATE:
        return facts | _date_facts(values.dropna())
    if kind is Kind.TEXT:
        return facts | _text_facts(values)
    return facts if kind is Kind.EMPTY else facts | _level_facts(values)


def _number_facts(values: np.ndarray) -> dict[str, Any]:
    # Enormous numbers are looked at in quarters, so that no difference or sum of two of them overflows.
    scale = 0.25 if np.abs(values).max() > 1e300 else 1.0
    values = values * scale
    low, middle, high, far, top = (float(v) for v in np.percentile(values, [0, 50, 95, 99, 100]))
    edge = far if top - low > 2 * (far - low) and far > low else top
    shown = values[values <= edge]
    if edge > low and np.isfinite(1 / (edge - low)):
        counts, edges = np.histogram(shown, bins=BARS, range=(low, edge))
    else:
        counts, edges = np.array([len(shown)]), np.array([low, edge])
    bars = _bars(counts, edges / scale)
    beyond = len(values) - len(shown)
    if beyond:
        bars.append({"low": edge / scale, "high": top / scale, "count": beyond})
    mean = float(np.mean(values / len(values)) * len(values)) if scale < 1 else float(values.mean())
    figures = {"min": low, "median": middle, "mean": mean, "p95": high, "max": top}
    return {**{name: value / scale for name, value in figures.items()}, "bars": bars}


def _bars(counts: np.ndarray, edges: np.ndarray) -> list[dict[str, Any]]:
    return [
        {"low": float(low), "high": float(high), "count": int(count)}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def _date_facts(values: pd.Series) -> dict[str, Any]:
    seconds = values.astype("int64").to_numpy()
    low, high = int(seconds.min()), int(seconds.max())
    bars = []
    if high > low:
        counts, edges = np.histogram(seconds, bins=BARS, range=(low, high))
        days = [_iso(pd.Timestamp(int(edge), unit="us")) for edge in edges]
        bars = [{"low": a, "high": b, "count": int(count)} for a, b, count in zip(days, days[1:], counts, strict=False)]
    return {"first": _iso(values.min()), "last": _iso(values.max()), "bars": bars}


def _iso(instant: pd.Timestamp) -> str:
    return instant.date().isoformat() if instant == instant.normalize() else instant.isoformat(timespec="seconds")


def _level_facts(values: pd.Series) -> dict[str, Any]:
    counts = values.value_counts()
    filled = int(counts.sum())
    top = [(str(value), int(count)) for value, count in counts.head(LEVELS).items()]
    levels = [{"value": value, "count": count, "share": count / filled} for value, count in top]
    return {"levels": levels, "others": filled - sum(count for _, count in top)}


def _text_facts(values: pd.Series) -> dict[str, Any]:
    cells = pc.drop_null(arrow(values))
    return {
        "characters": float(pc.mean(pc.utf8_length(cells)).as_py() or 0.0),
        "examples": [str(cell)[:120] for cell in cells.slice(0, 3).to_pylist()],
    }
