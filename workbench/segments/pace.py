"""How many rows of a large table segments can be found and judged on in the time that there is."""

from __future__ import annotations

import numpy as np

from workbench.budget import Budget
from workbench.errors import BudgetError
from workbench.segments.reading import LevelColumn, Reading, View
from workbench.segments.tree import fit_axes, grow

MOST_ROWS = 20_000
"""Larger tables are always sampled for finding and judging; all rows are assigned."""
LEAST_ROWS = 1_500
"""Fewer would make every figure noise: a budget that can't pay for them is overrun by them."""
SEARCH_ROWS = 2_500
"""Rows that descriptive solutions are tried on before the best are judged on the whole sample."""
_PROBE_ROWS = 1_000
_PROBE_LEAVES = 8
_SPARE = 0.6
"""Share of the time that the least work may be forecast to take: the rest is for more draws and trials."""
_HOPELESS = 1.5
"""How many times the time that is left the forecast, a cautious one, may take before nothing is begun."""
_TREES_A_ROW, _TREES_A_SEARCH_ROW = 70, 150
"""The least that both kinds cost, in growths of a small tree per row: measured on tables of 12 to 60 columns."""


def affordable_rows(view: View, reading: Reading, *, budget: Budget, seed: int) -> int:
    """Rows for the sample, from ``LEAST_ROWS`` to ``MOST_ROWS`` and never more than there are.

    A small tree on some rows is grown and timed: what finding segments costs is a multiple of that for every row, on
    whatever machine and with however many columns. Without a limit of time no clock is asked.

    Args:
        reading: all rows.

    Raises:
        BudgetError: even the fewest rows that are honest would take several times what there is.
    """
    rows = reading.rows
    if not budget.limited or not view.columns:
        return min(rows, MOST_ROWS)
    seconds = _seconds_a_row(view, reading, budget, seed)
    least = min(rows, LEAST_ROWS) * (_TREES_A_ROW + _TREES_A_SEARCH_ROW) * seconds
    if least > _HOPELESS * budget.remaining:
        raise BudgetError(
            f"Segments of {len(view.columns)} columns take about {least:.0f} s at the least, and {budget.remaining:.1f}"
            " s are left for them: give a longer budget."
        )
    trees = _SPARE * budget.remaining / seconds
    affordable = trees / (_TREES_A_ROW + _TREES_A_SEARCH_ROW)
    if affordable > SEARCH_ROWS:
        affordable = (trees - _TREES_A_SEARCH_ROW * SEARCH_ROWS) / _TREES_A_ROW
    return min(rows, MOST_ROWS, max(LEAST_ROWS, int(affordable)))


def _seconds_a_row(view: View, reading: Reading, budget: Budget, seed: int) -> float:
    generator = np.random.default_rng([seed, 53])
    chosen = generator.choice(reading.rows, min(_PROBE_ROWS, reading.rows), replace=False)
    part = reading.take(np.sort(chosen))
    goal = generator.random((part.rows, 1))
    points = fit_axes(view, part, goal).encode(part)
    taken = []
    for _ in range(3):  # the first one also loads what it needs
        before = budget.elapsed
        grow(points, goal, _PROBE_LEAVES, 20)
        taken.append(budget.elapsed - before)
    # to clusters a category is an axis per level, to the tree it is one
    axes = sum(len(column.levels) + 1 if isinstance(column, LevelColumn) else 1 for column in view.columns)
    return max(min(taken), 1e-6) / part.rows * axes / len(view.columns)
