"""Which rows are explained: as many as fit, so ordered that any beginning represents all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.budget import Budget
from workbench.events import Events
from workbench.explain.explainers._base import Contributions, Explainer, Matrix, take
from workbench.explain.grouping import Grouping, to_sources

CANDIDATES = 50_000
"""Rows that are prepared and predicted at most; explained rows are chosen among them."""
LEAST_CANDIDATES, CHOICE = 2_000, 5
"""Where few rows are wanted so many are predicted, or five times as many: enough to choose low and high ones from."""
CELLS = 40_000_000
"""Contributions that are kept at most (rows × columns × outputs): 320 MB."""
PROBES = (16, 128)
"""Rows that are timed: the first count tells slow explainers from fast, the second how fast."""
STRATA = 10
BLOCK_SECONDS = 0.5
BLOCK_SHARE = 0.1
"""A block takes half a second or a tenth of what is left: often enough to hear a wish to stop."""
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


def candidate_rows(rows: int, seed: int, wanted: int | None = None) -> np.ndarray:
    """Positions that may be explained, ascending: all, or a random 50,000; fewer where few are ``wanted``."""
    most = CANDIDATES if wanted is None else min(CANDIDATES, max(LEAST_CANDIDATES, CHOICE * wanted))
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size=most, replace=False))


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
    grouping: Grouping,
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
        parts.append(to_sources(found.values, grouping))
        done += len(positions)
        events.progress("explain", f"Explained {done:,} of {len(order):,} rows", done, len(order))

    per_row = 0.0
    while done < len(order) and (size := _next_block(done, per_row, budget)) > 0:
        events.check_stop()
        before, reached = budget.elapsed, done
        advance(size)
        per_row = max(0.0, budget.elapsed - before) / (done - reached)
    back = np.argsort(order[:done])
    return Explained(order[:done][back], np.concatenate(parts)[back], base, worst)


def _next_block(done: int, per_row: float, budget: Budget) -> int:
    """How many rows to explain next, by the seconds that a row of the block before took; none when time is up."""
    if done == 0:
        return PROBES[0]
    if not budget.limited or per_row == 0:
        return 0 if budget.expired else BLOCK_ROWS
    seconds = max(BLOCK_SECONDS, BLOCK_SHARE * budget.remaining)
    fitting = int(budget.remaining / per_row)
    # what a few rows took is mostly the cost of a call: it says too little for a long block
    wanted = PROBES[1] if done <= PROBES[0] else max(PROBES[0], int(seconds / per_row))
    return min(wanted, fitting, BLOCK_ROWS)
