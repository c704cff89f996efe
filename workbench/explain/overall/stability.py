"""Whether models of other folds tell the same story: shares, ranks and directions of importance side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.explain.overall.importance import rank_correlation
from workbench.explain.sampling.replaced import some_names

COLUMNS = ["column", "share", "low", "high", "rank", "sign_agreement", "folds"]
SAME, MOSTLY = 0.9, 0.6
"""Mean rank correlation from which the order is called the same, and mostly the same."""
TOLD_SHARE = 0.05
"""Directions that differ are named for columns with at least this share."""


def importance_stability(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """How far the importance tables of several fold models agree.

    Args:
        tables: as ``importance_table`` gives them, one per model; a column that one lacks counts as zero there.

    Returns:
        columns by mean share, largest first: ``column``; ``share`` (mean), ``low`` and ``high`` (least and most of any
        model); ``rank`` (mean; equal ones share the mean of theirs); ``sign_agreement`` (of the models in which
        ``direction`` is known, the share with the more frequent sign; NaN where it is known in none); ``folds`` (models
        that have the column). ``attrs`` hold ``agreement`` (mean Spearman correlation over all pairs of models, NaN
        with under three columns), ``least_agreement`` (of the pair that differs most), ``models`` and ``verdict``.

    Raises:
        InputError: under two tables.
    """
    if len(tables) < 2:
        raise InputError(f"Stability compares models, and {len(tables)} was given; give the tables of at least two.")
    names = list(dict.fromkeys(str(name) for table in tables for name in table["column"]))
    indexed = [table.set_axis(table["column"].astype(str), axis=0) for table in tables]
    shares = np.stack([_shares(table, names) for table in indexed])
    directions = np.stack([table["direction"].reindex(names).to_numpy(dtype=float) for table in indexed])
    ranks = np.stack([pd.Series(-each).rank().to_numpy() for each in shares])
    present = np.stack([np.isin(names, list(table.index)) for table in indexed])
    pairs = [rank_correlation(shares[i], shares[j]) for i, j in combinations(range(len(tables)), 2)]
    known = [value for value in pairs if np.isfinite(value)]
    frame = pd.DataFrame(
        {
            "column": pd.Series(names, dtype=object),
            "share": shares.mean(axis=0),
            "low": shares.min(axis=0),
            "high": shares.max(axis=0),
            "rank": ranks.mean(axis=0),
            "sign_agreement": [_sign_agreement(directions[:, j]) for j in range(len(names))],
            "folds": present.sum(axis=0),
        },
        columns=COLUMNS,
    ).sort_values("share", ascending=False, kind="stable", ignore_index=True)
    mean = float(np.mean(known)) if known else float("nan")
    frame.attrs = {
        "agreement": mean,
        "least_agreement": float(min(known)) if known else float("nan"),
        "models": len(tables),
        "verdict": _verdict(mean, len(tables), frame),
    }
    return frame


def _shares(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    return np.asarray(table["share"].reindex(names).fillna(0.0).to_numpy(dtype=float))


def _sign_agreement(directions: np.ndarray) -> float:
    known = directions[np.isfinite(directions)]
    if not known.size:
        return float("nan")
    return float(max((known > 0).mean(), (known < 0).mean()))


def _verdict(mean: float, models: int, frame: pd.DataFrame) -> str:
    if not np.isfinite(mean):
        return f"There are too few columns that differ to say whether {models} models agree on their order."
    how = "the same" if mean >= SAME else "mostly the same" if mean >= MOSTLY else "not the same"
    lead = f"Over {models} models the order of the columns is {how} (mean rank correlation {mean:.2f})"
    torn = frame[(frame["sign_agreement"] < 1) & (frame["share"] >= TOLD_SHARE)]
    if torn.empty:
        return f"{lead}."
    names = [str(name) for name in torn["column"]]
    return f"{lead}; the direction of {some_names(names)} is not the same in all of them."
