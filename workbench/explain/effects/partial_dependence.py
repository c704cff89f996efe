"""Partial dependence: what the model says on average when every row is given the same value of one column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Model, Table
from workbench.explain.columns import MISSING, Reading, cell_text
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
from workbench.explain.sampling.replaced import model_frame, prediction_space, predictions_with, sampled_positions
from workbench.explain.sampling.row_draws import interval, row_weights

METHOD = "partial dependence (Friedman 2001)"
TAILS = 0.01
"""Share of the values at either end that no point is taken from: there the model has seen next to nothing."""
SPREAD = (10, 90)


def partial_dependence(
    model: Model,
    rows_of: Table | pd.DataFrame,
    column: str,
    *,
    output: int = 0,
    grid: int = 20,
    rows: int = 500,
    seed: int = 0,
) -> Effect:
    """The mean prediction over rows that are all given the same raw value, for each of some observed values.

    Friedman 2001. The curves of single rows are individual conditional expectations (Goldstein et al. 2015), centred
    at their own mean. Where columns go together, it also asks about rows that there can't be: use
    ``accumulated_local_effects`` then, or let ``effect_of`` choose.

    Args:
        model: fitted; each value goes through the whole pipeline.
        rows_of: raw rows with at least the model's columns.
        output: as in ``Explanation``: for two classes 0 is the second class.
        grid: points for numbers and dates, quantiles of the observed values between the 1st and the 99th percentile;
            fewer where fewer differ. Of levels the 20 most frequent are taken. Missing values, where there are some,
            are the last point.
        rows: rows that are averaged over at most; ``rows`` × points predictions are made.
        seed: of the choice of rows and of the bootstrap.

    Raises:
        InputError: no rows, a column or an output that the model does not have, a column without any value, or a grid
            of less than two.
    """
    check_grid(grid)
    name, place = output_of(model, output)
    frame = model_frame(model, rows_of)
    reading = reading_of(model, frame, column)
    x, cells, support = _points(reading, grid)
    labels = [_label(reading, frame[column], x[point], cells[point]) for point in range(len(x))]
    gaps = np.flatnonzero(frame[column].isna().to_numpy())
    if gaps.size:
        x, cells, support = np.append(x, np.nan), np.append(cells, gaps[0]), np.append(support, gaps.size)
        labels.append(MISSING)
    chosen = sampled_positions(len(frame), rows, seed)
    asked = predictions_with(model, frame, column, np.repeat(chosen, len(x)), np.tile(cells, len(chosen)))
    curves = asked[:, place].reshape(len(chosen), len(x))
    effect = curves.mean(axis=0)
    low, high = _interval(curves, seed)
    spread_low, spread_high = np.percentile(curves - curves.mean(axis=1, keepdims=True), SPREAD, axis=0) + effect.mean()
    return Effect(
        column=column,
        output=name,
        space=prediction_space(model),
        kind=reading.scale,
        x=x,
        labels=tuple(labels),
        effect=effect,
        low=low,
        high=high,
        spread_low=spread_low,
        spread_high=spread_high,
        support=support,
        rows=len(chosen),
        method=METHOD,
        said=(*constant_note(column, len(x)), *levels_note(reading)),
    )


def _points(reading: Reading, grid: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values of the points, a row where each stands, and the rows whose own value is nearest; shape (points,) each."""
    values = reading.values
    present = values[np.isfinite(values)]
    if reading.scale == "category":
        x = np.arange(min(len(reading.levels), SHOWN_LEVELS), dtype=np.float64)
        return x, first_places(values, x), np.bincount(present.astype(int))[: len(x)]
    first, last = np.quantile(present, [TAILS, 1 - TAILS], method="inverted_cdf")
    inside = np.unique(present[(present >= first) & (present <= last)])
    if len(inside) > grid:
        inside = np.unique(np.quantile(present, np.linspace(TAILS, 1 - TAILS, grid), method="inverted_cdf"))
    nearest = np.searchsorted((inside[1:] + inside[:-1]) / 2, present)
    return inside, first_places(values, inside), np.bincount(nearest, minlength=len(inside))


def _label(reading: Reading, cells: pd.Series, value: float, cell: int) -> str:
    return cell_text(reading.levels[int(value)] if reading.scale == "category" else cells.iloc[cell])


def _interval(curves: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rows, points = curves.shape
    if rows < 2:
        return np.full(points, np.nan), np.full(points, np.nan)
    return interval(np.asarray(row_weights(rows, seed) @ curves / rows))
