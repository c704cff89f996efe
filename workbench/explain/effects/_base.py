"""What an effect is: a curve or bars in prediction units over the values of one raw column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Model
from workbench.errors import InputError
from workbench.explain.columns import Reading, Scale, read_column
from workbench.explain.language import Language, Name, Said, joined, say
from workbench.explain.overall.bins import BINS
from workbench.explain.sampling.replaced import check_column, prediction_outputs

SHOWN_LEVELS = BINS  # those that the contributions by value show
UNIQUE_SHARE = 0.5


@dataclass(frozen=True)
class Effect:
    """How the model's prediction goes with one column.

    It describes the model and not the world: what a change of the value would do, only a test shows.

    Attributes:
        column: the raw column.
        output: the target's name for regression, else the class.
        space: what ``effect`` counts: ``probability`` of the class, or ``units of <target>``.
        kind: ``number``, ``date`` or ``category``.
        x: shape (points,): numbers, days since 1970-01-01, or positions 0, 1, … of levels; NaN for missing values.
        labels: each point in words, as many as points.
        effect: mean prediction for partial dependence; the difference from the mean prediction for accumulated local
            effects; shape (points,).
        low, high: 95 % percentile bootstrap over rows: how sure the figure is for this model, not what a refit would
            give; NaN with one row; shape (points,).
        spread_low, spread_high: between them lie the curves of eight in ten single rows, each moved to the mean height
            of ``effect``: where they are as narrow as ``effect`` itself, rows differ in height only and the column acts
            alike on all of them. NaN where the method has no curves of single rows. Shape (points,).
        support: rows behind each point, shape (points,): those whose own value is nearest for partial dependence; for
            accumulated local effects those in the bin that ends at the point (none ends at the first), or at the level.
        rows: rows that were averaged over.
        method: how it was computed, with its source.
        said: what was left out, and why this method was taken, before it is in a language.
    """

    column: str
    output: str
    space: str
    kind: Scale
    x: np.ndarray
    labels: tuple[str, ...]
    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    spread_low: np.ndarray
    spread_high: np.ndarray
    support: np.ndarray
    rows: int
    method: str
    said: tuple[Said, ...] = ()

    @property
    def note(self) -> str:
        """What was left out, and why this method was taken, in English; empty where there is nothing to say."""
        return self.told()

    def told(self, language: Language = "en") -> str:
        """The note in ``language``."""
        return joined(self.said).told(language)

    def table(self) -> pd.DataFrame:
        """A row per point, for drawing: ``x``, ``label``, ``effect``, its intervals and spread, and ``support``."""
        return pd.DataFrame(
            {
                "x": self.x,
                "label": pd.Series(list(self.labels), dtype=object),
                "effect": self.effect,
                "low": self.low,
                "high": self.high,
                "spread_low": self.spread_low,
                "spread_high": self.spread_high,
                "support": self.support,
            }
        )


def output_of(model: Model, output: int) -> tuple[str, int]:
    """Name of an output and its column in ``Model.predict``.

    Raises:
        InputError: there is no such output.
    """
    outputs = prediction_outputs(model)
    if not 0 <= output < len(outputs):
        named = ", ".join(f"{place} ('{name}')" for place, (name, _) in enumerate(outputs))
        raise InputError(f"The model has no output {output}; choose {named}.")
    return outputs[output]


def reading_of(model: Model, frame: pd.DataFrame, column: str) -> Reading:
    """The raw column read as numbers, days or levels.

    Raises:
        InputError: the model does not use it, or it holds no value.
    """
    check_column(model, column)
    reading = read_column(frame[column])
    if not np.isfinite(reading.values).any():
        raise InputError(f"'{column}' holds no value in these rows; choose another column, or rows that have values.")
    return reading


def check_grid(grid: int) -> None:
    """Raise ``InputError`` where a curve can't be drawn from so few points."""
    if grid < 2:
        raise InputError(f"A grid of {grid} makes no curve; choose at least 2 points.")


def first_places(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The first position of each of ``wanted`` in ``values``, which has them all; shape of ``wanted``."""
    distinct, first = np.unique(values, return_index=True)
    return np.asarray(first[np.searchsorted(distinct, wanted)])


def levels_note(reading: Reading) -> tuple[Said, ...]:
    """A sentence on levels that are not shown; none where all are."""
    if len(reading.levels) <= SHOWN_LEVELS:
        return ()
    nearly_unique = len(reading.levels) > UNIQUE_SHARE * len(reading.values)
    return (
        say(
            "effects.levels_unique" if nearly_unique else "effects.levels",
            shown=SHOWN_LEVELS,
            levels=len(reading.levels),
        ),
    )


def constant_note(column: str, points: int) -> tuple[Said, ...]:
    """A sentence where there is nothing to compare; none where there is."""
    return () if points > 1 else (say("effects.constant", column=Name(column)),)
