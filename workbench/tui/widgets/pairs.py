"""Pairs of features that act together: which, how strongly, and one of a pair split by the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.drawing import table_lines
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.text import bar, clean, number, percent, wrapped
from workbench.worker.explain_views import PairsView, SplitView

Ask = Callable[[str, str], Awaitable[SplitView]]
"""Asks the worker for one feature split by another."""


class PairsDialog(Dialog[str]):
    """The pair under the cursor is split below; ``enter`` gives its first feature, to be looked at on the screen.

    Args:
        view: the pairs, strongest first.
        ask: asks the worker for the split.
    """

    DEFAULT_CSS = """
    PairsDialog > .box { width: 116; height: 94%; }
    PairsDialog Grid { height: 2fr; }
    PairsDialog Reader { height: 3fr; max-height: 100%; padding: 0; border-top: solid $border-blurred; }
    PairsDialog .hint { margin-top: 0; }
    """

    def __init__(self, view: PairsView, ask: Ask) -> None:
        super().__init__()
        self.view = view
        self.ask = ask

    def compose(self) -> ComposeResult:
        """Pairs, the split of one, keys."""
        with Vertical(classes="box") as box:
            box.border_title = Text(f"Pairs that act together, mean strength in {clean(self.view['unit'], 30)}")
            yield Grid(_columns(), row_key="key", id="pairs")
            yield Reader(id="split")
            keys = "j/k pair   tab to the table below   enter show the feature   esc back"
            yield Static(Text(keys), classes="hint")

    def on_mount(self) -> None:
        """The strongest pair first."""
        most = max((pair["strength"] or 0.0 for pair in self.view["pairs"]), default=1.0) or 1.0
        grid = self.query_one(Grid)
        grid.set_rows(
            [
                {**pair, "key": at, "number": at + 1, "bar": (pair["strength"] or 0.0) / most}
                for at, pair in enumerate(self.view["pairs"])
            ]
        )
        grid.focus()

    @on(Grid.Highlighted)
    def _look(self, event: Grid.Highlighted) -> None:
        if event.row is not None:
            self._load(str(event.row["first"]), str(event.row["second"]))

    @on(Grid.Chosen)
    def _choose(self, event: Grid.Chosen) -> None:
        if event.row is not None:
            self.dismiss(str(event.row["first"]))

    @work(exclusive=True, group="split")
    async def _load(self, first: str, second: str) -> None:
        reader = self.query_one("#split", Reader)
        try:
            view = await for_shown(self, self.ask(first, second))
        except WorkbenchError as error:
            reader.show(f"! {clean(str(error), 400)}")
            return
        reader.show(lambda width: split_text(view, width))


def split_text(view: SplitView, width: int) -> str:
    """Mean contribution of the first feature by bands of its value, a column for each part of the second."""
    first, second = clean(view["first"], 30), clean(view["second"], 30)
    lines = wrapped(f"What {first} contributes on average, by its value (down) and by {second} (across):", width)
    heads = (first, *(clean(part, 20) for part in view["parts"]))
    body = [[clean(band, 30), *map(_mean, cells)] for band, cells in zip(view["bands"], view["cells"], strict=True)]
    lines += ["", *table_lines(heads, body, width), ""]
    rows = ["rows", *(f"{sum(cells[at]['rows'] or 0 for cells in view['cells']):,}" for at in range(len(heads) - 1))]
    lines += table_lines(heads, [*body, rows], width)[-1:]
    told = f"In {clean(view['unit'], 30)}; - where fewer than five customers are. Association, as the model sees it."
    return "\n".join([*lines, "", *wrapped(told, width)])


def _mean(cell: dict[str, Any]) -> str:
    mean = cell["mean"]
    return "-" if mean is None else f"{'+' if mean > 0 else ''}{number(mean, 3)}"


def _columns() -> list[GridColumn]:
    return [
        GridColumn("number", "#", 2, right=True),
        GridColumn("first", "first", 12, flex=True),
        GridColumn("second", "second", 12, flex=True),
        GridColumn("strength", "strength", 9, lambda value: number(value, 3), right=True),
        GridColumn("bar", "", 14, lambda value: bar(value or 0.0, 14)),
        GridColumn("share", "share", 6, percent, right=True),
        GridColumn("low", "low", 8, lambda value: number(value, 3), right=True),
        GridColumn("high", "high", 8, lambda value: number(value, 3), right=True),
    ]
