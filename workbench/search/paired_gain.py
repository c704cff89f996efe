"""By how much one trial's out-of-fold predictions are better than another's, on the same rows."""

from __future__ import annotations

import numpy as np

from workbench.search.metrics import Metric
from workbench.search.records import Record

_PARTS = 20


class PairedGain:
    """Compares two trials part of the rows by part, which gives a standard error for every metric.

    Args:
        truth: class codes or numbers of all rows.
        seed: of the parts.
    """

    def __init__(self, truth: np.ndarray, weight: np.ndarray | None, objective: Metric, seed: int) -> None:
        self._truth, self._weight, self._objective = truth, weight, objective
        self._part = np.random.default_rng([seed, 51_511]).permutation(np.arange(truth.size) % _PARTS)

    def of(self, record: Record, base: Record) -> tuple[float, float]:
        """By how much the loss is less than the base's, and the standard error; infinite where too little is known."""
        differences = []
        for part in range(_PARTS):
            rows = np.flatnonzero(self._part == part)
            losses = [self._loss(one, rows) for one in (base, record)]
            differences.append(losses[0] - losses[1])
        known = np.array([one for one in differences if np.isfinite(one)])
        if known.size < _PARTS // 2:
            return 0.0, np.inf
        return float(known.mean()), float(known.std(ddof=1) / np.sqrt(known.size))

    def _loss(self, record: Record, rows: np.ndarray) -> float:
        prediction = record.prediction
        if prediction is None:
            return np.nan
        known = rows[np.isfinite(prediction[rows]).reshape(rows.size, -1).all(axis=1)]
        if not known.size:
            return np.nan
        weight = None if self._weight is None else self._weight[known]
        return self._objective.loss(
            self._objective.score(self._truth[known], prediction[known].astype(np.float64), weight)
        )


def told(gain: float, error: float, base: Record) -> str:
    """The gain as a share of the base's loss, such as ``2.31% (± 0.40%)``."""
    return f"{gain / abs(base.loss):.2%} (± {error / abs(base.loss):.2%})"
