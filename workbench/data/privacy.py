"""Small groups in exports: a cell that counts few people can point at one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.errors import InputError


def suppress_small(
    frame: pd.DataFrame, count_column: str, minimum: int = 10, *, keep: Sequence[str] | None = None
) -> pd.DataFrame:
    """Hide the figures of groups with fewer than ``minimum`` members.

    Where exactly one group is hidden its size would follow from a total, so the smallest shown one is hidden as well
    (complementary suppression).

    Args:
        frame: one row per group.
        count_column: members per group.
        keep: columns that stay readable, such as names; by default all text columns.

    Returns:
        a copy in which counts and figures of hidden groups are missing.

    Raises:
        InputError: there is no such column, or it holds no counts.
    """
    if count_column not in frame.columns or not pd.api.types.is_numeric_dtype(frame[count_column].dtype):
        raise InputError(f"There is no column of counts '{count_column}' to protect small groups by.")
    counts = frame[count_column]
    members = counts.fillna(0).to_numpy(dtype=float)
    hidden = (members > 0) & (members < minimum)
    shown = np.where(~hidden & (members > 0), members, np.inf)
    if hidden.sum() == 1 and np.isfinite(shown).any():
        hidden[np.argmin(shown)] = True
    result = frame.copy()
    readable = set(keep) if keep is not None else {
        name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)
    }  # fmt: skip
    for name in frame.columns:
        if name in readable and name != count_column:
            continue
        column = result[name]
        result[name] = (
            column.astype("float64").mask(hidden)
            if pd.api.types.is_numeric_dtype(column.dtype)
            else column.mask(hidden)
        )
    return result
