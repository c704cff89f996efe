"""A column's values in bins that single nobody out: of enough customers each, named without anybody's own value."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from workbench.explain import Dependence, cell_text
from workbench.report.numbers import FEWEST, figure

MOST_LEVELS = 10


def known_bins(shown: Dependence) -> pd.DataFrame:
    """The bins that may be shown: those that enough customers share, levels first to last.

    A bin of several numbers or dates is named by where the next one begins, half-way between two customers and
    rounded: its lowest and highest value would be those of single customers, and the very first and last the extremes
    of the table.
    """
    if shown.kind == "category":
        rows = shown.bins[shown.bins["rows"] >= FEWEST]
        if int(shown.bins["x"].notna().sum()) < len(shown.levels):
            rows = rows[rows["x"] != shown.bins["x"].max()]  # "other levels" together are none
        return rows.head(MOST_LEVELS)
    labels = _labels(shown)
    return shown.bins.assign(label=labels)[shown.bins["rows"] >= FEWEST]


def _labels(shown: Dependence) -> list[str]:
    """Of each bin: a value that all in it share, or the edges towards its neighbours."""
    values = np.sort(shown.x[np.isfinite(shown.x)])
    present = shown.bins["x"].notna().to_numpy()
    rows = shown.bins.loc[present, "rows"].to_numpy(dtype=int)
    ends = np.cumsum(rows)
    edges = _texts(shown, np.array([(values[end - 1] + values[end]) / 2 for end in ends[:-1]]), values)
    last = len(ends) - 1
    until, since = ("until", "after") if shown.kind == "date" else ("up to", "over")
    labels = [str(label) for label in shown.bins["label"]]
    for place, (start, end) in enumerate(zip(ends - rows, ends, strict=True)):
        if values[start] == values[end - 1]:
            continue  # one value that all of them share
        if last == 0:
            labels[place] = "all values"
        elif place == 0:
            labels[place] = f"{until} {edges[0]}"
        elif place == last:
            labels[place] = f"{since} {edges[-1]}"
        else:
            labels[place] = f"{since} {edges[place - 1]} to {edges[place]}"
    return labels


def _texts(shown: Dependence, edges: np.ndarray, values: np.ndarray) -> list[str]:
    """Edges in as few digits as tell them apart; whole where the values are."""
    if shown.kind == "date":
        start = pd.Timestamp("1970-01-01")
        return [cell_text((start + pd.Timedelta(days=float(edge))).normalize()) for edge in edges]
    if not np.mod(values, 1).any():
        return [cell_text(float(np.floor(edge))) for edge in edges]
    for digits in range(3, 12):
        texts = [figure(float(edge), digits) for edge in edges]
        if all(one != other for one, other in pairwise(texts)):
            break
    return texts
