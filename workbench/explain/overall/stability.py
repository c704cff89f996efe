"""Whether models of other folds tell the same story: shares, ranks and directions of importance side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.errors import InputError
from workbench.explain.language import Language, Said, say, some_of
from workbench.explain.overall.importance import rank_correlation

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
    }
    frame.attrs["verdict"] = stability_words(frame)
    return frame


def stability_words(stability: pd.DataFrame, language: Language = "en") -> str:
    """The verdict on what ``importance_stability`` gave, in ``language``."""
    return stability_said(stability).told(language)


def stability_said(stability: pd.DataFrame) -> Said:
    """The verdict before it is in a language."""
    mean, models = float(stability.attrs["agreement"]), int(stability.attrs["models"])
    if not np.isfinite(mean):
        return say("stability.too_few", models=models)
    way = "stability.same" if mean >= SAME else "stability.mostly" if mean >= MOSTLY else "stability.different"
    lead = say(way, models=models, mean=f"{mean:.2f}")
    torn = stability[(stability["sign_agreement"] < 1) & (stability["share"] >= TOLD_SHARE)]
    if torn.empty:
        return say("stability.alone", lead=lead)
    return say("stability.torn", lead=lead, columns=some_of([str(name) for name in torn["column"]]))


def _shares(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    return np.asarray(table["share"].reindex(names).fillna(0.0).to_numpy(dtype=float))


def _sign_agreement(directions: np.ndarray) -> float:
    known = directions[np.isfinite(directions)]
    if not known.size:
        return float("nan")
    return float(max((known > 0).mean(), (known < 0).mean()))
