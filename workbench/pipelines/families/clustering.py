"""Clusters of rows that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import Pipeline

from workbench.contracts.table import Column, Task
from workbench.pipelines._base import Family, Params
from workbench.pipelines.derived import Derived
from workbench.pipelines.encoders import ClusterEncoder, Encoder
from workbench.pipelines.preparation import Preparer

ALGORITHMS = ("kmeans", "bisecting_kmeans", "gaussian_mixture")


class Clustering(Family):
    """Parameters: ``algorithm``, ``clusters``, ``scaling`` (standard, quantile, power) and ``reduce``: the share of
    the variance that principal components keep, 1 for no reduction.
    """

    name = "clustering"
    title = "Clustering"
    tasks = frozenset({Task.SEGMENTS})
    explainer = "none"
    place = 40
    default = True

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """Every source column with a comparable say in the distance."""
        return ClusterEncoder(names, scaling=str(params.get("scaling", "quantile")))

    def estimator(
        self,
        task: Task,
        params: Params,
        derived: Sequence[Derived],
        *,
        seed: int,
        threads: int = 1,
        rounds: int | None = None,
    ) -> BaseEstimator:
        """Something with ``fit(matrix)`` and ``predict(matrix)``; labels are 0 … clusters − 1."""
        clusters = int(params.get("clusters", 5))
        algorithm = str(params.get("algorithm", "kmeans"))
        if algorithm == "gaussian_mixture":
            return GaussianMixture(clusters, covariance_type="diag", reg_covar=1e-3, n_init=2, random_state=seed)
        if algorithm == "bisecting_kmeans":
            return BisectingKMeans(clusters, n_init=5, random_state=seed)
        return KMeans(clusters, n_init=10, random_state=seed)

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Rows times columns times clusters times passes."""
        return 0.02 + 3e-8 * rows * columns * float(params.get("clusters", 5))


def build(params: Params, columns: Sequence[Column], *, seed: int = 0) -> Pipeline:
    """An unfitted clustering pipeline over raw rows.

    Args:
        params: ``algorithm``, ``clusters``, ``scaling``, ``reduce`` as in ``search_spaces/clustering.toml``.
        columns: raw columns to cluster by.
        seed: of starts and topics.

    Returns:
        steps ``prepare``, ``encode``, ``reduce`` (only if ``reduce`` is below 1) and ``model``. ``fit(frame)`` takes
        raw rows, ``predict(frame)`` gives labels, shape (rows,); ``pipeline[:-1].transform(frame)`` the points.
    """
    family = Clustering()
    steps: list[tuple[str, Any]] = [
        ("prepare", Preparer(tuple(columns), seed=seed)),
        ("encode", family.encoder(params)),
    ]
    share = float(params.get("reduce", 1.0))
    if share < 1.0:
        steps.append(("reduce", PCA(n_components=share, svd_solver="full", random_state=seed)))
    steps.append(("model", family.estimator(Task.SEGMENTS, params, (), seed=seed)))
    return Pipeline(steps)
