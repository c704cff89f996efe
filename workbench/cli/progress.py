"""Progress on stderr: one line a stage and a trial, or one changing line on a terminal; stdout stays clean."""

from __future__ import annotations

import os
import sys
from shutil import get_terminal_size
from typing import TextIO

from rich.cells import set_cell_size

from workbench.events import Event

CLEAR = "\r\x1b[2K"


class ProgressPrinter:
    """Writes events for a person to read.

    Args:
        quiet: say notices only.
        sink: where to write, stderr by default.
    """

    def __init__(self, *, quiet: bool = False, sink: TextIO | None = None) -> None:
        self._quiet = quiet
        self._sink = sink or sys.stderr
        self._live = self._sink.isatty()
        self._line_open = False

    def __call__(self, event: Event) -> None:
        """Write one event."""
        if self._quiet and event.kind != "notice":
            return
        if event.kind in ("progress", "trial"):
            self._replace(event)
        elif event.kind in ("stage", "notice", "best"):
            sign = {"stage": "▸", "notice": "!", "best": "★"}[event.kind]
            self._keep(f"{event.elapsed:6.1f}s {sign} {event.message}")

    def close(self) -> None:
        """Leave the changing line behind."""
        if self._line_open:
            self._sink.write(CLEAR)
            self._sink.flush()
            self._line_open = False

    def _replace(self, event: Event) -> None:
        """On a terminal only the newest progress counts; in a log it would be noise."""
        if not self._live:
            return
        # a line that wraps can't be cleared; Chinese signs take two cells each
        line = set_cell_size(f"{event.elapsed:6.1f}s   {printable(event.message)}", self._columns() - 1)
        self._sink.write(f"{CLEAR}{line.rstrip()}")
        self._sink.flush()
        self._line_open = True

    def _columns(self) -> int:
        """Of the terminal that it is written to; stdout may be a file."""
        try:
            return os.get_terminal_size(self._sink.fileno()).columns
        except OSError:
            return get_terminal_size().columns

    def _keep(self, line: str) -> None:
        self.close()
        self._sink.write(printable(line) + "\n")
        self._sink.flush()


def printable(text: str) -> str:
    """The text without control characters: names and cells may hold terminal escapes."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
