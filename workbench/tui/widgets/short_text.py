"""A text in at most so many lines, which says where it goes on instead of ending in the middle of a sentence."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from workbench.tui.widgets.text import fit, wrapped


class ShortText(Widget):
    """Wraps its text for the width that it has.

    Args:
        most: lines that are shown at most.
        more: what the last line ends in where there are more.
    """

    DEFAULT_CSS = """
    ShortText { height: auto; }
    """

    def __init__(self, most: int, more: str, *, id: str, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.most = most
        self.more = more
        self.text = ""

    def show(self, text: str) -> None:
        """Show another text."""
        self.text = text
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes."""
        return len(short_lines(self.text, width, self.most, self.more))

    def render(self) -> Text:
        """The lines."""
        return Text("\n".join(short_lines(self.text, self.content_size.width, self.most, self.more)), no_wrap=True)


def short_lines(text: str, width: int, most: int, more: str) -> list[str]:
    """The text wrapped; the last of ``most`` lines ends in ``more`` where it goes on."""
    width = max(width, cell_len(more) + 2)
    lines = [line for part in text.split("\n") for line in wrapped(part, width) or [""]]
    if len(lines) <= most:
        return lines
    room = width - cell_len(more) - 1
    last = lines[most - 1]
    words = last.rstrip() if cell_len(last.rstrip()) <= room else fit(last, room).rstrip(" …").rpartition(" ")[0]
    return [*lines[: most - 1], f"{words} {more}"]
