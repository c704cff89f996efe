"""Any other estimator: Shapley values by sampled orders of the columns, exact in their sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier

from workbench.explain.explainers._base import Contributions, Explainer, Matrix, dense, second_of_two, take

ORDERS = 8
REFERENCE_ROWS = 16
CELLS = 4_000_000
"""Numbers in one call of the estimator: bounds memory, not the result."""


class FallbackExplainer(Explainer):
    """Interventional Shapley values of a black box, estimated over orders in which columns are revealed.

    Castro, Gómez & Tejada 2009; each order is used forwards and backwards (antithetic, Mitchell et al. 2022), and
    every reference row in every order, so that base + Σφ equals the output exactly whatever the sampling error.
    The players are source columns: all derived columns of one are revealed together, and the value stands at the
    first of them. Orders come from a fixed seed, so that a row's values don't depend on the other rows.
    """

    method = f"sampled Shapley values ({2 * ORDERS} column orders × {REFERENCE_ROWS} reference rows)"
    notice = "No exact explainer knows this kind of model: contributions are sampled, exact only in their sum."
    untimed_rows = 200

    @classmethod
    def supports(cls, estimator: Any) -> bool:
        """Everything that predicts."""
        return hasattr(estimator, "predict")

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray:
        """Some rows drawn without replacement, shape (up to 16, derived columns)."""
        rows = matrix.shape[0]
        chosen = np.random.default_rng(seed).choice(rows, size=min(rows, REFERENCE_ROWS), replace=False)
        return dense(take(matrix, np.sort(chosen)))

    def space(self, target: str) -> str:
        """Probability for classes, the target's units for regression."""
        return "probability" if self._has_shares else f"units of {target}"

    def margin(self, matrix: Matrix) -> np.ndarray:
        """Probabilities or predictions, shape (rows, outputs)."""
        return self._output(matrix)

    def contributions(self, matrix: Matrix) -> Contributions:
        """Walk each order from each reference row to the row itself, a column at a time."""
        assert self.reference is not None
        rows = dense(matrix)
        players = np.unique(self.groups)
        first = {player: int(np.flatnonzero(self.groups == player)[0]) for player in players}
        base = self._from_numbers(self.reference, matrix).mean(axis=0)
        values = np.zeros((*rows.shape, base.size))
        orders = self._orders(players)
        for order in orders:
            steps = self._steps(rows, order, matrix)
            for place, player in enumerate(order):
                values[:, first[player], :] += (steps[:, place + 1] - steps[:, place]) / len(orders)
        return Contributions(values, base)

    @property
    def _has_shares(self) -> bool:
        return is_classifier(self.estimator) and hasattr(self.estimator, "predict_proba")

    def _output(self, matrix: Matrix) -> np.ndarray:
        if self._has_shares:
            return second_of_two(np.asarray(self.estimator.predict_proba(matrix), dtype=np.float64))
        return np.asarray(self.estimator.predict(matrix), dtype=np.float64).reshape(matrix.shape[0], -1)

    def _from_numbers(self, numbers: np.ndarray, like: Matrix) -> np.ndarray:
        if hasattr(like, "columns"):
            import pandas as pd

            return self._output(pd.DataFrame(numbers, columns=like.columns))
        return self._output(numbers)

    @staticmethod
    def _orders(players: np.ndarray) -> list[np.ndarray]:
        random = np.random.default_rng(0)
        forwards = [random.permutation(players) for _ in range(ORDERS)]
        return [order for each in forwards for order in (each, each[::-1])]

    def _steps(self, rows: np.ndarray, order: np.ndarray, like: Matrix) -> np.ndarray:
        """Mean output over the reference after each reveal, shape (rows, players + 1, outputs)."""
        assert self.reference is not None
        revealed = np.zeros((order.size + 1, rows.shape[1]), dtype=bool)
        for place, player in enumerate(order):
            revealed[place + 1 :, self.groups == player] = True
        block = max(1, CELLS // (revealed.size * len(self.reference)))
        parts = []
        for start in range(0, len(rows), block):
            part = rows[start : start + block]
            mixed = np.where(revealed[None, :, None, :], part[:, None, None, :], self.reference[None, None, :, :])
            output = self._from_numbers(mixed.reshape(-1, rows.shape[1]), like)
            parts.append(output.reshape(len(part), order.size + 1, len(self.reference), -1).mean(axis=2))
        return np.concatenate(parts)
