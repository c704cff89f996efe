"""Help for the focused part, made from the list of actions; and the menu bar's drop-down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.actions import ACTIONS, MENUS, TITLES, Action, key_text, of
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import fit

MOVING = (
    ("tab / shift+tab", "next / previous part"),
    ("j k, arrows", "down, up"),
    ("pgup pgdn", "by page"),
    ("home end, g G", "first, last (where g does not start a search)"),
    ("enter", "open what is selected"),
    ("esc", "one step back; nothing is lost"),
)


class HelpDialog(Dialog[None]):
    """The keys of a screen and of the app, each with its command-line twin."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q,enter", "cancel", "Close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def __init__(self, where: str, part: str) -> None:
        super().__init__()
        self.where = where
        self.part = part

    def compose(self) -> ComposeResult:
        """Three lists."""
        with Vertical(classes="box") as box:
            box.border_title = f"Help: {TITLES[self.where]}" + (f", {self.part}" if self.part else "")
            with VerticalScroll():
                yield Static(Text("\n".join(self.lines())), id="help-lines")
            yield Static(Text("j/k scroll   esc close   ctrl+p finds every action by name"), classes="hint")

    def lines(self) -> list[str]:
        """The text."""
        lines = [f"  {fit(key, 16)} {what}" for key, what in MOVING]
        for title, where in ((f"{TITLES[self.where]}", self.where), ("Everywhere", "app")):
            lines += ["", title]
            lines += [_line(action) for action in of(where) if action.key]
        return lines

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


def _line(action: Action) -> str:
    twin = f"   $ {action.twin}" if action.twin else ""
    return f"  {fit(key_text(action), 16)} {action.title}{twin}"


class MenuDialog(Dialog[tuple[str, str]]):
    """One menu, dropped down; left and right go to its neighbours. Gives the screen and the action's id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "neighbour(-1)", show=False),
        Binding("right,l", "neighbour(1)", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("f10", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    MenuDialog { align: left top; background: $background 30%; }
    MenuDialog > .box { width: 62; margin: 1 0 0 0; }
    """

    def __init__(self, menu: str) -> None:
        super().__init__()
        self.menu = menu
        self.entries: Sequence[Action] = ()

    def compose(self) -> ComposeResult:
        """The entries."""
        with Vertical(classes="box"):
            yield OptionList()
            yield Static(Text("left/right other menus   enter do it   esc close"), classes="hint")

    def on_mount(self) -> None:
        """Fill it."""
        self._fill()

    def _fill(self) -> None:
        seen: dict[str, Action] = {}
        for action in ACTIONS:
            if action.menu == self.menu:
                seen.setdefault(action.id + action.where, action)
        self.entries = list(seen.values())
        box = self.query_one(".box")
        box.border_title = "  ".join(f"[{name}]" if name == self.menu else name for name in MENUS).replace("[", "\\[")
        box.styles.margin = (1, 0, 0, 0)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(f"{fit(each.title, 46)} {key_text(each)}")) for each in self.entries])
        options.highlighted = 0

    def action_neighbour(self, by: int) -> None:
        """The menu beside."""
        self.menu = MENUS[(MENUS.index(self.menu) + by) % len(MENUS)]
        self._fill()

    def action_move(self, by: int) -> None:
        """Up or down."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        action = self.entries[event.option_index]
        self.dismiss((action.where, action.id))
