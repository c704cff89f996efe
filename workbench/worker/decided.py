"""Decisions that were made earlier on a run, such as one that was resumed: its journey comes without them."""

from __future__ import annotations

from workbench.tracking import Store
from workbench.tracking.decisions import recall
from workbench.worker.shown import Shown


def recall_decisions(shown: Shown) -> None:
    """Apply them to the result, once.

    Raises:
        StoreError: the run can't be read now; who asks next tries again.
    """
    result = shown.result
    if shown.recalled or not result.run_id:
        return
    shown.result = recall(result, Store(shown.home).details(result.run_id).row.tags)
    shown.recalled = True
