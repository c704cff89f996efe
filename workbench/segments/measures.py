"""Figures that a division of customers is judged by; each from customers that did not shape it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.tree import DecisionTreeClassifier

from workbench.segments.reading import MISSING, Floats, Integers, LevelColumn, Reading, View

Rows = npt.NDArray[np.intp]
MAX_CONDITIONS = 3
_SILHOUETTE_ROWS = 3_000


def folds(rows: int, count: int, seed: int) -> Integers:
    """A fold number for every row, balanced and shuffled."""
    return np.asarray(np.random.default_rng([seed, 3]).permutation(np.arange(rows) % count), dtype=np.int64)


def eta2(labels: Integers, outcome: Floats, *, seed: int, count: int = 5) -> float:
    """Share of the outcome's variance that segment means explain, cross-fitted; negative when worse than the mean.

    Every customer is predicted by the mean of their segment among the customers of the *other* folds, so many small
    segments can't buy a high figure. Rows without an outcome don't count.
    """
    known = np.isfinite(outcome)
    y, segment = outcome[known], labels[known]
    if len(y) < 2 * count:
        return 0.0
    fold = folds(len(y), count, seed)
    size = int(segment.max()) + 1
    error = base = 0.0
    for held in range(count):
        out = fold == held
        inside = ~out
        middle = y[inside].mean()
        sums = np.bincount(segment[inside], y[inside], size)
        counts = np.bincount(segment[inside], minlength=size)
        means = np.where(counts > 0, sums / np.maximum(counts, 1), middle)
        error += float(np.sum((y[out] - means[segment[out]]) ** 2))
        base += float(np.sum((y[out] - middle) ** 2))
    return 1.0 - error / base if base > 0 else 0.0


def plain_matrix(view: View, reading: Reading) -> Floats:
    """What a rule may speak of, shape (rows, axes): numbers as they are (NaN stays) and a yes/no axis per level."""
    axes: list[Floats] = []
    for column in view.columns:
        if isinstance(column, LevelColumn):
            codes = reading.codes[column.name]
            axes.extend((codes == code).astype(np.float64) for code in (MISSING, *range(column.other + 1)))
        else:
            axes.append(reading.numbers[column.name])
    return np.column_stack(axes) if axes else np.zeros((reading.rows, 0))


def describability(matrix: Floats, labels: Integers, train: Rows, test: Rows, seed: int) -> float:
    """How well rules of at most three conditions tell the segments apart: balanced accuracy on held-out rows.

    A tree of depth three and at most two leaves per segment is grown on ``train`` and asked about ``test``.
    """
    segments = int(labels.max()) + 1
    tree = DecisionTreeClassifier(
        max_depth=MAX_CONDITIONS,
        max_leaf_nodes=max(2, 2 * segments),
        min_samples_leaf=max(2, len(train) // 200),
        class_weight="balanced",
        random_state=seed,
    ).fit(matrix[train], labels[train])
    said = tree.predict(matrix[test])
    truth = labels[test]
    recalls = [float(np.mean(said[truth == one] == one)) for one in range(segments) if np.any(truth == one)]
    return float(np.mean(recalls)) if recalls else 0.0


def explained_spread(points: Floats, labels: Integers) -> float:
    """1 − spread within segments ÷ spread of all points, 0 to 1."""
    total = float(np.sum((points - points.mean(axis=0)) ** 2))
    if total <= 0:
        return 0.0
    size = int(labels.max()) + 1
    counts = np.maximum(np.bincount(labels, minlength=size), 1)
    sums = np.zeros((size, points.shape[1]))
    np.add.at(sums, labels, points)
    within = float(np.sum(points**2) - np.sum(sums**2 / counts[:, None]))
    return 1.0 - within / total


def internal_indices(points: Floats, labels: Integers, seed: int) -> dict[str, float]:
    """Silhouette, Calinski-Harabasz and Davies-Bouldin: shown because people know them, never optimised.

    On real tables they prefer two segments, big and small spenders.
    """
    if len(np.unique(labels)) < 2 or len(points) < 4:
        return {}
    rows = np.random.default_rng([seed, 11]).permutation(len(points))[:_SILHOUETTE_ROWS]
    figures = {
        "calinski_harabasz": float(calinski_harabasz_score(points, labels)),
        "davies_bouldin": float(davies_bouldin_score(points, labels)),
    }
    if 1 < len(np.unique(labels[rows])) < len(rows):
        figures["silhouette"] = float(silhouette_score(points[rows], labels[rows]))
    return figures
