"""For models that draw lines through missing values and category codes as they are: numbers on one scale, in bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder

_BLOCK_ROWS = 50_000


class BoundedEncoder(Encoder):
    """Numbers standardised and held at the ends of what was seen; float32, NaN for missing, categories as codes.

    Splits stay where they are, since the order of the rows does. A penalty on slopes means the same for all columns,
    and no line goes on to where no row was.
    """

    def __init__(self, names: Sequence[str] | None = None) -> None:
        self.names = names

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        width = len(prepared.derived)
        self.low_, self.high_ = np.full(width, -np.inf), np.full(width, np.inf)
        self.mean_, self.scale_ = np.zeros(width), np.ones(width)
        for place, column in enumerate(prepared.derived):
            values = prepared.matrix[:, place].astype(np.float64)
            known = values[np.isfinite(values)]
            if column.kind == "category" or not known.size:
                continue
            self.low_[place], self.high_[place] = known.min(), known.max()
            self.mean_[place], self.scale_[place] = known.mean(), known.std() or 1.0
        return [(column.name, column.sources) for column in prepared.derived]

    def _encode(self, prepared: Prepared) -> np.ndarray:
        table = np.empty(prepared.shape, dtype=np.float32)
        for start in range(0, len(prepared), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            values = np.clip(prepared.matrix[block].astype(np.float64), self.low_, self.high_)
            table[block] = (values - self.mean_) / self.scale_
        return table
