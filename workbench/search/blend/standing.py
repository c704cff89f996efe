"""What the blend of the finished trials is worth while the search goes on: quick, on a sample of the rows."""

from __future__ import annotations

import numpy as np

from workbench.contracts import TrialState
from workbench.pipelines.blend import Speech
from workbench.pipelines.rare_rows import with_rare
from workbench.search.blend.weighing import greedy
from workbench.search.evaluation.metric import Metric
from workbench.search.trials.records import Record

ROWS = 3_000
"""Rows that the blend is judged on."""
_KEPT = 8
"""Trials that it is chosen from: the best ones, and those that it has."""
_LEAST = 5e-4
"""Gains below this share of the way from the baseline are chance."""


class Standing:
    """The running blend. What a trial is worth is what it adds to it, however good it is by itself.

    Args:
        truth: class codes or numbers of all rows.
        held_out: positions of rows that trials predict; ``None`` for all.
        baseline_loss: of the baseline.
        ranks: the objective is of an order between two classes, so rows of both are needed, in whatever shares.

    Attributes:
        baseline: the same.
        loss: of the blend so far.
    """

    def __init__(
        self,
        truth: np.ndarray,
        weight: np.ndarray | None,
        objective: Metric,
        baseline_loss: float,
        seed: int,
        held_out: np.ndarray | None = None,
        ranks: bool = False,
    ) -> None:
        rng = np.random.default_rng([seed, 60_013])
        rows = np.arange(truth.size) if held_out is None else np.sort(held_out)
        if rows.size > ROWS:
            drawn = rows[np.sort(rng.choice(rows.size, ROWS, replace=False))]
            rows = with_rare(drawn, truth, rows) if ranks else drawn
        self._rows = rows
        self._truth = truth[self._rows]
        self._weight = None if weight is None else weight[self._rows]
        self._objective = objective
        self.baseline = baseline_loss
        self._members: list[tuple[float, int, np.ndarray]] = []
        self.loss = np.inf

    def gain(self, record: Record) -> float:
        """By how much a trial that has ended lowers the loss of the blend; infinite for the first, 0 for none."""
        if record.state is not TrialState.DONE or record.prediction is None or not np.isfinite(record.loss):
            return 0.0
        said = np.asarray(record.prediction[self._rows], dtype=np.float64)
        if not np.isfinite(said).all():
            known = np.isfinite(said).reshape(len(said), -1).all(axis=1)
            if not known.any():
                return 0.0
            said = np.where(known.reshape(-1, *[1] * (said.ndim - 1)), said, np.nan)
        before = self.loss
        self._members.append((record.loss, record.number, Speech().scores(said)))
        scores = np.stack([one for _, _, one in self._members])
        rows = np.flatnonzero(np.isfinite(scores).reshape(len(scores), self._truth.size, -1).all(axis=(0, 2)))
        if not rows.size:
            self._members.pop()
            return 0.0
        own = None if self._weight is None else self._weight[rows]
        weights, loss = greedy(scores[:, rows], self._truth[rows], own, self._objective)
        ranked = sorted(range(len(weights)), key=lambda place: (weights[place] == 0, self._members[place][:2]))
        self._members = [self._members[place] for place in sorted(ranked[:_KEPT])]
        self.loss = min(before, loss)
        if not np.isfinite(before):
            return np.inf
        won = before - self.loss
        return won if won > _LEAST * max(0.0, self.baseline - self.loss) else 0.0
