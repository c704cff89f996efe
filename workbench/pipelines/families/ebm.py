"""Explainable boosting machines of interpret: a sum of curves of one column and surfaces of two."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines._base import Params
from workbench.pipelines.raw_family import RawFamily
from workbench.pipelines.raw_model import RawModel, Rows, Watch, numbers

_ROUNDS = 2_000
_BAGS = 4


class EbmModel(RawModel):
    """A generalised additive model with pairs (Lou, Caruana, Gehrke & Hooker 2013, "Accurate intelligible models with
    pairwise interactions").

    Each bag of rows stops early on its own share of the training rows: held-out rows are not looked at. A fit can't be
    ended from outside: interpret stops all bags at once, and those that had not begun would be averaged in as zeros.
    """

    explained_by = "the model's own terms; the term of a pair of columns counts half for each"

    def _learn(self, train: Rows, watch: Watch) -> None:
        """Boost in cycles over the columns, then over the strongest pairs."""
        import joblib
        from interpret import glassbox

        regression, columns = self.task is Task.REGRESSION, train.matrix.shape[1]
        settings = {"outer_bags": _BAGS, "interactions": 0, **(self.settings or {})}
        if self.outputs > 1:
            settings["interactions"] = 0  # interpret has none for more than two classes
        kind = glassbox.ExplainableBoostingRegressor if regression else glassbox.ExplainableBoostingClassifier
        self.model_ = kind(
            feature_types=["nominal" if place in self.categorical else "continuous" for place in range(columns)],
            max_rounds=self.rounds,
            n_jobs=self.threads,
            random_state=self.seed,
            **settings,
        )
        with warnings.catch_warnings(), joblib.parallel_config("threading"):
            warnings.simplefilter("ignore")  # of missing values, which have a place of their own on every curve
            self.model_.fit(train.matrix, train.target, sample_weight=train.weight)

    def scores(self, X: Any) -> np.ndarray:
        """Shape (rows, outputs)."""
        model, seen = self.model_, numbers(X)
        raw = model.predict(seen) if self.task is Task.REGRESSION else model.decision_function(seen)
        return np.asarray(raw, dtype=np.float64).reshape(len(seen), -1)

    def contributions(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Shapes (rows, columns, outputs) and (outputs,).

        Terms average to zero over the training rows. Of curves these are Shapley values for independent columns; of a
        pair they are so as far as its surface averages to zero along each column, too.
        """
        seen = numbers(X)
        terms = np.asarray(self.model_.eval_terms(seen), dtype=np.float64).reshape(
            len(seen), len(self.model_.term_features_), -1
        )
        values = np.zeros((*seen.shape, self.outputs))
        for number, columns in enumerate(self.model_.term_features_):
            for column in columns:
                values[:, column, :] += terms[:, number, :] / len(columns)
        return values, np.atleast_1d(np.asarray(self.model_.intercept_, dtype=np.float64))


class Ebm(RawFamily):
    """Parameters: interpret's own names, see ``free``; ``rounds`` is the most cycles over the columns."""

    name = "ebm"
    title = "Explainable boosting machine"
    library = "interpret"
    requires = ("interpret-core",)
    extra = "ebm"
    boosts = False
    interruptible = False
    model = EbmModel
    free = {  # noqa: RUF012
        "learning_rate": float,
        "interactions": int,
        "max_bins": int,
        "max_leaves": int,
        "min_samples_leaf": int,
        "outer_bags": int,
        "smoothing_rounds": int,
        "greedy_ratio": float,
    }

    def load(self) -> None:
        """Import the part that fits: the package alone imports nothing."""
        import interpret.glassbox  # noqa: F401

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Bags times cycles over the columns, then the comparison of all pairs and cycles over the best of them."""
        rate = float(params.get("learning_rate", 0.015))
        cycles = min(float(params.get("rounds", _ROUNDS)), 60 + 6 / rate)
        outputs = classes if task is Task.MULTICLASS else 1
        pairs = 0.0 if task is Task.MULTICLASS else float(params.get("interactions", 0))
        curves = cycles * columns * (3e-5 + 4e-9 * rows * outputs)
        compared = 2e-8 * rows * columns * (columns - 1) / 2 + 200 * pairs * (3e-4 + 2e-8 * rows) if pairs else 0.0
        return 0.1 + 1e-6 * rows * columns + float(params.get("outer_bags", _BAGS)) * (curves + compared)

    def shorter(self, params: Params, rounds: int) -> Params | None:
        """Cycles are counted by bag and stage: what an unfinished fit had is no setting of a finished one."""
        return None
