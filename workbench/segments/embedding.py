"""Mixed columns as points in a space where distance is fair: no column, and no family of columns, outvotes another."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.stats import rankdata
from sklearn.decomposition import PCA

from workbench.contracts import Column
from workbench.pipelines import Prepared, Preparer, family
from workbench.segments.reading import Floats, LevelColumn, NumberColumn, Reading, View

ALIKE = 0.75
"""Columns whose absolute rank correlation exceeds this speak with one voice."""
LEVEL_WEIGHT = 0.7
"""Levels lie in clumps by nature, so at full weight one yes/no column would cut every table in two."""


@dataclass(frozen=True)
class Preparation:
    """The rows of a sample, prepared once for every encoding that will be tried.

    Attributes:
        derived: columns of the prepared matrix that are used; of a date only its place in time, which rules can say.
        weights: by source column: 1/√g in a group of g alike numbers, ``LEVEL_WEIGHT`` for categories.
    """

    preparer: Preparer
    prepared: Prepared
    derived: tuple[str, ...]
    weights: dict[str, float]
    seed: int


@dataclass(frozen=True)
class Embedding:
    """A fitted encoding of raw rows.

    Attributes:
        reducer: principal components, where they were asked for.
        sources: the source column of each axis before the reduction.
    """

    preparer: Preparer
    encoder: Any
    weights: Floats
    reducer: PCA | None
    sources: tuple[str, ...]

    def encode(self, frame: pd.DataFrame) -> Floats:
        """Points of raw rows, shape (rows, axes)."""
        return self.reduced(self.weighted(self.preparer.transform(frame)))

    def weighted(self, prepared: Prepared) -> Floats:
        """Points before the reduction, shape (rows, len(sources))."""
        return np.asarray(self.encoder.transform(prepared), dtype=np.float64) * self.weights

    def reduced(self, points: Floats) -> Floats:
        """The points after the reduction; the same ones where there is none."""
        return points if self.reducer is None else np.asarray(self.reducer.transform(points), dtype=np.float64)


def prepare(frame: pd.DataFrame, columns: list[Column], view: View, reading: Reading, seed: int) -> Preparation | None:
    """Prepare the rows of a sample.

    Args:
        frame: raw rows of the sample.
        columns: descriptions of the table's usable columns; those that ``view`` skipped are not used.
        reading: of the same rows.

    Returns:
        ``None`` when no column varies in the sample.
    """
    read = {column.name: column for column in view.columns}
    preparer = Preparer(tuple(column for column in columns if column.name in read), seed=seed)
    prepared = preparer.fit_transform(frame)
    days: set[str] = set()
    derived: list[str] = []
    for one in prepared.derived:
        if one.kind == "date" and one.sources[0] in days:
            continue
        if one.kind == "date":
            days.add(one.sources[0])  # the first part of a date is its days
        derived.append(one.name)
    if not derived:
        return None
    numbers = [column.name for column in view.columns if isinstance(column, NumberColumn)]
    weights = {name: 1.0 / float(np.sqrt(len(group))) for group in alike(numbers, reading) for name in group}
    weights |= {column.name: LEVEL_WEIGHT for column in view.columns if isinstance(column, LevelColumn)}
    return Preparation(preparer, prepared, tuple(derived), weights, seed)


def fit_embedding(preparation: Preparation, params: dict[str, object]) -> Embedding | None:
    """Learn an encoding on the prepared sample.

    The clustering family winsorises, scales and gives every source column unit variance in all. On top of that a group
    of g number columns with absolute rank correlation above ``ALIKE`` weighs 1/√g each, so that five variants of spend
    count as one feature.

    Args:
        params: of the clustering family: ``scaling`` and ``reduce``.

    Returns:
        ``None`` when no column varies.
    """
    encoder = family("clustering").encoder(params, preparation.derived)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        encoder.fit(preparation.prepared)
    sources = tuple(each[0] for each in encoder.sources_out_)
    if not sources:
        return None
    weights = np.array([preparation.weights.get(source, 1.0) for source in sources])
    embedding = Embedding(preparation.preparer, encoder, weights, None, sources)
    points = embedding.weighted(preparation.prepared)
    if not np.any(points.std(axis=0) > 1e-9):
        return None
    keep = float(str(params.get("reduce", 1.0)))
    if keep >= 1.0 or points.shape[1] < 3:
        return embedding
    reducer = PCA(n_components=keep, svd_solver="full", random_state=preparation.seed).fit(points)
    return Embedding(preparation.preparer, encoder, weights, reducer, sources)


def alike(names: list[str], reading: Reading, limit: float = ALIKE) -> tuple[tuple[str, ...], ...]:
    """Groups of number columns that say much the same: average linkage on 1 − |rank correlation|."""
    if len(names) < 2 or reading.rows < 3:
        return tuple((name,) for name in names)
    correlation = rank_correlation(names, reading)
    distance = 1.0 - np.abs(correlation[np.triu_indices(len(names), 1)])
    labels = fcluster(linkage(np.maximum(distance, 0.0), "average"), 1.0 - limit, "distance")
    return tuple(
        tuple(name for name, label in zip(names, labels, strict=True) if label == chosen)
        for chosen in dict.fromkeys(labels)
    )


def rank_correlation(names: list[str], reading: Reading) -> Floats:
    """Spearman correlations of number columns, gaps filled by the median; 0 where a column does not vary."""
    if not names or reading.rows < 3:
        return np.eye(len(names))
    ranks = rankdata(np.column_stack([_filled(reading.numbers[name]) for name in names]), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.atleast_2d(np.nan_to_num(np.corrcoef(ranks, rowvar=False)))
    return found


def _filled(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.median(known) if len(known) else 0.0, values)
