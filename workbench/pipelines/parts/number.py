"""Numbers and yes/no columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.pipelines import cleaning
from workbench.pipelines.derived import Derived
from workbench.pipelines.parts._base import Part, varies

_EXACT = 2.0**24
"""Whole numbers above this lose their last digits in float32."""


class NumberPart(Part):
    """A number, also when it comes as text; infinities count as missing.

    Large numbers with a small spread (time stamps, account numbers) are taken relative to the smallest one, so that
    float32 keeps their differences.
    """

    lacking = "hold no number"

    def fit(self, series: pd.Series, seed: int) -> NumberPart:
        """Find the decimal sign and the offset."""
        values, self._decimal = cleaning.numbers(series)
        lost = int(np.isnan(values).sum()) - int(series.isna().sum())
        if lost > 0 and not pd.api.types.is_datetime64_any_dtype(series.dtype):
            self.notices.append(f"'{self.source}': {lost:,} cells hold no finite number and count as missing.")
        self._offset = 0.0
        if varies(values):
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            if max(abs(low), abs(high)) > _EXACT and high - low < max(abs(low), abs(high)) / 4:
                self._offset = low
            self.derived = (Derived(self.source, (self.source,), "number"),)
        return self

    def transform(self, series: pd.Series) -> np.ndarray:
        """Shape (rows, 1), or (rows, 0) for a constant."""
        values, _ = cleaning.numbers(series, self._decimal)
        return (values - self._offset).astype(np.float32).reshape(-1, 1)[:, : len(self.derived)]


class BooleanPart(Part):
    """Yes and no as 1 and 0."""

    lacking = "say neither yes nor no"

    @staticmethod
    def suits(series: pd.Series) -> bool:
        """Whether nearly every value reads as yes or no."""
        present = int(series.notna().sum())
        return bool(np.isfinite(cleaning.booleans(series)).sum() >= 0.95 * present)

    def fit(self, series: pd.Series, seed: int) -> BooleanPart:
        """Nothing to learn but whether it varies."""
        if varies(cleaning.booleans(series)):
            self.derived = (Derived(self.source, (self.source,), "boolean"),)
        return self

    def transform(self, series: pd.Series) -> np.ndarray:
        """Shape (rows, 1), or (rows, 0) for a constant."""
        return cleaning.booleans(series).astype(np.float32).reshape(-1, 1)[:, : len(self.derived)]
