"""The report dialogue: format and place, shown before anything is written."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from workbench.tui.widgets.dialogs import Dialog
from workbench.worker.views import ResultView

FORMATS = (".html", ".md", ".pdf")


class ReportDialog(Dialog[str]):
    """Gives the path of the report to write."""

    def __init__(self, result: ResultView) -> None:
        super().__init__()
        self.result = result

    def compose(self) -> ComposeResult:
        """What will be in it, and where it goes."""
        result = self.result
        parts = ["summary", "data and checks"]
        parts += ["leaderboard"] if result["champion"] else []
        parts += ["explanation"] if result["has_explanation"] else []
        parts += ["segments, gaps and strategies"] if result["segmentations"] else []
        parts += ["limits", "how to reproduce"]
        with Vertical(classes="box") as box:
            box.border_title = Text(f"Report of {result['name']}")
            yield Static(Text(f"Holds: {', '.join(parts)}."))
            if result["report"]:
                yield Static(Text(f"Already written: {result['report']}"), classes="hint")
            yield Static(Text("The ending says the format: .html, .md or .pdf"), classes="hint")
            yield Input(value=f"{result['name']}.html", id="report-path")
            yield Static("", id="report-problem")
            yield Static(Text("enter write it   esc back"), classes="hint")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.lower().endswith(FORMATS):
            self.dismiss(event.value)
        else:
            self.query_one("#report-problem", Static).update("! The path must end in .html, .md or .pdf.")
