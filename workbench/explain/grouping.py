"""From derived columns back to source columns: contributions are summed, so what added up still does."""

from __future__ import annotations

import numpy as np


def to_sources(values: np.ndarray, groups: np.ndarray, sources: int) -> np.ndarray:
    """Sum contributions over the derived columns of each source column.

    Args:
        values: shape (rows, derived columns, outputs).
        groups: for each derived column the number of its source column, shape (derived columns,).
        sources: how many source columns there are; one without derived columns gets zeros.

    Returns:
        shape (rows, sources, outputs).
    """
    if values.shape[1] != groups.size:
        raise ValueError(f"{values.shape[1]} derived columns, but {groups.size} of them have a source.")
    if groups.size and not (groups.min() >= 0 and groups.max() < sources):
        raise ValueError(f"A source column must be numbered from 0 to {sources - 1}.")
    summed = np.zeros((values.shape[0], sources, values.shape[2]))
    # one addition a column, not np.add.at, which is many times slower
    for derived, source in enumerate(groups):
        summed[:, source, :] += values[:, derived, :]
    return summed
