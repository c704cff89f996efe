"""The dialogue before a run goes on: what it is, and how much more time it gets."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from workbench.budget import parse_duration
from workbench.errors import InputError
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean, duration

USUAL = "2m"
"""As on the command line."""


class ResumeDialog(Dialog[dict[str, Any]]):
    """Gives ``budget_seconds``: seconds of more time, ``None`` for as many more trials as before without a limit.

    Args:
        name: of the run.
        settings: what it was begun with, as ``JourneySettings.as_json`` wrote it.
    """

    DEFAULT_CSS = """
    ResumeDialog .field { height: 1; margin-top: 1; }
    ResumeDialog .field > Static { width: 12; }
    ResumeDialog .field > Input { width: 1fr; }
    """

    def __init__(self, name: str, settings: dict[str, Any]) -> None:
        super().__init__()
        self.run = name
        self.settings = settings

    def compose(self) -> ComposeResult:
        """What is kept, what is added, and the budget."""
        trials, seconds = self.settings.get("trials"), self.settings.get("budget_seconds")
        with Vertical(classes="box") as box:
            box.border_title = Text(f"Go on with {clean(self.run, 50)}")
            began = f"{trials} trials" if trials else duration(seconds) if seconds else "no limit"
            more = f"as many more are begun, {trials} at most" if trials else "more are added until the time is up"
            yield Static(Text(f"Begun with {began}. Its finished trials are kept; {more}."))
            with Horizontal(classes="field"):
                yield Static("more time")
                hint = "empty: no limit; or such as 60s, 10m" if trials else "such as 60s, 10m or 1h"
                yield Input(value="" if trials else USUAL, placeholder=hint, id="resume-budget")
            yield Static("", id="resume-problem")
            yield Static(Text("enter go on   esc back"), classes="hint")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed and not self.settings.get("trials"):
            self._say("Give it more time, such as 60s or 10m: without an end a search never ends.")
            return
        try:
            self.dismiss({"budget_seconds": parse_duration(typed) if typed else None})
        except InputError as problem:
            self._say(str(problem))

    def _say(self, problem: str) -> None:
        self.query_one("#resume-problem", Static).update(Text(f"! {problem}"))
