"""A text that is laid out anew for the room it has: cards, waterfalls, comparisons. It scrolls and takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from workbench.tui.widgets.text import clean, wrapped

Layout = Callable[[int], str]
"""Makes the text for a width in cells."""

LABEL = 11


class Reader(VerticalScroll):
    """Shows what a layout makes of the present width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("G", "scroll_end", "Last", show=False),
    ]
    DEFAULT_CSS = """
    Reader { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Reader > Static { height: auto; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._layout: Layout = lambda width: ""
        self.text = ""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("")

    def show(self, layout: Layout | str) -> None:
        """Show another text."""
        self._layout = (lambda width: layout) if isinstance(layout, str) else layout
        self._lay_out()

    def on_resize(self, _: events.Resize) -> None:
        """Lay out for the new width, which the text has after the next layout."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        body = self.query_one(Static)
        text = self._layout(max(24, body.size.width))
        if text != self.text:
            self.text = text
            body.update(Text(text))


def labelled(label: str, text: str, width: int) -> list[str]:
    """A label and its text beside it, wrapped under itself."""
    body = wrapped(clean(text), max(12, width - LABEL - 1)) or [""]
    return [f"{label if at == 0 else '':<{LABEL}} {line}" for at, line in enumerate(body)]
