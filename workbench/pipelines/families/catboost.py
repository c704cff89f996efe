"""Gradient boosting by CatBoost: ordered statistics of categories, early stopping, and an end at the deadline."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines._base import Params
from workbench.pipelines.raw_family import MOST_ROUNDS, RawFamily
from workbench.pipelines.raw_model import RawModel, Rows, Watch, numbers

_EVALUATION = {"roc_auc": "AUC", "mae": "MAE", "rmse": "RMSE"}


class CatModel(RawModel):
    """A model of CatBoost, which adds up and explains its trees in double precision."""

    explained_by = "exact path-dependent TreeSHAP (CatBoost)"

    def _learn(self, train: Rows, watch: Watch) -> None:
        """Boost."""
        import catboost

        judged = watch.held_out
        settings = dict(self.settings or {})
        settings |= {
            **self._objective(watch.objective, settings.pop("loss", "RMSE"), weighted=train.weight is not None),
            "iterations": self.rounds,
            "random_seed": self.seed,
            "thread_count": self.threads,
            "allow_writing_files": False,
            "logging_level": "Silent",
        }
        if judged is not None:
            settings |= {"use_best_model": True, "od_type": "Iter", "od_wait": watch.patience}
        end = _Deadline(watch, self.rounds)
        self.model_ = catboost.CatBoost(settings)
        self.model_.fit(
            self._pool(train.matrix, train),
            eval_set=self._pool(judged.matrix, judged) if judged is not None else None,
            callbacks=[end] if watch.budget is not None else None,
        )
        self.complete_ = not end.struck
        self.rounds_ = int(self.model_.tree_count_)

    def _objective(self, wanted: str, loss: str, *, weighted: bool) -> dict[str, Any]:
        if self.task is Task.REGRESSION:
            return {"loss_function": loss, "eval_metric": _EVALUATION.get(wanted, "RMSE")}
        if self.classes_.size == 2:
            metric = _EVALUATION.get(wanted, "Logloss")
            # its area under the curve is the only one of these that ignores weights unless it is told
            metric += ":use_weights=true" if metric == "AUC" and weighted else ""
            return {"loss_function": "Logloss", "eval_metric": metric}
        return {"loss_function": "MultiClass", "eval_metric": "MultiClass", "classes_count": self.classes_.size}

    def _pool(self, matrix: np.ndarray, rows: Rows | None = None) -> Any:
        import catboost
        import pandas as pd

        frame = pd.DataFrame(matrix)
        for place in self.categorical:
            # CatBoost takes categories as whole numbers only; what is missing is a level of its own
            frame[place] = np.nan_to_num(matrix[:, place], nan=-1.0).astype(np.int32)
        return catboost.Pool(
            frame,
            None if rows is None else rows.target,
            weight=None if rows is None else rows.weight,
            cat_features=list(self.categorical),
            thread_count=self.threads,
        )

    def scores(self, X: Any) -> np.ndarray:
        """Shape (rows, outputs)."""
        raw = self.model_.predict(self._pool(numbers(X)), "RawFormulaVal", thread_count=self.threads)
        return np.asarray(raw, dtype=np.float64).reshape(len(X), -1)

    def contributions(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Shapes (rows, columns, outputs) and (outputs,); CatBoost puts the base behind the columns."""
        pool = self._pool(numbers(X))
        found = self.model_.get_feature_importance(pool, type="ShapValues", thread_count=self.threads)
        flat = np.asarray(found, dtype=np.float64)
        each = flat[:, None, :] if flat.ndim == 2 else flat
        return np.moveaxis(each[:, :, :-1], 1, 2), each[0, :, -1]


class CatBoost(RawFamily):
    """Parameters: CatBoost's own names, see ``free``; ``rounds`` is the most that may be boosted."""

    name = "catboost"
    title = "Gradient boosting (CatBoost)"
    library = "catboost"
    requires = ("catboost",)
    extra = "catboost"
    model = CatModel
    free = {  # noqa: RUF012
        "learning_rate": float,
        "depth": int,
        "l2_leaf_reg": float,
        "random_strength": float,
        "bagging_temperature": float,
        "rsm": float,
        "one_hot_max_size": int,
        "max_ctr_complexity": int,
        "border_count": int,
        "loss": str,
    }

    def leaves(self, params: Params) -> int:
        """Trees of a depth are full."""
        return int(2.0 ** int(params.get("depth", 6)))

    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Expected rounds times the work of a symmetric tree, each level of which looks at all rows."""
        rate, depth = float(params.get("learning_rate", 0.1)), float(params.get("depth", 6))
        rounds = min(float(params.get("rounds", MOST_ROUNDS)), 60 + 12 / rate)
        outputs = classes if task is Task.MULTICLASS else 1
        seen = rows * columns * float(params.get("rsm", 1.0))
        return 0.1 + 2e-7 * rows * columns + rounds * outputs * depth * (4e-4 + 3e-7 * rows / depth + 2e-9 * seen)


class _Deadline:
    """A callback that ends boosting when a budget does; the trees so far are a valid model."""

    def __init__(self, watch: Watch, rounds: int) -> None:
        self._watch = watch
        self._rounds = rounds
        self.struck = False

    def after_iteration(self, info: Any) -> bool:
        """Whether to go on."""
        self.struck = info.iteration < self._rounds and self._watch.expired
        return not self.struck
