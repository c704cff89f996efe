"""One line of words that can be clicked: menu bar, tabs, footer and status are all made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.widgets.text import clean, fit


@dataclass(frozen=True, slots=True)
class Item:
    """A word.

    Attributes:
        text: what it says.
        action: action that a click runs; empty for none.
        look: ``key``, ``on``, ``warn`` or ``""``.
    """

    text: str
    action: str = ""
    look: str = ""


class LinkLine(Widget):
    """Items at the left, a context at the right; what does not fit is left out from the end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--key", "line--on", "line--warn"}
    DEFAULT_CSS = """
    LinkLine { height: 1; background: $panel; color: $foreground;
        .line--key { color: $text-accent; text-style: bold; }
        .line--on { text-style: bold reverse; }
        .line--warn { color: $text-warning; text-style: bold; }
    }
    """

    class Clicked(Message):
        """A word with an action was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._items: tuple[Item, ...] = ()
        self._right = ""

    def set_items(self, items: Sequence[Item], right: str = "") -> None:
        """Show other words; nothing is drawn when they are the same."""
        if (tuple(items), right) != (self._items, self._right):
            self._items, self._right = tuple(items), right
            self.refresh()

    @property
    def text(self) -> str:
        """What stands there, for tests and for copying."""
        return "".join(item.text for item in self._items) + self._right

    def render_line(self, y: int) -> Strip:
        """Draw it."""
        width, base = self.size.width, self.rich_style
        segments: list[Segment] = []
        used = 0
        for item in self._items:
            text = clean(item.text)
            if used + cell_len(text) > width:
                break
            style = base + (self.get_component_rich_style(f"line--{item.look}", partial=True) if item.look else Style())
            segments.append(Segment(text, style))
            used += cell_len(text)
        room = width - used - 3
        if self._right and room > 3:
            segments.append(Segment(f"  {fit(clean(self._right), room, right=True)}", base))
        return Strip(segments).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Run the action of the word that was hit."""
        at = 0
        for item in self._items:
            at += cell_len(clean(item.text))
            if event.x < at:
                if item.action:
                    self.post_message(self.Clicked(item.action))
                return
