"""Intervals and the correction for having chosen: everything from out-of-fold predictions, by reweighting rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.contracts import Score
from workbench.problem.folds import Division
from workbench.search.evaluation.metric import Metric

LEVEL = 0.95
DRAWS = 400
_CELLS = 12_000_000
"""Weights (draws × rows) that are held at most; large tables get fewer draws, and need fewer."""
_CHUNK = 2_000_000
_ROWS = 200_000
LEAST_DRAWS = 60


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Weights of a bootstrap over rows, or over groups where rows belong together.

    Attributes:
        rows: positions that have a prediction.
        weights: shape (draws, rows): how often each row was drawn, times its own weight.
        outside: shape (draws, rows): the row's own weight where it was not drawn.
    """

    rows: np.ndarray
    truth: np.ndarray
    weights: np.ndarray
    outside: np.ndarray

    @classmethod
    def over(
        cls,
        truth: np.ndarray,
        held_out: np.ndarray,
        weight: np.ndarray | None,
        groups: np.ndarray | None,
        seed: int,
        draws: int | None = None,
    ) -> Bootstrap:
        """Draw the weights.

        Args:
            truth: target of all rows.
            held_out: which rows have an out-of-fold prediction.
            draws: how many; ``None`` goes by the rows.
        """
        rng = np.random.default_rng([seed, 60_611])
        rows = np.flatnonzero(held_out)
        if rows.size > _ROWS:
            rows = np.sort(rng.choice(rows, _ROWS, replace=False))
        units = np.arange(rows.size) if groups is None else np.unique(groups[rows], return_inverse=True)[1]
        if not units.any():
            units = np.arange(rows.size)  # one group alone says nothing of how groups differ
        total = int(units.max(initial=-1)) + 1
        count = draws or draws_for(rows.size)
        drawn = np.zeros((count, rows.size), dtype=np.float32)
        for draw in range(count):
            drawn[draw] = np.bincount(rng.integers(total, size=total), minlength=total)[units]
        own = np.ones(rows.size, dtype=np.float32) if weight is None else weight[rows].astype(np.float32)
        return cls(rows, truth[rows], drawn * own, (drawn == 0) * own)

    def figures(self, metric: Metric, prediction: np.ndarray, *, outside: bool = False) -> np.ndarray:
        """The metric of each draw, shape (draws,)."""
        weights = self.outside if outside else self.weights
        step = max(1, _CHUNK // max(1, self.rows.size))
        held_out = prediction[self.rows].astype(np.float64)
        parts = [
            metric.weighted(self.truth, held_out, weights[start : start + step])
            for start in range(0, len(weights), step)
        ]
        return np.concatenate(parts)


def draws_for(rows: int) -> int:
    """How many draws a table of this size gets."""
    return int(np.clip(_CELLS // max(1, min(rows, _ROWS)), LEAST_DRAWS, DRAWS))


def forecast_seconds(rows: int, draws: int, figures: Mapping[Metric, int], classes: int) -> float:
    """What making this many draws and computing so many figures of each metric will take."""
    cells = min(rows, _ROWS) * draws
    return 0.1 + 2e-8 * cells + sum(count * metric.seconds(cells, classes) for metric, count in figures.items())


def interval(metric: str, value: float, draws: np.ndarray) -> Score:
    """A figure with its percentile interval."""
    known = draws[np.isfinite(draws)]
    if not known.size:
        return Score(metric, value, value, value)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Score(metric, value, min(float(low), value), max(float(high), value))


def corrected(
    bootstrap: Bootstrap, metric: Metric, objective: Metric, predictions: list[np.ndarray], folds: Sequence[Division]
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap bias-corrected cross-validation (Tsamardinos, Greasidou & Borboudakis 2018).

    In each draw the best model of the rows drawn is taken, and its figure on the rows not drawn is what choosing
    among the models is worth.

    Args:
        predictions: out of fold, one array per model that could have been chosen.
        folds: whose models predicted them.

    Returns:
        the metric on the rows not drawn, shape (draws,), and which model was chosen, shape (draws,).
    """
    inside = np.stack([_losses(objective, bootstrap, objective.pooled(one, folds)) for one in predictions])
    chosen = np.where(np.isnan(inside), np.inf, inside).argmin(axis=0)
    outside = np.stack([bootstrap.figures(metric, metric.pooled(one, folds), outside=True) for one in predictions])
    return outside[chosen, np.arange(chosen.size)], chosen


def _losses(objective: Metric, bootstrap: Bootstrap, prediction: np.ndarray) -> np.ndarray:
    figures = bootstrap.figures(objective, prediction)
    return 1.0 - figures if objective.greater else figures
