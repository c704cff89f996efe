"""A column's values in bins that single nobody out: of enough customers each."""

from __future__ import annotations

import pandas as pd

from workbench.explain import Dependence
from workbench.report.numbers import FEWEST

MOST_LEVELS = 10


def known_bins(shown: Dependence) -> pd.DataFrame:
    """The bins that may be shown: those that enough customers share, levels first to last."""
    rows = shown.bins[shown.bins["rows"] >= FEWEST]
    if shown.kind != "category":
        return rows
    if int(shown.bins["x"].notna().sum()) < len(shown.levels):
        rows = rows[rows["x"] != shown.bins["x"].max()]  # "other levels" together are none
    return rows.head(MOST_LEVELS)
