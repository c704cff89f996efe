"""What drawings of an explanation need, as plain numbers: a terminal, a report and a notebook draw the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.contracts import Explanation
from workbench.errors import InputError
from workbench.explain.columns import cell_text, read_column

BEESWARM_POINTS = 500


@dataclass(frozen=True)
class Step:
    """One column of a waterfall: its raw value as text and its contribution."""

    column: str
    value: str
    contribution: float


@dataclass(frozen=True)
class Waterfall:
    """One row's way from the average to its own output: ``base`` + steps + ``rest`` = ``total``.

    Attributes:
        steps: largest |contribution| first.
        rest: sum of all other contributions.
        rest_columns: how many columns ``rest`` sums.
        total: the model's output for this row.
        row: position in the table.
    """

    base: float
    steps: tuple[Step, ...]
    rest: float
    rest_columns: int
    total: float
    output: str
    output_space: str
    row: int


@dataclass(frozen=True)
class Swarm:
    """One column of a beeswarm.

    Attributes:
        contribution: shape (points,).
        offset: sideways place of each point, −1 … 1, wider where points are dense, shape (points,).
        colour: rank of the raw value, 0 … 1; NaN for categories and missing values, shape (points,).
    """

    column: str
    contribution: np.ndarray
    offset: np.ndarray
    colour: np.ndarray


def row_position(explanation: Explanation, row: int) -> int:
    """Where the table's row ``row`` stands among the explained rows.

    Raises:
        InputError: that row was not explained.
    """
    found = np.flatnonzero(explanation.rows == row)
    if found.size == 0:
        raise InputError(f"Row {row} is not among the {len(explanation.rows):,} explained rows; explain it on its own.")
    return int(found[0])


def waterfall(explanation: Explanation, position: int, output: int = 0, top: int = 8) -> Waterfall:
    """One explained row, its ``top`` largest contributions apart and all others summed.

    Args:
        position: among the explained rows, not in the table; see ``row_position``.
        output: which output, for more than two classes.
    """
    values = explanation.values[position, :, output]
    order = np.argsort(-np.abs(values), kind="stable")
    # a column without any contribution explains nothing
    shown = [j for j in order[:top] if values[j] != 0]
    rest = [j for j in order[top:] if values[j] != 0]
    raw = explanation.data.iloc[position]
    return Waterfall(
        base=float(explanation.base[output]),
        steps=tuple(Step(explanation.columns[j], cell_text(raw.iloc[j]), float(values[j])) for j in shown),
        rest=float(values[rest].sum()),
        rest_columns=len(rest),
        total=float(explanation.margin[position, output]),
        output=explanation.outputs[output],
        output_space=explanation.output_space,
        row=int(explanation.rows[position]),
    )


def beeswarm(
    explanation: Explanation,
    top: int = 12,
    output: int = 0,
    points: int = BEESWARM_POINTS,
    columns: Sequence[str] | None = None,
) -> tuple[Swarm, ...]:
    """The ``top`` columns, most important first, with up to ``points`` rows evenly taken from the explained ones.

    Args:
        columns: in the order wanted; by default in that of the importance over all outputs.
    """
    chosen = np.unique(np.linspace(0, len(explanation.rows) - 1, min(points, len(explanation.rows))).astype(int))
    places = {name: j for j, name in enumerate(explanation.columns)}
    swarms = []
    for name in (explanation.importance["column"] if columns is None else columns)[:top]:
        j = places[name]
        contribution = explanation.values[chosen, j, output]
        swarms.append(Swarm(name, contribution, _offsets(contribution), _ranks(explanation, j)[chosen]))
    return tuple(swarms)


def _ranks(explanation: Explanation, j: int) -> np.ndarray:
    reading = read_column(explanation.data.iloc[:, j])
    if not reading.ordered:
        return np.full(len(reading.values), np.nan)
    return value_ranks(reading.values)


def value_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks scaled to 0 … 1, ties share theirs; a constant is 0.5, NaN stays NaN."""
    ranks = np.full(len(values), np.nan)
    present = np.isfinite(values)
    if not present.any():
        return ranks
    _, place, counts = np.unique(values[present], return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    spread = max(1, int(present.sum()) - 1)
    ranks[present] = middle[place] / spread if len(counts) > 1 else 0.5
    return ranks


def _offsets(contribution: np.ndarray, bins: int = 60) -> np.ndarray:
    """Points of one narrow bin are stacked alternately above and below the middle line."""
    offsets = np.zeros(len(contribution))
    width = float(np.ptp(contribution)) if len(contribution) else 0.0
    if width == 0:
        return offsets
    places = np.minimum((bins * (contribution - contribution.min()) / width).astype(int), bins - 1)
    for place in np.unique(places):
        members = np.flatnonzero(places == place)
        heights = (np.arange(len(members)) + 1) // 2 * np.where(np.arange(len(members)) % 2 == 0, 1, -1)
        offsets[members] = heights
    return offsets / max(1.0, float(np.abs(offsets).max()))
