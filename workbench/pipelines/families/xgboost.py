"""Gradient boosting by XGBoost: native categories, early stopping, and an end at the deadline."""

from __future__ import annotations

import json
import math
from functools import cached_property
from typing import Any

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines._base import Params
from workbench.pipelines.quantile_linear import weighted_quantile
from workbench.pipelines.raw_family import MOST_ROUNDS, RawFamily
from workbench.pipelines.raw_model import Rows, Watch, numbers
from workbench.pipelines.tree_model import TreeModel
from workbench.treeshap import TreeEnsemble
from workbench.treeshap.xgboost_booster import leaf_values, of_xgboost

_LEAVES_AT_ONCE = 20_000_000
_EVALUATION = {"roc_auc": "auc", "average_precision": "aucpr", "mae": "mae", "rmse": "rmse"}


class XGBModel(TreeModel):
    """A booster of XGBoost.

    XGBoost adds its trees up in single precision, and explains them in it: to about 1e-6, which is the limit that
    explanations are held to. Here rows are led to their leaves by XGBoost and the leaves are added up in double.
    """

    def _learn(self, train: Rows, watch: Watch) -> None:
        """Boost from the average, or from nothing for more than two classes."""
        import xgboost

        self._forget()
        self.__dict__.pop("_leaves", None)
        self.base_ = self._start(train)
        judged = watch.held_out
        callbacks: list[Any] = []
        if judged is not None:
            callbacks.append(xgboost.callback.EarlyStopping(rounds=watch.patience, save_best=True))
        end = _deadline(watch, self.rounds) if watch.budget is not None else None
        if end is not None:
            callbacks.append(end)
        settings = dict(self.settings or {})
        booster = xgboost.train(
            {
                **self._objective(watch.objective, settings.pop("loss", "squarederror")),
                **settings,
                "base_score": float(1 / (1 + np.exp(-self.base_)) if self._two else self.base_),
                "tree_method": "hist",
                "seed": self.seed,
                "nthread": self.threads,
                "verbosity": 0,
            },
            self._data(train.matrix, train),
            self.rounds,
            evals=[(self._data(judged.matrix, judged), "held_out")] if judged is not None else (),
            callbacks=callbacks,
            verbose_eval=False,
        )
        self.booster_ = booster
        self.complete_ = end is None or not end.struck
        self.rounds_ = int(booster.num_boosted_rounds())

    @property
    def _two(self) -> bool:
        return self.classes_.size == 2

    def _start(self, train: Rows) -> float:
        if self.task is Task.REGRESSION:
            if (self.settings or {}).get("loss") == "absoluteerror":
                weight = np.ones(len(train.target)) if train.weight is None else train.weight
                return float(weighted_quantile(train.target, weight, 0.5))
            return float(np.average(train.target, weights=train.weight))
        share = float(np.average(train.target == 1, weights=train.weight)) if self._two else 0.5
        return math.log(share / (1 - share))

    def _objective(self, wanted: str, loss: str) -> dict[str, Any]:
        if self.task is Task.REGRESSION:
            return {"objective": f"reg:{loss}", "eval_metric": _EVALUATION.get(wanted, "rmse")}
        if self._two:
            return {"objective": "binary:logistic", "eval_metric": _EVALUATION.get(wanted, "logloss")}
        return {"objective": "multi:softprob", "num_class": self.classes_.size, "eval_metric": "mlogloss"}

    def _data(self, matrix: np.ndarray, rows: Rows | None = None) -> Any:
        import xgboost

        kinds = ["c" if place in self.categorical else "q" for place in range(matrix.shape[1])]
        return xgboost.DMatrix(
            matrix,
            None if rows is None else rows.target,
            weight=None if rows is None else rows.weight,
            feature_types=kinds,
            enable_categorical=True,
            nthread=self.threads,
        )

    def scores(self, X: Any) -> np.ndarray:
        """Shape (rows, outputs)."""
        matrix = numbers(X)
        scores = np.full((len(matrix), self.outputs), self.base_)
        # XGBoost tells the leaves of all trees at once: as many rows at a time as there is room for
        rows = max(1, _LEAVES_AT_ONCE // max(1, len(self._leaves)))
        for start in range(0, len(matrix) if self._leaves else 0, rows):
            block, into = matrix[start : start + rows], scores[start : start + rows]
            leaves = np.asarray(self.booster_.predict(self._data(block), pred_leaf=True), dtype=np.int32)
            for (output, worth), reached in zip(self._leaves, leaves.reshape(len(block), -1).T, strict=True):
                into[:, output] += worth[reached]
        return scores

    def _read(self) -> TreeEnsemble:
        """The trees with the score that boosting began at."""
        return of_xgboost(self._document, np.full(self.outputs, self.base_), int(self.booster_.num_features()))

    @cached_property
    def _leaves(self) -> list[tuple[int, np.ndarray]]:
        """The output that each tree adds to, and what its nodes are worth."""
        document = self._document
        return [
            (int(output), worth) for output, worth in zip(document["tree_info"], leaf_values(document), strict=True)
        ]

    @property
    def _document(self) -> dict[str, Any]:
        model: dict[str, Any] = json.loads(self.booster_.save_raw("json"))["learner"]["gradient_booster"]["model"]
        return model

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_leaves"}


class XGBoost(RawFamily):
    """Parameters: XGBoost's own names, see ``free``; ``rounds`` is the most that may be boosted."""

    name = "xgboost"
    title = "Gradient boosting (XGBoost)"
    library = "xgboost"
    requires = ("xgboost",)
    extra = "xgboost"
    model = XGBModel
    free = {  # noqa: RUF012
        "learning_rate": float,
        "max_depth": int,
        "min_child_weight": float,
        "subsample": float,
        "colsample_bytree": float,
        "reg_alpha": float,
        "reg_lambda": float,
        "max_cat_to_onehot": int,
        "loss": str,
    }

    def leaves(self, params: Params) -> int:
        """Of full trees of the depth."""
        return int(2.0 ** int(params.get("max_depth", 6)))

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Expected rounds times trees per round times histogram work of each level."""
        rate, depth = float(params.get("learning_rate", 0.1)), float(params.get("max_depth", 6))
        rounds = min(float(params.get("rounds", MOST_ROUNDS)), (40 + 8 / rate) * max(1.0, math.sqrt(5 / depth)))
        trees = rounds * (classes if task is Task.MULTICLASS else 1)
        seen = rows * columns * float(params.get("colsample_bytree", 1.0))
        return 0.05 + 1e-7 * rows * columns + trees * (2e-5 * min(math.exp2(depth), rows / 20) + 1.5e-9 * seen * depth)


def _deadline(watch: Watch, rounds: int) -> Any:
    """A callback that ends boosting when a budget does; the trees so far are a valid model."""
    import xgboost

    class Deadline(xgboost.callback.TrainingCallback):  # type: ignore[misc]
        struck = False

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            self.struck = epoch + 1 < rounds and watch.expired
            return self.struck

    return Deadline()
