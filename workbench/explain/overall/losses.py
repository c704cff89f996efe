"""How wrong predictions are, under row weights: what permutation importance compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from workbench.contracts import Model, Table, Task
from workbench.errors import InputError
from workbench.explain.sampling.row_draws import RESAMPLES

LossFunction: TypeAlias = Callable[[np.ndarray, pd.DataFrame], float]
"""Of the true target (class labels as text, or numbers; shape (rows,)) and what ``Model.predict`` gives for the same
rows; less is better."""

SMALLEST_SHARE = 1e-15
WHOLE_DRAWS = 50
"""Draws where each has to be computed from all its rows."""


@dataclass(frozen=True)
class Known:
    """Rows whose target is known.

    Attributes:
        positions: rows of the table, ascending, shape (rows,).
        truth: class codes or numbers, shape (rows,).
    """

    positions: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Loss:
    """A figure of how wrong predictions are, by name or by a function of the caller.

    Attributes:
        by_row: of truth and prediction, shape (rows,); ``None`` where there is only the figure for all rows.
        root: whether the figure is the root of the mean over rows.
        whole: of all rows at once; ``None`` where rows are told apart.
    """

    name: str
    by_row: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    root: bool = False
    whole: LossFunction | None = None

    @property
    def draws(self) -> int:
        """How often rows are drawn again for intervals."""
        return WHOLE_DRAWS if self.by_row is None else RESAMPLES

    def figures(self, model: Model, truth: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """One figure per weighting; NaN where nothing has weight.

        Args:
            truth: shape (rows,).
            predicted: shape (rows, columns of ``Model.predict``).
            weights: whole numbers, shape (weightings, rows).

        Returns:
            shape (weightings,).
        """
        if self.by_row is None:
            drawn = [np.repeat(np.arange(len(truth)), each.astype(int)) for each in weights]
            return np.array([self._of_all(model, truth[rows], predicted[rows]) for rows in drawn])
        with np.errstate(invalid="ignore"):
            mean = weights @ self.by_row(truth, predicted) / weights.sum(axis=1)
        return np.asarray(np.sqrt(mean) if self.root else mean)

    def _of_all(self, model: Model, truth: np.ndarray, predicted: np.ndarray) -> float:
        assert self.whole is not None
        if not len(truth):
            return float("nan")
        if model.task is Task.REGRESSION:
            return float(self.whole(truth, pd.DataFrame(predicted, columns=["prediction"])))
        labels = np.array([str(label) for label in model.classes], dtype=object)
        return float(self.whole(labels[truth], pd.DataFrame(predicted, columns=labels)))


def loss_of(model: Model, metric: str | LossFunction | None) -> Loss:
    """The named loss, or the caller's own; log loss for classes and the root of the mean squared error by default.

    Raises:
        InputError: there is no such loss for the model's task.
    """
    if callable(metric):
        return Loss(getattr(metric, "__name__", type(metric).__name__), whole=metric)
    losses = NUMBER_LOSSES if model.task is Task.REGRESSION else CLASS_LOSSES
    name = next(iter(losses)) if metric is None else metric
    if name not in losses:
        raise InputError(f"There is no loss '{name}' for {model.task}; choose {', '.join(losses)}, or give a function.")
    return losses[name]


def known_rows(model: Model, table: Table, positions: np.ndarray | None) -> Known:
    """Those of ``positions`` (all by default) whose target is known, ascending and each once.

    Raises:
        InputError: the table lacks the target, a position is outside it, or a class is none of the model's.
    """
    if model.target not in table.frame.columns:
        raise InputError(f"There is no column '{model.target}' in {table.name}; permutation needs the known target.")
    total = len(table.frame)
    chosen = np.arange(total) if positions is None else np.unique(np.asarray(positions, dtype=np.intp))
    if chosen.size and (chosen[0] < 0 or chosen[-1] >= total):
        wrong = chosen[0] if chosen[0] < 0 else chosen[-1]
        raise InputError(f"There is no row {wrong} in {table.name}; give positions from 0 to {total - 1}.")
    target = table.frame[model.target].iloc[chosen]
    present = target.notna().to_numpy()
    chosen, target = chosen[present], target[present]
    if model.task is Task.REGRESSION:
        numbers = pd.to_numeric(target, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        readable = np.isfinite(numbers)
        return Known(chosen[readable], numbers[readable])
    return Known(chosen, _codes(model, table, target))


def _codes(model: Model, table: Table, target: pd.Series) -> np.ndarray:
    """Labels are compared as they stand (1 and 1.0 are one), then as text."""
    plain = {label: code for code, label in enumerate(model.classes)}
    text = {str(label): code for code, label in enumerate(model.classes)}
    codes = [plain.get(label, text.get(str(label), -1)) for label in target]
    if -1 in codes:
        unknown = target.iloc[codes.index(-1)]
        raise InputError(
            f"The target '{model.target}' in {table.name} holds '{unknown}', which is no class of the model; "
            "leave such rows out."
        )
    return np.array(codes, dtype=np.intp)


def _log_loss(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    own = predicted[np.arange(len(truth)), truth] / predicted.sum(axis=1)
    return np.asarray(-np.log(np.clip(own, SMALLEST_SHARE, 1.0)))


def _brier(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    squared = (predicted - np.eye(predicted.shape[1])[truth]) ** 2
    return np.asarray(squared[:, 1] if predicted.shape[1] == 2 else squared.sum(axis=1))


def _squared(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return np.asarray((predicted[:, 0] - truth) ** 2)


def _absolute(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(predicted[:, 0] - truth))


CLASS_LOSSES = {"log_loss": Loss("log_loss", _log_loss), "brier": Loss("brier", _brier)}
NUMBER_LOSSES = {"rmse": Loss("rmse", _squared, root=True), "mae": Loss("mae", _absolute)}
