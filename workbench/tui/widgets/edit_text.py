"""A file edited in place: the worker checks it before it is saved, and what comes with the program can be had again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from workbench.errors import WorkbenchError
from workbench.tui.widgets.dialogs import ConfirmDialog, Dialog
from workbench.tui.widgets.text import clean
from workbench.worker.views import TextView

Ask = Callable[..., Awaitable[TextView]]
"""Asks the worker: a method and its parameters."""


class EditDialog(Dialog[bool]):
    """Answers whether something was saved or reset.

    Args:
        view: the text and where it goes.
        ask: asks the worker ``texts.save`` and ``texts.reset``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
        Binding("ctrl+r", "reset", "Reset", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    EditDialog > .box { width: 100; height: 94%; }
    EditDialog TextArea, EditDialog TextArea:focus {
        height: 1fr; border: none; padding: 0; scrollbar-size: 1 1;
    }
    """

    def __init__(self, view: TextView, ask: Ask) -> None:
        super().__init__()
        self.view = view
        self.ask = ask
        self.changed = False

    def compose(self) -> ComposeResult:
        """Where it goes, the text, the problem if there is one, the keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(f"Edit the {clean(self.view['title'], 60)}")
            yield Static("", id="edit-where")
            area = TextArea.code_editor(_shown(self.view["text"]), theme="css", soft_wrap=False)
            area.cursor_blink = False
            area.tab_behavior = "focus"
            yield area
            yield Static("", id="edit-problem")
            reset = "" if self.view["name"] == "project" else "   ctrl+r reset"
            yield Static(Text(f"ctrl+s check and save{reset}   esc back"), classes="hint")

    def on_mount(self) -> None:
        """Say where it is from."""
        self._say_where()

    @property
    def edited(self) -> bool:
        """Whether there is something that is not saved."""
        return self.query_one(TextArea).text != _shown(self.view["text"])

    @work(exclusive=True, group="edit")
    async def action_save(self) -> None:
        """Check it and save it; a mistake is a sentence, and the cursor goes where it names a line."""
        try:
            view = await self.ask("texts.save", name=self.view["name"], text=self.query_one(TextArea).text)
        except WorkbenchError as error:
            self._problem(str(error))
            return
        self._take(view)
        self.notify(f"Saved {view['path']}", markup=False)

    @work(exclusive=True, group="edit")
    async def action_reset(self) -> None:
        """Back to what comes with the program."""
        if self.view["name"] == "project" or not (self.view["own"] or self.edited):
            return
        question = "Your version is deleted, and what comes with workbench is used again."
        if not await self.app.push_screen_wait(ConfirmDialog(question, yes="Reset")):
            return
        try:
            self._take(await self.ask("texts.reset", name=self.view["name"]))
        except WorkbenchError as error:
            self._problem(str(error))

    def action_cancel(self) -> None:
        """Back; what is not saved is asked about."""
        self._leave()

    @work(exclusive=True, group="edit")
    async def _leave(self) -> None:
        if self.edited and not await self.app.push_screen_wait(
            ConfirmDialog("What you changed is not saved.", yes="Throw it away")
        ):
            return
        self.dismiss(self.changed)

    def _take(self, view: TextView) -> None:
        self.view = view
        self.changed = True
        area = self.query_one(TextArea)
        if area.text != _shown(view["text"]):
            area.load_text(_shown(view["text"]))
        self.query_one("#edit-problem", Static).update("")
        self._say_where()

    def _say_where(self) -> None:
        where = self.view["path"] if self.view["own"] else f"as it comes with workbench; saved to {self.view['path']}"
        self.query_one("#edit-where", Static).update(Text(clean(where, 300)))

    def _problem(self, text: str) -> None:
        self.query_one("#edit-problem", Static).update(Text(f"! {clean(text, 500)}"))
        if found := re.search(r"at line (\d+)", text):
            area = self.query_one(TextArea)
            area.move_cursor((min(int(found[1]), area.document.line_count) - 1, 0), center=True)


def _shown(text: str) -> str:
    """The text without signs that would move the terminal's cursor."""
    return "\n".join("\t".join(clean(part, 200_000) for part in line.split("\t")) for line in text.split("\n"))
