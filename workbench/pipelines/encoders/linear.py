"""For linear models: indicators, imputation with its own indicator, and shaped numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder
from workbench.pipelines.encoders.levels import Indicators
from workbench.pipelines.encoders.numeric import NumericShape, Standard, numeric_shape

_SMALL_CELLS = 20_000_000
"""Cells that a matrix to learn from may have in float64; larger ones are made in float32, a block after another."""
_MOST_CELLS = 40_000_000
"""Cells that it may have at all: a model that adds up has long settled by then."""
_BLOCK_ROWS = 50_000

MOST_LEVELS = 100
"""Indicator columns that one category may get."""


class LinearEncoder(Encoder):
    """Columns that may be added up.

    Args:
        shape: how numbers enter: ``standard``, ``quantile`` or ``spline``.
        rare_share: levels with a smaller share of the rows (or fewer than 5 rows) are taken together.
        most_levels: indicator columns that one category may get.
    """

    def __init__(
        self,
        names: Sequence[str] | None = None,
        *,
        shape: str = "standard",
        rare_share: float = 0.002,
        most_levels: int = MOST_LEVELS,
    ) -> None:
        self.names = names
        self.shape = shape
        self.rare_share = rare_share
        self.most_levels = most_levels

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        matrix = prepared.matrix
        least = max(5 if len(prepared) > 100 else 2, int(self.rare_share * len(prepared)))
        self.steps_: list[Indicators | _Number] = []
        pairs: list[tuple[str, tuple[str, ...]]] = []
        for place, column in enumerate(prepared.derived):
            values = np.asarray(matrix[:, place], dtype=np.float64)
            step: Indicators | _Number
            if column.kind == "category":
                step = Indicators(least, self.most_levels).fit(values, column)
            else:
                curved = column.kind in ("number", "date")
                step = _Number(numeric_shape(self.shape) if curved else Standard()).fit(values, column.name)
            self.steps_.append(step)
            pairs += [(name, column.sources) for name in step.names]
        return pairs

    def rows_to_learn_from(self, rows: int) -> np.ndarray | None:
        """At most so many that ``_MOST_CELLS`` holds, but never fewer than columns; always the same ones."""
        width = max(1, len(self.names_out_))
        most = max(_MOST_CELLS // width, width)
        return None if rows <= most else np.sort(np.random.default_rng(rows).choice(rows, most, replace=False))

    def to_learn_from(self, X: Prepared) -> np.ndarray:
        """Shape (rows, output columns), float32 where it is large."""
        if len(X) * len(self.names_out_) <= _SMALL_CELLS:
            return self.transform(X)
        table = np.empty((len(X), len(self.names_out_)), dtype=np.float32)
        for start in range(0, len(X), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            table[block] = self.transform(Prepared(X.matrix[block], X.derived))
        return table

    def _encode(self, prepared: Prepared) -> np.ndarray:
        # float64: sums of many small terms are checked to 1e-6 when they are explained
        table = np.empty((len(prepared), len(self.names_out_)))
        start = 0
        for place, step in enumerate(self.steps_):
            table[:, start : start + step.width] = step.transform(prepared.matrix[:, place].astype(np.float64))
            start += step.width
        return table


class _Number:
    """One numeric column: its shape, the median where it is missing, and a column that says so."""

    def __init__(self, shape: NumericShape) -> None:
        self._shape = shape

    def fit(self, values: np.ndarray, name: str) -> _Number:
        known = values[~np.isnan(values)]
        self._fill = float(np.median(known)) if known.size else 0.0
        self._shape.fit(known if known.size else np.zeros(1))
        self._flag = 0 < known.size < values.size
        bends = self._shape.width
        self.names = [name] if bends == 1 else [name, *(f"{name} · bend {bend}" for bend in range(1, bends))]
        if self._flag:
            self.names.append(f"{name} · missing")
        self.width = len(self.names)
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        absent = np.isnan(values)
        table = self._shape.transform(np.where(absent, self._fill, values))
        return np.hstack([table, absent.reshape(-1, 1).astype(np.float64)]) if self._flag else table
