"""The app as it is started: the frame, the flows, and a last line of defence against our own defects."""

from __future__ import annotations

import traceback

from workbench.tui.flows import Flows

MOST_DEFECTS = 3
"""After so many defects in a row the app ends, as anything else would be worse."""


class WorkbenchApp(Flows):
    """The terminal interface."""

    _defects = 0

    def on_mount(self) -> None:
        """Paint first; the worker comes after."""
        super().on_mount()
        self.call_after_refresh(self.begin)

    def _handle_exception(self, error: Exception) -> None:
        """A defect of ours is a dialogue and not the end, as long as the app can go on."""
        self._defects += 1
        if self.is_headless or not self.is_running or self._defects > MOST_DEFECTS:
            super()._handle_exception(error)
            return
        detail = "".join(traceback.format_exception(error))
        self.show_error(
            f"A defect in workbench: {type(error).__name__}: {error}",
            detail=detail,
            next_step="y copies the details for a report; what was finished is kept.",
        )
