"""Choosing one of many columns: what is typed leaves those that hold it, the arrows choose, ``enter`` takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean, fit


class ColumnDialog(Dialog[str]):
    """Gives the name of a column.

    Args:
        title: what it is chosen for.
        columns: ``name``, ``kind``, ``role``, ``distinct``, ``used`` (by the model) of each.
        selected: on which one to stand at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # in the field already, so that typing and choosing need no change of place
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
    ]

    def __init__(self, title: str, columns: Sequence[dict[str, Any]], *, selected: str = "") -> None:
        super().__init__()
        self.question = title
        self.columns = list(columns)
        self.selected = selected
        self.shown: list[str] = []

    def compose(self) -> ComposeResult:
        """Filter, columns, keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(self.question)
            yield Input(placeholder="type to filter by name, kind or role")
            yield OptionList()
            yield Static("", id="columns-shown")
            yield Static(Text("enter choose   up/down move   esc back"), classes="hint")

    def on_mount(self) -> None:
        """All of them."""
        self._fill("")
        if self.selected in self.shown:
            self.query_one(OptionList).highlighted = self.shown.index(self.selected)

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        kept = [each for each in self.columns if all(word in _searched(each) for word in words)]
        self.shown = [each["name"] for each in kept]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(_line(each))) for each in kept])
        options.highlighted = 0 if kept else None
        self.query_one("#columns-shown", Static).update(Text(f"{len(kept)} of {len(self.columns)} columns"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self.shown[at])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.shown[event.option_index])

    def action_move(self, by: int) -> None:
        """Down or up in the list, from wherever the focus is."""
        options = self.query_one(OptionList)
        if self.shown:
            options.highlighted = max(0, min(len(self.shown) - 1, (options.highlighted or 0) + by))


def _searched(column: dict[str, Any]) -> str:
    return f"{column['name']} {column['kind']} {column['role']}".casefold()


def _line(column: dict[str, Any]) -> str:
    kind = f"{clean(column['kind'], 12)}, {clean(column['role'], 12)}"
    used = "in the model" if column["used"] else ""
    return f"{fit(column['name'], 26)} {fit(kind, 19)} {column['distinct']:>9,} {used}"
