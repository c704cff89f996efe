"""The border between two panes, to be dragged."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


class Splitter(Widget):
    """Stands between two widgets; dragging it gives room from one to the other.

    Args:
        vertical: whether the panes stand above each other.
    """

    DEFAULT_CSS = """
    Splitter { width: 1; height: 1fr; color: $border-blurred; background: $background; }
    Splitter:hover { color: $primary; }
    Splitter.-across { width: 1fr; height: 1; }
    """

    def __init__(self, *, vertical: bool = False, id: str | None = None) -> None:
        super().__init__(id=id, classes="-across" if vertical else "")
        self.vertical = vertical

    def render(self) -> str:
        """The line."""
        return "─" * self.size.width if self.vertical else "\n".join("│" * self.size.height)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold."""
        self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the border to the mouse."""
        if self.app.mouse_captured is not self or self.parent is None:
            return
        siblings = list(self.parent.children)
        at = siblings.index(self)
        before, after = siblings[at - 1], siblings[at + 1]
        if self.vertical:
            total = before.size.height + after.size.height
            first = max(3, min(total - 3, round(event.screen_y) - before.region.y))
            before.styles.height, after.styles.height = f"{first}fr", f"{total - first}fr"
        else:
            total = before.size.width + after.size.width
            first = max(12, min(total - 12, round(event.screen_x) - before.region.x))
            before.styles.width, after.styles.width = f"{first}fr", f"{total - first}fr"
