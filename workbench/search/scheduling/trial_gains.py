"""By how much one trial's out-of-fold predictions are better than another's, on the same rows."""

from __future__ import annotations

import numpy as np

from workbench.pipelines.blocks.parts import together
from workbench.pipelines.row_facts import RowFacts
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.paired import Gain, gain_over_parts, losses_by_part
from workbench.search.trials.records import Record

_PARTS = 20


class TrialGains:
    """Compares two trials part of the rows by part, which gives a standard error for every metric.

    Args:
        truth: class codes or numbers of all rows.
        facts: of the same rows; those of one group are in one part, as their losses are not independent.
        seed: of the parts.
    """

    def __init__(self, truth: np.ndarray, facts: RowFacts, objective: Metric, seed: int) -> None:
        self._truth, self._weight, self._objective = truth, facts.weight, objective
        rng = np.random.default_rng([seed, 51_511])
        part = together(facts, _PARTS, rng)
        self._part = rng.permutation(np.arange(truth.size) % _PARTS) if part is None else part

    def of(self, record: Record, base: Record) -> Gain:
        """By how much the loss is less than the base's."""
        return gain_over_parts(self._losses(base), self._losses(record))

    def _losses(self, record: Record) -> np.ndarray:
        if record.prediction is None:
            return np.full(int(self._part.max()) + 1, np.nan)
        return losses_by_part(record.prediction, self._truth, self._weight, self._part, self._objective)


def told(gain: Gain, base: Record) -> str:
    """The gain as a share of the base's loss, such as ``2.31% (± 0.40%)``."""
    return f"{gain.mean / abs(base.loss):.2%} (± {gain.error / abs(base.loss):.2%})"
