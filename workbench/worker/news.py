"""What has become of long work since a face was told last: the newest state of each piece, none of them lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

from workbench.worker.explain_views import BackgroundView


class News:
    """Gathers states from any thread until they are taken.

    ``heard`` is called, from that thread, whenever there is something to take.
    """

    def __init__(self) -> None:
        self.heard: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._views: dict[tuple[str, str, str], BackgroundView] = {}

    def put(self, view: BackgroundView) -> None:
        """Keep a piece's newest state in place of the one before."""
        with self._lock:
            self._views[view["run"], view["kind"], view["model"]] = view
        self.heard()

    def take(self) -> list[BackgroundView]:
        """What there is, each once."""
        with self._lock:
            views, self._views = self._views, {}
        return list(views.values())
