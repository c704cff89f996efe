"""Which rows are explained: as many as fit, so ordered that any beginning represents all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.budget import Budget
from workbench.events import Events
from workbench.explain._base import Contributions, Explainer, Matrix, take
from workbench.explain.grouping import to_sources

CANDIDATES = 50_000
"""Rows that are prepared and predicted at most; explained rows are chosen among them."""
CELLS = 40_000_000
"""Contributions that are kept at most (rows × columns × outputs): 320 MB."""
PROBES = (16, 128)
"""Rows that are timed: the first count tells slow explainers from fast, the second tells how fast."""
STRATA = 10
BLOCK_SECONDS = 0.5
BLOCK_ROWS = 4_096


@dataclass(frozen=True)
class Explained:
    """Contributions by source column of the rows that were reached.

    Attributes:
        positions: rows of the matrix, ascending, shape (rows,).
        values: shape (rows, source columns, outputs).
        base: shape (outputs,).
        worst: largest |base + Σφ − margin| before grouping.
    """

    positions: np.ndarray
    values: np.ndarray
    base: np.ndarray
    worst: float


def candidate_rows(rows: int, seed: int) -> np.ndarray:
    """Positions that may be explained, ascending: all, or a random 50,000."""
    if rows <= CANDIDATES:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size=CANDIDATES, replace=False))


def stratified_order(margin: np.ndarray, seed: int) -> np.ndarray:
    """An order of rows of which every beginning holds low, middle and high predictions alike.

    Rows are sorted by their prediction (by predicted class first where there are several outputs), cut into ten
    strata of equal size, shuffled within each and dealt out in turn.

    Args:
        margin: shape (rows, outputs).

    Returns:
        positions, shape (rows,).
    """
    random = np.random.default_rng(seed)
    by_prediction = np.lexsort((margin.max(axis=1), margin.argmax(axis=1)))
    strata = [random.permutation(stratum) for stratum in np.array_split(by_prediction, STRATA)]
    turn = np.concatenate([np.arange(len(stratum)) for stratum in strata])
    shuffled = random.permutation(len(turn))  # rows of one turn must not always come lowest first
    dealt = np.concatenate(strata)[shuffled]
    return dealt[np.argsort(turn[shuffled], kind="stable")]


def explain_in_order(
    explainer: Explainer,
    matrix: Matrix,
    margin: np.ndarray,
    order: np.ndarray,
    sources: int,
    *,
    budget: Budget,
    events: Events,
) -> Explained:
    """Explain rows in ``order`` until all are done or the budget is used; at least the first sixteen.

    Raises:
        Stopped: the user asked to end.
    """
    parts: list[np.ndarray] = []
    base = np.zeros(margin.shape[1])
    worst = 0.0
    done = 0

    def advance(count: int) -> None:
        nonlocal base, worst, done
        positions = order[done : done + count]
        found: Contributions = explainer.contributions(take(matrix, positions))
        base = found.base
        gap = np.abs(found.base + found.values.sum(axis=1) - margin[positions])
        worst = max(worst, float(gap.max(initial=0.0)))
        parts.append(to_sources(found.values, explainer.groups, sources))
        done += len(positions)
        events.progress("explain", f"Explained {done:,} of {len(order):,} rows", done, len(order))

    wanted = _fitting(advance, len(order), budget)
    per_row = 0.0
    while done < wanted and not budget.expired:
        events.check_stop()
        before, block = budget.elapsed, BLOCK_ROWS if per_row == 0 else int(BLOCK_SECONDS / per_row)
        size = min(max(16, block), BLOCK_ROWS, wanted - done)
        if per_row and budget.limited and size * per_row > budget.remaining:
            size = min(size, int(budget.remaining / per_row))
            if size == 0:
                break
        advance(size)
        per_row = max(0.0, budget.elapsed - before) / size
    back = np.argsort(order[:done])
    return Explained(order[:done][back], np.concatenate(parts)[back], base, worst)


def _fitting(advance: Callable[[int], None], rows: int, budget: Budget) -> int:
    """Time a few rows and say how many fit into the budget, those few included."""
    fit, timed = rows, 0
    for probe in PROBES:
        if timed >= rows or (timed and budget.expired):
            break
        count = min(probe, rows - timed)
        before = budget.elapsed
        advance(count)
        timed += count
        seconds = max(0.0, budget.elapsed - before)
        fit = rows if seconds == 0 or not budget.limited else timed + int(budget.remaining * count / seconds)
        if fit >= rows or seconds * PROBES[-1] / count > budget.remaining:
            break
    return min(rows, max(fit, timed))
