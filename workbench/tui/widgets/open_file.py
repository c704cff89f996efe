"""The dialogue that opens a table: type a path, or walk the folders."""

from __future__ import annotations

import os
from pathlib import Path

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xls", ".toml", ".gz", ".zst")
MOST = 500


class OpenDialog(Dialog[str]):
    """Gives the chosen path as text."""

    def __init__(self, folder: Path, *, last: str = "") -> None:
        super().__init__()
        self.last = last
        self.folder = folder
        self.entries: list[Path] = []

    def compose(self) -> ComposeResult:
        """A line for the path, and what is in the folder."""
        with Vertical(classes="box") as box:
            box.border_title = "Open a table"
            yield Input(
                value=self.last, placeholder="path of a CSV, Parquet or Excel file, or a project.toml", id="path"
            )
            yield Static("", id="where", classes="hint")
            yield OptionList(id="entries")
            yield Static(Text("enter open   tab list   esc back"), classes="hint")

    def on_mount(self) -> None:
        """Show where we are."""
        self._list(self.folder)

    def _list(self, folder: Path, begin: str = "") -> None:
        """Folders first, then tables; those that begin with what was typed."""
        try:
            found = sorted(os.scandir(folder), key=lambda entry: (not entry.is_dir(), entry.name.casefold()))
        except OSError as error:
            self.query_one("#where", Static).update(Text(f"{folder}: {error.strerror}"))
            return
        self.folder = folder
        tables = [
            Path(entry.path)
            for entry in found
            if not entry.name.startswith(".")
            and (entry.is_dir() or entry.name.lower().endswith(SUFFIXES))
            and entry.name.casefold().startswith(begin.casefold())
        ]
        self.entries = [folder.parent, *tables[:MOST]]
        self.query_one("#where", Static).update(Text(clean(str(folder))))
        names = [".."] + [f"{entry.name}/" if entry.is_dir() else entry.name for entry in self.entries[1:]]
        entries = self.query_one(OptionList)
        entries.clear_options()
        entries.add_options([Option(Text(clean(name))) for name in names])

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        typed = Path(event.value).expanduser()
        folder = typed if event.value.endswith("/") else typed.parent
        begin = "" if event.value.endswith("/") else typed.name
        here = self.folder if not typed.is_absolute() and folder == Path() else folder
        if here.is_dir():
            self._list(here, begin)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        path = Path(event.value.strip()).expanduser()
        full = path if path.is_absolute() or path.exists() else self.folder / path.name
        if full.is_dir():
            self._list(full)
        else:
            self.dismiss(str(full))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        path = self.entries[event.option_index]
        if path.is_dir():
            self._list(path)
        else:
            self.dismiss(str(path))
