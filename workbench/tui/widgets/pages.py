"""A page over the screen: a text that is laid out for the room it has, to scroll, to copy, to leave with ``esc``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from workbench.atomic import write_text
from workbench.tui.guard import guarded
from workbench.tui.widgets.dialogs import Dialog, LineDialog
from workbench.tui.widgets.reader import Layout, Reader
from workbench.tui.widgets.text import clean, wrapped

Answer = TypeVar("Answer")


class PageDialog(Dialog[Answer]):
    """Takes nearly the whole terminal.

    Args:
        title: what the page is about.
        layout: the text, or what makes it for a width.
        keys: beside those that all pages have.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", show=False),
        Binding("w", "write", "Write", show=False),
        Binding("q", "cancel", "Close", show=False),
    ]
    DEFAULT_CSS = """
    PageDialog > .box { width: 116; height: 94%; }
    PageDialog Reader { height: 1fr; max-height: 100%; padding: 0; }
    PageDialog .hint { margin-top: 0; }
    """

    def __init__(self, title: str, layout: Layout | str, *, keys: str = "") -> None:
        super().__init__()
        self.heading = title
        self.first = layout
        self.keys = keys

    def compose(self) -> ComposeResult:
        """The text, what stands under it, the keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(clean(self.heading, 80))
            yield Reader(id="page")
            yield from self.below()
            keys = "   ".join(part for part in (self.keys, "j/k scroll   y copy   w write   esc back") if part)
            yield Static(Text(keys), classes="hint")

    def below(self) -> Sequence[Widget]:
        """What else stands on the page."""
        return ()

    def on_mount(self) -> None:
        """Show the text."""
        self.show(self.first)
        self.query_one("#page", Reader).focus()

    def show(self, layout: Layout | str) -> None:
        """Show another text."""
        self.query_one("#page", Reader).show(layout)

    def action_copy(self) -> None:
        """Copy the page as it is."""
        self.app.copy_to_clipboard(self.query_one("#page", Reader).text)
        self.notify("Copied.", markup=False)

    @work(group="write")
    @guarded
    async def action_write(self) -> None:
        """Write the page as it is into a text file, where a terminal takes no copy."""
        name = re.sub(r"\W+", "-", clean(self.heading, 60)).strip("-").lower() or "page"
        answer = await self.app.push_screen_wait(LineDialog("Write the page as text", value=f"{name}.txt"))
        if answer:
            path = Path(answer).expanduser()
            write_text(path, self.query_one("#page", Reader).text + "\n")
            self.notify(f"Wrote {path}", markup=False)


def sentences(texts: Sequence[str], width: int) -> list[str]:
    """One after another, each wrapped under its mark."""
    lines = []
    for text in texts:
        for at, line in enumerate(wrapped(clean(text), max(16, width - 2)) or [""]):
            lines.append(f"{'- ' if at == 0 else '  '}{line}")
    return lines
