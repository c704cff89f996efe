"""Search: trials of several model families within a budget, a leaderboard with intervals, and a champion.

``warm_up`` is light and returns at once: call it when the program starts. ``search`` brings its libraries with it
when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.search.executors import warm_up

if TYPE_CHECKING:
    from workbench.search.evaluation.metrics import METRICS, metric_for
    from workbench.search.run import search

__all__ = ["METRICS", "metric_for", "search", "warm_up"]


def __getattr__(name: str) -> Any:
    if name == "search":
        from workbench.search import run

        return run.search
    if name in ("METRICS", "metric_for"):
        from workbench.search.evaluation import metrics

        return getattr(metrics, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
