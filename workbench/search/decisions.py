"""The decision log of a search: every trial begun and ended, and every choice, in order.

In reproducible mode nothing of the clock is in it: two such searches with one worker write the same bytes.
"""

from __future__ import annotations

from typing import Any

from workbench.contracts import TrialState
from workbench.search.records import Record


class DecisionLog:
    """Keeps what was decided.

    Args:
        clock: whether the times at which things happened are kept.
    """

    def __init__(self, *, clock: bool) -> None:
        self._clock = clock
        self.entries: list[dict[str, Any]] = []

    def sentence(self, text: str, elapsed: float) -> None:
        """A choice, in words."""
        self._add(elapsed, decision=text)

    def trial(self, record: Record, elapsed: float) -> None:
        """A trial was begun, with what and on whose proposal; or it ended, how and why."""
        begun = record.state is TrialState.RUNNING
        facts: dict[str, Any] = {"trial": record.number, "family": record.family}
        if begun or record.origin == "baseline":
            facts |= {"begun": record.origin, "start": record.start, "params": dict(record.params)}
        if not begun:
            scores = [float(record.scores[fold]) for fold in sorted(record.scores)]
            facts |= {"ended": record.state.value, "reason": record.reason, "fold_scores": scores}
        self._add(elapsed, **facts)

    def _add(self, elapsed: float, **facts: Any) -> None:
        self.entries.append({"seconds": round(elapsed, 2), **facts} if self._clock else facts)
