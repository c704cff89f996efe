"""Which way values go at splits: numbers, gaps, zeros and category codes, as the libraries have them."""

from __future__ import annotations

import numpy as np

from workbench.treeshap.ensemble import NAN_LEFT, ZERO_LEFT, Splits

ZERO = 1e-35
"""LightGBM's idea of zero."""


def goes_left(splits: Splits, values: np.ndarray) -> np.ndarray:
    """One value at each split, shape (splits,)."""
    absent, zero = np.isnan(values), np.abs(values) <= ZERO
    gap = absent | (zero & (splits.missing > NAN_LEFT))
    left = np.where(gap, np.isin(splits.missing, (NAN_LEFT, ZERO_LEFT)), values <= splits.threshold)
    on_codes = splits.level_count >= 0
    known = on_codes & (values > -1) & (values < splits.level_count)  # codes are cut to whole numbers, as LightGBM does
    left[on_codes] = np.where(absent, splits.missing == NAN_LEFT, splits.others_left)[on_codes]
    left[known] = splits.levels[splits.level_start[known] + values[known].astype(np.int64)] != 0
    return np.asarray(left, dtype=np.bool_)
