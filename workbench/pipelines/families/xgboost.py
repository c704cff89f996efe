"""Gradient boosting by XGBoost: native categories, early stopping, and an end at the deadline."""

from __future__ import annotations

import json
import math
from functools import cached_property
from typing import Any

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines._base import Params
from workbench.pipelines.path_shapley import Levels, PathTree
from workbench.pipelines.quantile_linear import weighted_quantile
from workbench.pipelines.raw_family import MOST_ROUNDS, RawFamily
from workbench.pipelines.raw_model import RawModel, Rows, Watch, numbers

_LEAVES_AT_ONCE = 20_000_000
_EVALUATION = {"roc_auc": "auc", "average_precision": "aucpr", "mae": "mae", "rmse": "rmse"}


class XGBModel(RawModel):
    """A booster of XGBoost.

    XGBoost adds its trees up in single precision, and explains them in it: to about 1e-6, which is the limit that
    explanations are held to. Here rows are led to their leaves by XGBoost and the leaves are added up in double.
    """

    explained_by = "exact path-dependent TreeSHAP in double precision"

    def _learn(self, train: Rows, watch: Watch) -> None:
        """Boost from the average, or from nothing for more than two classes."""
        import xgboost

        self.__dict__.pop("_trees", None)
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
        rows = max(1, _LEAVES_AT_ONCE // max(1, len(self._trees)))
        for start in range(0, len(matrix) if self._trees else 0, rows):
            block, into = matrix[start : start + rows], scores[start : start + rows]
            leaves = np.asarray(self.booster_.predict(self._data(block), pred_leaf=True), dtype=np.int32)
            for (output, tree), reached in zip(self._trees, leaves.reshape(len(block), -1).T, strict=True):
                into[:, output] += tree.value[reached]
        return scores

    def contributions(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Shapes (rows, columns, outputs) and (outputs,)."""
        seen, base = numbers(X), np.full(self.outputs, self.base_)
        values = np.zeros((*seen.shape, self.outputs))
        for output, tree in self._trees:
            tree.contributions(seen, values[:, :, output])
            base[output] += tree.base
        return values, base

    @cached_property
    def _trees(self) -> list[tuple[int, PathTree]]:
        """The trees with the output that each adds to."""
        model = json.loads(self.booster_.save_raw("json"))["learner"]["gradient_booster"]["model"]
        return [(int(output), _path_tree(one)) for output, one in zip(model["tree_info"], model["trees"], strict=True)]

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_trees"}


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


def _path_tree(tree: dict[str, Any]) -> PathTree:
    left = np.asarray(tree["left_children"], dtype=np.intp)
    cut = np.asarray(tree["split_conditions"], dtype=np.float32)
    missing_left = np.asarray(tree["default_left"], dtype=bool)
    levels = {}
    for node, begin, size in zip(
        tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"], strict=True
    ):
        # the codes that are listed go right, all others left
        right = np.asarray(tree["categories"][begin : begin + size], dtype=np.intp)
        goes = np.ones(int(right.max(initial=0)) + 1, dtype=bool)
        goes[right] = False
        levels[int(node)] = Levels(goes, True)
    return PathTree(
        left=left,
        right=np.asarray(tree["right_children"], dtype=np.intp),
        column=np.asarray(tree["split_indices"], dtype=np.intp),
        threshold=cut,
        missing_left=missing_left,
        levels=levels,
        cover=np.asarray(tree["sum_hessian"], dtype=np.float64),
        value=cut.astype(np.float64),
        at_most=False,
    )
