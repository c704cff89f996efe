"""For models that take missing values and category codes as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder


class PlainEncoder(Encoder):
    """The prepared matrix itself: float32, NaN for missing, categories as codes."""

    def __init__(self, names: Sequence[str] | None = None) -> None:
        self.names = names

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        return [(column.name, column.sources) for column in prepared.derived]

    def _encode(self, prepared: Prepared) -> np.ndarray:
        return np.asarray(prepared.matrix, dtype=np.float32)
