"""Rows drawn from many, with some of each class however rare it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST = 20
"""Rows of a class that are learnt from where there are as many."""


def with_rare(drawn: np.ndarray, target: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """The rows drawn, and others of each class that has fewer than ``LEAST`` of them.

    A class that is missing from what a model learns from would be missing from what it can say.

    Args:
        drawn: positions, rising, shape (drawn,).
        target: classes of all rows, codes or labels.
        among: positions that more may come from; ``None`` for all.

    Returns:
        positions, rising.
    """
    codes, classes = pd.factorize(target)
    among = np.arange(codes.size) if among is None else among
    of_drawn, possible = (np.bincount(codes[rows], minlength=len(classes)) for rows in (drawn, among))
    more = [drawn]
    for code in np.flatnonzero(of_drawn < np.minimum(LEAST, possible)):
        rows = among[codes[among] == code]
        more.append(rows[np.linspace(0, rows.size - 1, min(LEAST, rows.size)).astype(np.intp)])
    return np.unique(np.concatenate(more)) if len(more) > 1 else drawn
