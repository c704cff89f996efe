"""What is useful for predicting the target, by a look that is quick and honest: inside a fold, on a sample of rows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks.parts import Parts, parts_of, together
from workbench.pipelines.derived import Prepared, categorical_places
from workbench.pipelines.row_facts import NO_FACTS, RowFacts

ROWS = 20_000
"""Rows that are looked at, at most."""
_PARTS = 3
_SETTINGS = {
    "learning_rate": 0.1,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
_ROUNDS = 50
_MORE_ROUNDS = 30


class Scout:
    """Ranks columns by what boosted trees make of them.

    Candidates are judged by what they add to a model of the columns that are there already, as in Zhang et al. 2023
    ("OpenFE"): trees are boosted on the candidates from where that model's out-of-fold scores end.

    Args:
        prepared: training rows.
        target: numbers, or class codes 0 … classes − 1, shape (rows,).
        facts: weights and groups of the rows.
    """

    def __init__(
        self,
        prepared: Prepared,
        target: np.ndarray,
        task: Task,
        classes: int,
        seed: int,
        facts: RowFacts = NO_FACTS,
    ) -> None:
        self.target = target
        self.task = task
        self.classes = classes
        self.seed = seed
        self.weight = facts.weight
        self._facts = facts
        rng = np.random.default_rng([seed, 31_337])
        many = len(prepared) > ROWS
        self.rows = np.sort(rng.choice(len(prepared), ROWS, replace=False)) if many else np.arange(len(prepared))
        """Positions of the rows that are looked at."""
        looked_at = facts.take(self.rows)
        self._weight = looked_at.weight
        part = together(looked_at, _PARTS, rng)
        self._part = rng.permutation(np.arange(self.rows.size) % _PARTS) if part is None else part
        self._prepared = prepared

    @cached_property
    def parts(self) -> Parts:
        """Which of the rows are left out together by what learns from the target."""
        return parts_of(self.target, self.task, self._facts, self.seed)

    @cached_property
    def center_and_spread(self) -> tuple[float, float]:
        """Mean and standard deviation of a numeric target, 1 where it has none."""
        weight = self.weight if self.weight is not None and self.weight.any() else None
        center = float(np.average(self.target, weights=weight))
        return center, float(np.sqrt(np.average((self.target - center) ** 2, weights=weight))) or 1.0

    @cached_property
    def _base(self) -> tuple[np.ndarray, np.ndarray]:
        """Gain of each column, and out-of-fold scores before any link, shape (rows looked at[, classes])."""
        rows = np.asarray(self._prepared.matrix[self.rows])
        places = categorical_places(self._prepared.derived)
        gains = np.zeros(rows.shape[1])
        shape = (self.rows.size, self.classes) if self.task is Task.MULTICLASS else (self.rows.size,)
        scores = np.zeros(shape)
        for left_out in np.unique(self._part):
            inside, outside = self._part != left_out, self._part == left_out
            booster = self._boosted(rows, inside, _ROUNDS, categories=places)
            gains += booster.feature_importance("gain")
            scores[outside] = booster.predict(rows[outside], raw_score=True, num_threads=1)
        return gains, scores

    @cached_property
    def _truth(self) -> np.ndarray:
        truth = np.asarray(self.target[self.rows], dtype=np.float64)
        if self.task is Task.REGRESSION:
            center, spread = self.center_and_spread
            truth = (truth - center) / spread
        return truth

    def most_useful(self, places: list[int], number: int, *, least: float = 0.0) -> list[int]:
        """So many of the columns at ``places``, the most useful first.

        Args:
            least: only those that gained more; -1 takes also those that no tree has split on.
        """
        gains = self._base[0]
        ranked = sorted((place for place in places if gains[place] > least), key=lambda place: -gains[place])
        return ranked[:number]

    def best_of(self, candidates: np.ndarray, number: int) -> list[int]:
        """The candidates that add most, the best first; fewer than ``number`` where the others add nothing.

        Args:
            candidates: values for the rows looked at, shape (rows looked at, candidates).
        """
        if not candidates.shape[1]:
            return []
        booster = self._boosted(candidates, np.ones(len(candidates), dtype=bool), _MORE_ROUNDS, start=self._base[1])
        gains = booster.feature_importance("gain")
        return [int(place) for place in np.argsort(-gains, kind="stable")[:number] if gains[place] > 0]

    def _boosted(
        self,
        rows: np.ndarray,
        inside: np.ndarray,
        rounds: int,
        *,
        categories: list[int] | None = None,
        start: np.ndarray | None = None,
    ) -> Any:
        import lightgbm

        objective: dict[str, Any] = {"objective": "regression"}
        if self.task is Task.BINARY:
            objective = {"objective": "binary"}
        elif self.task is Task.MULTICLASS:
            objective = {"objective": "multiclass", "num_class": self.classes}
        settings = {**_SETTINGS, **objective, "seed": self.seed}
        data = lightgbm.Dataset(
            rows[inside],
            self._truth[inside],
            weight=None if self._weight is None else self._weight[inside],
            # one column of scores per class, as LightGBM has them
            init_score=start,
            categorical_feature=categories or "auto",
            params=settings,
        )
        return lightgbm.train(settings, data, num_boost_round=rounds)
