"""Loading the heavy libraries while the analyst still looks around, in one thread and in a useful order.

All heavy imports of the worker happen here: two threads that import the same package at once can meet it half made.
"""

from __future__ import annotations

import importlib
import threading
import traceback
from collections.abc import Callable

from workbench.errors import DefectError

GROUPS: dict[str, tuple[str, ...]] = {
    "data": ("workbench.worker.services.sources", "workbench.worker.services.rows"),
    "runs": ("workbench.worker.services.runs", "workbench.worker.services.past"),
    "job": ("workbench.worker.services.jobs",),
    "explain": (
        "workbench.worker.services.results", "workbench.worker.services.explanations",
        "workbench.worker.services.pictures", "workbench.worker.services.what_if",
        "workbench.worker.services.models", "workbench.worker.services.pairs", "workbench.worker.services.trust",
    ),
    "probe": (
        "workbench.worker.services.effects", "workbench.worker.services.otherwise",
        "workbench.worker.services.fairness",
    ),
    "segments": (
        "workbench.worker.services.segments", "workbench.worker.services.segment_map",
        "workbench.worker.services.drivers",
    ),
    "report": ("workbench.worker.services.reports",),
    "texts": ("workbench.worker.services.texts",),
}  # fmt: skip
"""What is loaded for each first word of a method, in the order of need."""

REST = 5.0
"""Seconds between the last group and the walk over trees."""


class Warmer:
    """Loads the groups one after another; a group that is asked for comes first.

    Args:
        told: called from the thread with the name of each group that is ready, and with ``""`` at the end.
    """

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._pending = list(GROUPS)
        self._lock = threading.Lock()
        self._ready = {name: threading.Event() for name in GROUPS}
        self._failed: dict[str, str] = {}

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="warm", daemon=True).start()

    def need(self, group: str) -> None:
        """Wait until a group is loaded.

        Raises:
            DefectError: it can't be imported.
        """
        with self._lock:
            if group in self._pending:
                self._pending.remove(group)
                self._pending.insert(0, group)
        self._ready[group].wait()
        if group in self._failed:
            raise DefectError(f"The part '{group}' can't be loaded: {self._failed[group]}")

    def _run(self) -> None:
        while True:
            with self._lock:
                group = self._pending.pop(0) if self._pending else None
            if group is None:
                break
            try:
                for module in GROUPS[group]:
                    importlib.import_module(module)
            except Exception as error:  # noqa: BLE001 - an import may raise anything; the asker is told
                traceback.print_exc()
                self._failed[group] = f"{type(error).__name__}: {error}"
            self._ready[group].set()
            self._told(group)
        self._told("")
        # last and later, as another process may have to compile it first, once a machine: nothing waits for it, and
        # the first screens shall have the machine for themselves
        threading.Event().wait(REST)
        importlib.import_module("workbench.treeshap").warm_up()
