"""The yardstick: class shares or the mean, whatever the columns say."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier, DummyRegressor

from workbench.contracts.table import Task
from workbench.pipelines._base import Family, Params
from workbench.pipelines.derived import Derived
from workbench.pipelines.encoders import Encoder, PlainEncoder


class Baseline(Family):
    """A constant prediction; never searched, always shown."""

    name = "baseline"
    title = "Baseline (constant)"
    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "constant"
    place = 0
    searchable = False
    interruptible = True
    quantiles = True

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """Nothing is encoded."""
        return PlainEncoder(names=names)

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
        """Class shares, or the mean; a quantile (the median is one) where the parameters ask for it."""
        if task is not Task.REGRESSION:
            return DummyClassifier(strategy="prior")
        if "quantile" in params:
            return DummyRegressor(strategy="quantile", quantile=float(params["quantile"]))
        return DummyRegressor()

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Next to nothing."""
        return 1e-3 + 1e-8 * rows
