"""How the time of a journey is divided among its stages, by what the table lets them do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workbench.contracts import Table


@dataclass(frozen=True)
class Need:
    """What a stage is given: a share of the time that is left when the search begins, up to so many seconds.

    The later stages don't get better with more than that, a search does.
    """

    share: float
    seconds: float


EXPLAINING = Need(0.08, 6.0)
SEGMENTING = Need(0.18, 15.0)
GAPS_OF_HISTORY = Need(0.20, 16.0)
"""Models of several past periods, each with its back-test."""
GAPS_OF_OUTCOME = Need(0.08, 6.0)
CLOSING = Need(0.08, 8.0)
"""Report, figures and record."""
SHORT = Need(0.52, 6.0)
"""The least for all of them together: what they cost however small the table is."""

LEAN = Need(0.05, 4.0)
LEAN_SECONDS = 1.0
"""Predictions and the record, when only a model is wanted: a share of the time, and no less than this."""
_SECONDS_PER_CELL = 8e-8
"""What the record takes more on large tables (twice what was measured: it comes last and nothing makes up for it)."""


def after_search(table: Table, left: float, *, full: bool) -> float:
    """Seconds of ``left`` to keep for what comes after the search; 0 where time is not limited.

    Args:
        full: whether explanation, segments, gaps, strategies and report are wanted.
    """
    if not math.isfinite(left):
        return 0.0
    if not full:
        large = min(_SECONDS_PER_CELL * table.frame.size, 2 * LEAN.share * left)
        return min(max(LEAN.share * left, LEAN_SECONDS), LEAN.seconds) + large
    needs = [EXPLAINING, SEGMENTING, CLOSING, *_gaps(table)]
    wanted = min(left * sum(need.share for need in needs), sum(need.seconds for need in needs))
    return max(wanted, min(SHORT.share * left, SHORT.seconds))


def for_segments(table: Table) -> float:
    """The segments' share of what they and the gaps have together."""
    return SEGMENTING.share / (SEGMENTING.share + sum(need.share for need in _gaps(table)))


def measurable(table: Table) -> bool:
    """Whether there are gaps that take time to measure."""
    return bool(_gaps(table))


def _gaps(table: Table) -> list[Need]:
    if table.history is not None:
        return [GAPS_OF_HISTORY]
    return [GAPS_OF_OUTCOME] if table.outcome is not None else []
