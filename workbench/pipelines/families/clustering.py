"""Clusters of rows that look alike."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.base import BaseEstimator
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.mixture import GaussianMixture

from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Params
from workbench.pipelines.derived import Derived
from workbench.pipelines.encoders import ClusterEncoder, Encoder

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
