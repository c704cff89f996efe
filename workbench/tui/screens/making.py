"""Making a screen when it is first gone to; its module is imported then and not at the start."""

from __future__ import annotations

from workbench.tui.screens._base import WorkView
from workbench.tui.screens.data import DataView


def make_view(name: str) -> WorkView:
    """The screen of that name; its module is imported now and not at the start."""
    if name == "search":
        from workbench.tui.screens.search import SearchView

        return SearchView()
    if name == "explain":
        from workbench.tui.screens.explain import ExplainView

        return ExplainView()
    if name == "segments":
        from workbench.tui.screens.segments import SegmentsView

        return SegmentsView()
    if name == "runs":
        from workbench.tui.screens.runs import RunsView

        return RunsView()
    return DataView()
