"""Gradient boosting by LightGBM: native categories, linear leaves, early stopping, and an end at the deadline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.cores import cores
from workbench.pipelines._base import Family, Fold, FoldFit, Params
from workbench.pipelines.derived import Derived, categorical_places
from workbench.pipelines.early_stopping import boost
from workbench.pipelines.encoders import BoundedEncoder, Encoder, PlainEncoder
from workbench.pipelines.fold_booster import FoldBooster
from workbench.pipelines.raw_family import patience_of

MAX_BIN = 255
"""Fixed, so that rows are binned once per fold and every trial reuses them."""
_EVALUATION = {"roc_auc": "auc", "average_precision": "average_precision", "mae": "l1", "rmse": "l2"}
_FREE = (
    "learning_rate",
    "num_leaves",
    "min_data_in_leaf",
    "feature_fraction",
    "bagging_fraction",
    "lambda_l1",
    "lambda_l2",
    "extra_trees",
    "cat_smooth",
    "min_data_per_group",
    "max_cat_to_onehot",
    "path_smooth",
    "max_depth",
    "linear_tree",
    "linear_lambda",
)
"""Parameters that are handed to LightGBM under its own names."""
_COPIED_BYTES = 80_000_000
"""Training rows above this size are read in batches for binning and never copied as a whole."""


class LightGBM(Family):
    """Parameters: LightGBM's own names, see ``_FREE``; ``rounds`` is the most that may be boosted.

    With ``linear_tree`` each leaf holds a ridge regression on the numbers of its path (Shi, Li & Li 2019, "Gradient
    boosting with piece-wise linear regression trees"): a few leaves say what constants need many for.
    """

    name = "lightgbm"
    title = "Gradient boosting (LightGBM)"
    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "lightgbm"
    place = 30
    default = True
    boosts = True
    interruptible = True
    library = "lightgbm"
    requires = ("lightgbm",)
    quantiles = True

    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """The prepared matrix as it is, in bounds for lines. Names stay outside: some characters are refused."""
        return BoundedEncoder(names) if _is_linear(params) else PlainEncoder(names)

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
        """The scikit-learn estimator for a final fit with a known number of rounds."""
        from lightgbm import LGBMClassifier, LGBMRegressor

        settings = {**self._settings(params, seed, threads), **_dataset_settings()}
        for ours, theirs in (("seed", "random_state"), ("num_threads", "n_jobs")):
            settings[theirs] = settings.pop(ours)
        places = categorical_places(derived)
        if places:
            settings["categorical_column"] = places
        if task is Task.REGRESSION:
            settings |= _aim(params)
        kind = LGBMRegressor if task is Task.REGRESSION else LGBMClassifier
        return kind(n_estimators=int(rounds or params.get("rounds", 500)), **settings)

    def fit(
        self,
        estimator: Any,
        matrix: np.ndarray,
        target: np.ndarray,
        *,
        weight: np.ndarray | None = None,
        budget: Budget | None = None,
    ) -> bool:
        """Boost; at the deadline the model keeps the rounds that it has."""
        stop = _Deadline(budget)
        # binning comes before the first round and looks at no clock; it takes a small part of a fit
        estimator.fit(matrix, target, sample_weight=weight, callbacks=[stop])
        # few threads pay in a fit, whose rounds wait for each other; rows are predicted by as many as there are
        estimator.set_params(n_jobs=cores())
        return not stop.struck

    def fit_fold(
        self, fold: Fold, params: Params, *, seed: int, threads: int = 1, budget: Budget | None = None
    ) -> FoldFit:
        """Boost with early stopping on the fold's held-out rows."""
        train, held_out, encoder = self._binned(fold, params, threads)
        settings = {**self._settings(params, seed, threads), **_dataset_settings(), **_objective(fold)}
        if fold.task is Task.REGRESSION:
            settings |= _aim(params)
        patience = patience_of(fold.train.size, float(params.get("learning_rate", 0.1)))
        found = boost(
            settings, train, held_out, rounds=int(params.get("rounds", 5_000)), patience=patience, budget=budget
        )
        raw = found.prediction
        prediction = np.column_stack([1.0 - raw, raw]) if fold.task is Task.BINARY else raw
        kept = FoldBooster(found.booster, found.rounds, fold.task, fold.classes)
        return FoldFit(prediction, found.rounds, found.complete, encoder, kept)

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Expected rounds times trees per round times histogram work."""
        rate = float(params.get("learning_rate", 0.1))
        leaves = float(params.get("num_leaves", 31))
        # small trees and slow learners need more rounds; small trees of lines don't, but each takes twice the time
        more, dearer = (1.0, 2.0) if _is_linear(params) else (max(1.0, math.sqrt(31 / leaves)), 1.0)
        rounds = min(float(params.get("rounds", 5_000)), (40 + 8 / rate) * more)
        trees = dearer * rounds * (classes if task is Task.MULTICLASS else 1)
        seen = rows * columns * float(params.get("feature_fraction", 1.0))
        return (
            0.02 + 2e-8 * rows * columns + trees * (2e-5 * leaves + 8e-10 * seen * math.log2(leaves + 1) + 2e-8 * rows)
        )

    def in_codes(self, estimator: Any, codes: np.ndarray) -> Any:
        """LightGBM's classifiers don't let their classes be changed; their trees are those of its booster."""
        task = Task.BINARY if codes.size == 2 else Task.MULTICLASS
        said = FoldBooster(estimator.booster_, estimator.booster_.current_iteration(), task, codes.size)
        said.classes_ = codes
        return said

    def leaves(self, params: Params) -> int:
        """As many as may grow."""
        return int(params.get("num_leaves", 31))

    def has_lines(self, params: Params) -> bool:
        """With ``linear_tree``."""
        return _is_linear(params)

    def shorter(self, params: Params, rounds: int) -> Params | None:
        """At most as many rounds as there was time for."""
        return {**params, "rounds": rounds}

    def _settings(self, params: Params, seed: int, threads: int) -> dict[str, Any]:
        settings: dict[str, Any] = {name: params[name] for name in _FREE if name in params}
        if float(settings.get("bagging_fraction", 1.0)) < 1.0:
            settings["bagging_freq"] = 1
        return {
            **settings,
            "seed": seed,
            "num_threads": threads,
            # the same trees for the same seed: no timing decides how histograms are built
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }

    def _binned(self, fold: Fold, params: Params, threads: int) -> tuple[Any, Any, Encoder]:
        """The fold's rows, binned once, and their encoder; kept in the fold's cache."""
        linear = _is_linear(params)
        key = "binned for lines" if linear else "binned"
        if key not in fold.cache:
            import lightgbm

            encoder = self.encoder(params).fit(fold.prepared.take(fold.train) if linear else fold.prepared)
            places = categorical_places(fold.prepared.derived)
            settings = {**_dataset_settings(), "num_threads": threads, "verbosity": -1, "linear_tree": linear}
            matrix = encoder.transform(fold.prepared) if linear else fold.prepared.matrix
            weight = fold.weight
            train = lightgbm.Dataset(
                _to_bin(matrix, fold.train),
                fold.target[fold.train],
                weight=None if weight is None else weight[fold.train],
                categorical_feature=places or "auto",
                params=settings,
                free_raw_data=True,
            )
            held_out = lightgbm.Dataset(
                _rows_at(matrix, fold.test),
                fold.target[fold.test],
                weight=None if weight is None else weight[fold.test],
                reference=train,
                categorical_feature=places or "auto",
                params=settings,
                free_raw_data=True,
            )
            fold.cache[key] = (train.construct(), held_out.construct(), encoder)
        binned: tuple[Any, Any, Encoder] = fold.cache[key]
        return binned


class _Deadline:
    """A LightGBM callback that ends boosting when a budget does; the trees so far are a valid model."""

    order = 5
    before_iteration = False

    def __init__(self, budget: Budget | None) -> None:
        self.budget = budget if budget is not None and budget.limited else None
        self.struck = False

    def __call__(self, environment: Any) -> None:
        if self.budget is not None and self.budget.expired and environment.iteration + 1 < environment.end_iteration:
            from lightgbm.callback import EarlyStopException

            self.struck = True
            raise EarlyStopException(environment.iteration, environment.evaluation_result_list or [])


def _is_linear(params: Params) -> bool:
    return bool(params.get("linear_tree"))


def _rows_at(matrix: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The rows at these places, only to be read; not copied where they follow each other."""
    if places.size and bool((np.diff(places) == 1).all()):
        return np.asarray(matrix[places[0] : places[-1] + 1])
    return np.asarray(matrix[places])


def _to_bin(matrix: np.ndarray, places: np.ndarray) -> Any:
    """The rows as LightGBM takes them for binning; read batch by batch where a copy of them would be large."""
    if places.size * matrix.shape[1] * matrix.itemsize <= _COPIED_BYTES or bool((np.diff(places) == 1).all()):
        return _rows_at(matrix, places)

    import lightgbm

    class Batches(lightgbm.Sequence):
        batch_size = 16_384

        def __len__(self) -> int:
            return int(places.size)

        def __getitem__(self, at: Any) -> np.ndarray:
            return np.asarray(matrix[places[at]], dtype=np.float64)

    return Batches()


def _dataset_settings() -> dict[str, Any]:
    """What decides how rows are binned; equal for all trials."""
    return {"max_bin": MAX_BIN, "feature_pre_filter": False, "min_data_in_bin": 3}


def _aim(params: Params) -> dict[str, Any]:
    """What a regression is to learn, where the parameters say so: another objective, or a quantile."""
    if "quantile" in params:
        return {"objective": "quantile", "alpha": float(params["quantile"])}
    return {"objective": params["objective"]} if params.get("objective") else {}


def _objective(fold: Fold) -> dict[str, Any]:
    if fold.task is Task.REGRESSION:
        evaluation = "quantile" if fold.objective.startswith("pinball@") else _EVALUATION.get(fold.objective, "l2")
        return {"objective": "regression", "metric": evaluation}
    if fold.task is Task.BINARY:
        return {"objective": "binary", "metric": _EVALUATION.get(fold.objective, "binary_logloss")}
    return {"objective": "multiclass", "num_class": fold.classes, "metric": "multi_logloss"}
