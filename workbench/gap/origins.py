"""One origin of a purchase history, cleaned and split into structure and spend."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from workbench.contracts import Origin, PurchaseHistory
from workbench.gap._base import Work
from workbench.gap.matrix import Floats, Ints, Matrix, finite, to_matrix

LEVEL_IN_DISGUISE = 0.95
"""A feature with this rank correlation to the outcome tells its level, whatever it is called."""


@dataclass(frozen=True)
class Snapshot:
    """Arrays share one order of customers.

    Attributes:
        structure: features that do not tell the own spend level, shape (customers, features).
        level: numbers that tell the own spend level, shape (customers, level features), without NaN.
        before, now: currency per window.
        future: the same after the cut-off; ``None`` where the window has not elapsed.
        rfm: mean percentile of recency, frequency and money, 1 for the best customers.
    """

    as_of: pd.Timestamp
    customers: pd.Index
    structure: Matrix
    level: Floats
    before: Floats
    now: Floats
    future: Floats | None
    rfm: Floats

    def sample(self, rows: Ints) -> Snapshot:
        """The customers at these positions only."""
        structure = Matrix(self.structure.values[rows], self.structure.categorical, self.structure.names)
        return Snapshot(
            as_of=self.as_of,
            customers=self.customers[rows],
            structure=structure,
            level=self.level[rows],
            before=self.before[rows],
            now=self.now[rows],
            future=None if self.future is None else self.future[rows],
            rfm=self.rfm[rows],
        )

    @property
    def name(self) -> str:
        """The cut-off as a date."""
        return self.as_of.date().isoformat()


def snapshots(history: PurchaseHistory, work: Work) -> list[Snapshot]:
    """All origins, oldest first. Customers without a purchase in a window spent nothing in it, also the lost ones."""
    disguised: set[str] = set()
    out = []
    for origin in history.origins:
        index = origin.features.index
        before, now = _spend(origin.spend_before, index), _spend(origin.spend_now, index)
        matrix = to_matrix(origin.features.drop(columns=list(history.level_features), errors="ignore"))
        disguised |= level_in_disguise(matrix, now)
        out.append(
            Snapshot(
                as_of=origin.as_of,
                customers=index,
                structure=matrix,
                level=_level(origin, history.level_features),
                before=before,
                now=now,
                future=None if origin.spend_future is None else _spend(origin.spend_future, index),
                rfm=_rfm(origin, before, now),
            )
        )
    if disguised:
        names = ", ".join(sorted(disguised))
        work.notice(f"Left out of the potential, because they all but tell the spend level itself: {names}.")
        out = [replace(shot, structure=shot.structure.without(disguised)) for shot in out]
    return out


def level_in_disguise(matrix: Matrix, y: Floats) -> set[str]:
    """Names of number columns whose rank correlation with the outcome is 0.95 or more, either way."""
    ranks = rankdata(y)
    found = set()
    for position, name in enumerate(matrix.names):
        values = matrix.values[:, position]
        if position in matrix.categorical or np.isnan(values).mean() > 0.5:
            continue
        filled = rankdata(np.where(np.isnan(values), np.nanmedian(values), values))
        if np.ptp(filled) > 0 and np.ptp(ranks) > 0 and abs(np.corrcoef(filled, ranks)[0, 1]) >= LEVEL_IN_DISGUISE:
            found.add(name)
    return found


def _level(origin: Origin, names: tuple[str, ...]) -> Floats:
    there = [name for name in names if name in origin.features.columns]
    matrix = to_matrix(origin.features[there])
    numbers = [i for i in range(matrix.width) if i not in matrix.categorical]
    values = matrix.values[:, numbers]
    return np.where(np.isnan(values), 0.0, values)


def _spend(series: pd.Series, index: pd.Index) -> Floats:
    aligned = series if series.index.equals(index) else series.reindex(index)
    return np.nan_to_num(finite(aligned), nan=0.0)


def _rfm(origin: Origin, before: Floats, now: Floats) -> Floats:
    """Recency and frequency where a feature is named so, money always: each as a percentile, then their mean."""
    parts = [rankdata(before + now) / len(now)]
    for words, sign in ((("recency", "since_last", "since last"), -1.0), (("frequency", "baskets", "orders"), 1.0)):
        values = _named(origin, words)
        if values is not None:
            numbers = sign * values
            worst = np.nanmin(numbers) if np.isfinite(numbers).any() else 0.0
            parts.append(rankdata(np.nan_to_num(numbers, nan=worst)) / len(now))
    mean: Floats = np.mean(parts, axis=0)
    return mean


def _named(origin: Origin, words: tuple[str, ...]) -> Floats | None:
    """The first number column with the first of these words in its name."""
    for word in words:
        for position, name in enumerate(origin.features.columns):
            column = origin.features.iloc[:, position]
            if word in str(name).lower() and pd.api.types.is_numeric_dtype(column.dtype):
                return finite(column)
    return None
