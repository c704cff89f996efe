"""The small boosted model that a clustering is explained by: few trees per segment, one against the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Task
from workbench.pipelines import Encoder, Prepared, family

FAMILY = "lightgbm"
TREES, LEAST_ROUNDS, MOST_ROUNDS = 200, 15, 60
"""Trees of all segments together, and the rounds that each segment gets at least and at most."""
REACH = 6.0
"""Rounds times rate: few rounds take longer steps."""
PARAMS: dict[str, object] = {"num_leaves": 8, "min_data_in_leaf": 5}


class SurrogateModel:
    """How surrogates are fitted: always alike, so that the fidelity of five folds speaks for the model on all rows.

    Args:
        segments: number of them, two or more.
        seed: of the trees.
    """

    def __init__(self, segments: int, seed: int) -> None:
        self.task = Task.BINARY if segments == 2 else Task.MULTICLASS
        self.rounds = int(np.clip(TREES // segments, LEAST_ROUNDS, MOST_ROUNDS))
        rate = float(np.clip(REACH / self.rounds, 0.1, 0.3))
        self.params: dict[str, object] = {**PARAMS, "learning_rate": rate, "rounds": self.rounds}
        self._seed = seed
        self._family = family(FAMILY)

    def encoder(self, prepared: Prepared, codes: np.ndarray) -> Encoder:
        """The family's own encoder, fitted."""
        encoder: Encoder = self._family.encoder(self.params).fit(prepared, codes)
        return encoder

    def fit(self, prepared: Prepared, codes: np.ndarray, encoder: Encoder) -> Any:
        """The fitted estimator on encoded rows.

        Args:
            codes: segment positions, shape (rows,), with rows of every segment.
        """
        # one thread: such trees take less time than threads take to wait for each other
        estimator: Any = self._family.estimator(
            self.task, self.params, prepared.derived, seed=self._seed, rounds=self.rounds
        )
        if self.task is Task.MULTICLASS:
            # a softmax would tell segments from each other; these trees tell each from all the rest
            estimator.set_params(objective="multiclassova")
        self._family.fit(estimator, encoder.transform(prepared), codes)
        return estimator

    def held_out(self, prepared: Prepared, codes: np.ndarray, fold: np.ndarray) -> np.ndarray:
        """Shares that were predicted by models of the other folds, shape (rows, segments)."""
        shares = np.empty((len(codes), int(codes.max()) + 1))
        for one in np.unique(fold):
            train, test = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
            rows = prepared.take(train)
            encoder = self.encoder(rows, codes[train])
            estimator = self.fit(rows, codes[train], encoder)
            shares[test] = estimator.predict_proba(encoder.transform(prepared.take(test)))
        return shares
