"""Accumulated local effects: small steps that rows near a value can really take, summed up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Model, Table
from workbench.explain.columns import Reading, cell_text
from workbench.explain.effects._base import (
    SHOWN_LEVELS,
    Effect,
    check_grid,
    constant_note,
    first_places,
    levels_note,
    output_of,
    reading_of,
)
from workbench.explain.effects.level_order import similar_levels
from workbench.explain.language import Said, say
from workbench.explain.sampling.replaced import model_frame, prediction_space, predictions_with, sampled_positions
from workbench.explain.sampling.row_draws import interval, row_weights

METHOD = "accumulated local effects (Apley & Zhu 2020)"


@dataclass(frozen=True)
class Steps:
    """Which rows take which steps between neighbouring points.

    Attributes:
        x, labels: the points.
        cells: a row where each point's value stands, shape (points,).
        row: who takes the step, shape (steps taken,), as a position among the rows of ``mass``.
        step: 0 is the step from the first point to the second, shape (steps taken,).
        mass: how much of each row stands at each point, shape (rows, points): what the mean is taken over.
        support: rows behind each point, shape (points,).
    """

    x: np.ndarray
    labels: tuple[str, ...]
    cells: np.ndarray
    row: np.ndarray
    step: np.ndarray
    mass: np.ndarray
    support: np.ndarray


def accumulated_local_effects(
    model: Model,
    rows_of: Table | pd.DataFrame,
    column: str,
    *,
    output: int = 0,
    grid: int = 20,
    rows: int = 5_000,
    seed: int = 0,
) -> Effect:
    """The sum of mean local changes of the prediction along one column, moved so that its mean over the rows is zero.

    Apley & Zhu 2020, first order. Each row is asked about at both ends of its own bin only, so other columns keep the
    values that go with such a row: unlike partial dependence, no row is asked about that there can't be. Levels are
    put in the order in which the other columns are most alike, and each row is asked about at the levels next to its
    own, as the authors' ALEPlot does.

    Args:
        model: fitted; each value goes through the whole pipeline.
        rows_of: raw rows with at least the model's columns.
        output: as in ``Explanation``: for two classes 0 is the second class.
        grid: bins for numbers and dates, cut at quantiles that are observed values; fewer where fewer differ. Of
            levels the 20 most frequent are taken.
        rows: rows that are looked at at most; two predictions are made for each, up to three for levels.
        seed: of the choice of rows and of the bootstrap.

    Returns:
        ``effect`` counts from the mean prediction; ``support`` are the rows per bin. There are no curves of single
        rows, so the spread is NaN.

    Raises:
        InputError: no rows, a column or an output that the model does not have, a column without any value, or a grid
            of less than two.
    """
    check_grid(grid)
    name, place = output_of(model, output)
    whole = model_frame(model, rows_of)
    with_value = np.flatnonzero(np.isfinite(reading_of(model, whole, column).values))
    chosen = with_value[sampled_positions(len(with_value), rows, seed)]
    frame = whole.iloc[chosen].reset_index(drop=True)
    reading = reading_of(model, frame, column)
    steps = _level_steps(frame, column, reading) if reading.scale == "category" else _bins(frame, column, reading, grid)
    present = np.flatnonzero(steps.mass.sum(axis=1) > 0)
    delta = _changes(model, frame, column, steps, place)
    effect = _curves(np.ones((1, len(frame))), steps, delta, np.zeros(max(0, len(steps.x) - 1)))[0]
    if len(present) > 1:
        weights = row_weights(len(present), seed)
        drawn = np.zeros((len(weights), len(frame)))
        drawn[:, present] = weights
        low, high = interval(_curves(drawn, steps, delta, np.diff(effect)))
    else:
        low = high = np.full(len(effect), np.nan)
    blank = np.full(len(effect), np.nan)
    return Effect(
        column=column,
        output=name,
        space=prediction_space(model),
        kind=reading.scale,
        x=steps.x,
        labels=steps.labels,
        effect=effect,
        low=low,
        high=high,
        spread_low=blank,
        spread_high=blank,
        support=steps.support,
        rows=len(present),
        method=METHOD,
        said=(
            *constant_note(column, len(effect)),
            *levels_note(reading),
            *_without_value(len(whole) - len(with_value), len(whole)),
        ),
    )


def _bins(frame: pd.DataFrame, column: str, reading: Reading, grid: int) -> Steps:
    """Bins between quantiles; the first holds its lower end as well."""
    values = reading.values
    rows = np.flatnonzero(np.isfinite(values))
    present = values[rows]
    edges = np.unique(np.quantile(present, np.linspace(0, 1, grid + 1), method="inverted_cdf"))
    cells = first_places(values, edges)
    bins = np.maximum(np.searchsorted(edges, present, side="left") - 1, 0)
    mass = np.zeros((len(values), len(edges)))
    ends = np.minimum(bins + 1, len(edges) - 1)
    np.add.at(mass, (rows, bins), 0.5)  # a row counts half at either end of its bin, as in the authors' ALEPlot
    np.add.at(mass, (rows, ends), 0.5)
    support = np.bincount(bins + 1, minlength=len(edges))[: len(edges)] if len(edges) > 1 else np.array([len(rows)])
    moves = len(edges) > 1
    return Steps(
        x=edges,
        labels=tuple(cell_text(cell) for cell in frame[column].iloc[cells]),
        cells=cells,
        row=rows if moves else rows[:0],
        step=bins if moves else bins[:0],
        mass=mass,
        support=support,
    )


def _level_steps(frame: pd.DataFrame, column: str, reading: Reading) -> Steps:
    """Steps between levels that are alike; a row takes those from its own level to its neighbours, and back."""
    shown = min(len(reading.levels), SHOWN_LEVELS)
    order = similar_levels(frame, column, reading.values, shown)
    position = np.empty(shown, dtype=int)
    position[order] = np.arange(shown)
    rows = np.flatnonzero(reading.values < shown)  # NaN is not below anything
    own = position[reading.values[rows].astype(int)]
    up, down = own < shown - 1, own > 0
    mass = np.zeros((len(reading.values), shown))
    mass[rows, own] = 1.0
    return Steps(
        x=np.arange(shown, dtype=np.float64),
        labels=tuple(cell_text(reading.levels[level]) for level in order),
        cells=first_places(reading.values, order.astype(np.float64)),
        row=np.concatenate([rows[up], rows[down]]),
        step=np.concatenate([own[up], own[down] - 1]),
        mass=mass,
        support=np.bincount(own, minlength=shown),
    )


def _changes(model: Model, frame: pd.DataFrame, column: str, steps: Steps, place: int) -> np.ndarray:
    """By how much the prediction changes over each step that is taken, shape (steps taken,)."""
    if not len(steps.row):
        return np.zeros(0)
    cells = np.concatenate([steps.cells[steps.step], steps.cells[steps.step + 1]])
    before, after = np.split(predictions_with(model, frame, column, np.tile(steps.row, 2), cells)[:, place], 2)
    return np.asarray(after - before)


def _curves(weights: np.ndarray, steps: Steps, delta: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Accumulated and centred effects under row weights.

    Args:
        weights: shape (draws, rows).
        delta: shape (steps taken,).
        otherwise: the change over each step that no drawn row takes, shape (points − 1,).

    Returns:
        shape (draws, points).
    """
    taken = np.zeros((len(steps.row), len(steps.x) - 1))
    taken[np.arange(len(steps.row)), steps.step] = 1.0
    counted = weights[:, steps.row]
    count = counted @ taken
    total = counted @ (taken * delta[:, None])
    mean = np.where(count > 0, total / np.maximum(count, 1), otherwise)
    path = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(mean, axis=1)], axis=1)
    mass = weights @ steps.mass
    return np.asarray(path - (path * mass).sum(axis=1, keepdims=True) / mass.sum(axis=1, keepdims=True))


def _without_value(missing: int, rows: int) -> tuple[Said, ...]:
    return (say("effects.without_value", missing=missing, rows=rows),) if missing else ()
