"""What drives a segment against all other customers, as lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from workbench.errors import WorkbenchError
from workbench.tui.guard import for_shown
from workbench.tui.widgets.pages import PageDialog, sentences
from workbench.tui.widgets.text import clean, fit, number, wrapped
from workbench.worker.explain_views import DriversView

Ask = Callable[[int], Awaitable[DriversView]]
"""Asks the worker for one output."""


class DriversDialog(PageDialog[None]):
    """One segment; ``C`` goes to the next class where there are several.

    Args:
        segment: its name.
        ask: asks the worker.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("C", "next_output", "Class", show=False)]

    def __init__(self, segment: str, ask: Ask) -> None:
        super().__init__(f"What drives {clean(segment, 50)} against the rest", "Asking the worker …")
        self.ask = ask
        self.output = 0
        self.outputs = 1

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self._load()

    def action_next_output(self) -> None:
        """The next class."""
        if self.outputs > 1:
            self.output = (self.output + 1) % self.outputs
            self._load()
        else:
            self.notify("This model has one output.", markup=False)

    @work(exclusive=True, group="drivers")
    async def _load(self) -> None:
        try:
            view = await for_shown(self, self.ask(self.output))
        except WorkbenchError as error:
            self.show(f"! {clean(str(error), 400)}")
            return
        self.outputs = len(view["outputs"])
        self.show(lambda width: drivers_text(view, width))


def drivers_text(view: DriversView, width: int) -> str:
    """Sentences first, then each column's part of the difference with its interval."""
    lines = sentences(view["words"], width)
    if view["rows"]:
        of_class = f" of {clean(view['output'], 30)}" if len(view["outputs"]) > 1 else ""
        title = f"DIFFERENCE OF MEAN CONTRIBUTIONS{of_class}, in {clean(view['unit'], 30)}"
        lines += ["", *wrapped(title, width)]
        lines += _table(view, width)
    if len(view["outputs"]) > 1:
        lines += ["", *wrapped(f"C  the next class of {', '.join(clean(name, 24) for name in view['outputs'])}", width)]
    return "\n".join(lines)


def _table(view: DriversView, width: int) -> list[str]:
    rows = view["rows"]
    most = max(abs(row["difference"] or 0.0) for row in rows) or 1.0
    names = max(10, min(26, width // 5))
    values = max(0, min(24, (width - names - 32) // 2))
    arrows = max(0, min(16, width - names - 33 - 2 * values))
    lines = [
        f"{fit('column', names)} {'difference':>10} {fit('95% interval', 17)} "
        f"{fit('in the segment', values)} {fit('elsewhere', values)}".rstrip()
    ]
    for row in rows:
        difference = row["difference"] or 0.0
        interval = f"{number(row['low'], 3)} to {number(row['high'], 3)}" if row["low"] is not None else "-"
        drawn = (">" if difference >= 0 else "<") * max(1, round(arrows * abs(difference) / most)) if arrows else ""
        line = f"{fit(row['column'], names)} {_signed(difference):>10} {fit(interval, 17)}"
        line += f" {fit(row['value_inside'], values)} {fit(row['value_outside'], values)} {drawn}"
        lines.append(line.rstrip())
    if view["rest_columns"]:
        others = f"{view['rest_columns']} others"
        lines.append(f"{fit(others, names)} {_signed(view['rest']):>10}")
    total = (view["inside"] or 0.0) - (view["outside"] or 0.0)
    sides = f"{number(view['inside'], 3)} here, {number(view['outside'], 3)} elsewhere"
    lines.append(f"{fit('sum', names)} {_signed(total):>10} {sides}")
    return lines


def _signed(value: float) -> str:
    return f"+{number(value, 3)}" if value > 0 else number(value, 3)
