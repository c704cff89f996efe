"""For forests: one number per derived column, nothing missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder

_LARGEST = float(np.finfo(np.float32).max) / 8


class OrdinalEncoder(Encoder):
    """Codes in the natural order of the levels; missing values lie below everything seen, so one split parts them."""

    def __init__(self, names: Sequence[str] | None = None) -> None:
        self.names = names

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        matrix = np.asarray(prepared.matrix, dtype=np.float64)
        known = ~np.isnan(matrix)
        low = np.where(known, matrix, np.inf).min(axis=0, initial=np.inf)
        high = np.where(known, matrix, -np.inf).max(axis=0, initial=-np.inf)
        empty = ~np.isfinite(low)
        low[empty], high[empty] = 0.0, 0.0
        self.fill_ = np.maximum(low - 0.1 * (high - low) - 1.0, -_LARGEST).astype(np.float32)
        return [(column.name, column.sources) for column in prepared.derived]

    def _encode(self, prepared: Prepared) -> np.ndarray:
        matrix = np.asarray(prepared.matrix, dtype=np.float32)
        return np.where(np.isnan(matrix), self.fill_, matrix)
