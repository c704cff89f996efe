"""Tries every kind of gap on a table."""

from __future__ import annotations

from workbench.budget import Budget
from workbench.contracts import GapReport, Table
from workbench.events import Events
from workbench.gap._base import GapFinder, Work
from workbench.gap.not_computed import NOT_COMPUTED
from workbench.gap.potential_of_history import PotentialOfHistory
from workbench.gap.potential_of_outcome import PotentialOfOutcome
from workbench.gap.whitespace import Whitespace


def find_gaps(table: Table, *, budget: Budget, events: Events, seed: int = 0) -> GapReport:
    """Potential and category whitespace per customer, each with the back-test that judges it.

    With a purchase history, potential is spend per window and the back-test runs over all origins that have a future;
    without one it is the table's outcome in money, and nothing can be back-tested. What the data can't carry is in the
    report as ``available=False`` with what is missing.

    Args:
        table: the customer table; ``table.history`` and ``table.outcome`` decide what is possible.
        budget: back-tests of older origins are skipped, with a notice, once it has ended.
        events: hears progress and notices; ``check_stop`` is asked before each model.
        seed: of folds, models, bootstrap and placebo.

    Raises:
        Stopped: the user asked for it.
    """
    work = Work(table=table, budget=budget, events=events, seed=seed)
    events.emit("stage", "gap", "Looking for gaps between potential and what is seen", state="begins")
    finders: tuple[GapFinder, ...] = (
        PotentialOfOutcome() if table.history is None else PotentialOfHistory(),
        Whitespace(),
        *NOT_COMPUTED,
    )
    gaps = []
    for finder in finders:
        work.tick()
        gaps.append(finder.find(work))
    events.emit(
        "stage", "gap", "Gaps are judged", state="ends", kinds=[gap.kind.value for gap in gaps if gap.available]
    )
    return GapReport(tuple(gaps))
