"""The dialogue before a search: the target that was guessed is shown and confirmed, never used silently."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from workbench.budget import parse_duration
from workbench.errors import InputError, WorkbenchError
from workbench.tui.widgets.dialogs import Dialog
from workbench.tui.widgets.text import clean
from workbench.worker.views import TableView

Check = Callable[[dict[str, Any]], Awaitable[None]]
"""Raises ``WorkbenchError`` with one sentence where the answer can't be used."""


class StartDialog(Dialog[dict[str, Any]]):
    """Gives target, budget, trials, families, metric, seed, costs and the run to start from.

    Args:
        table: the open one.
        check: asks the worker whether what was typed fits the table; what it raises is told here.
        own: what of the user's own is used in place of what comes with the program.
        families: which can be searched: ``default`` without being named, ``named`` only when they are.
        earlier: names of runs that a search of this table can start from, newest first.
        chosen: what stands in the fields at first, by their names: what a project file says.
    """

    AUTO_FOCUS = "#start-budget"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "go", "Start", show=False),
        Binding("ctrl+e", "app.edit_space", "Search spaces", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    StartDialog .field { height: 1; }
    StartDialog .field > Static { width: 12; }
    StartDialog .field > Input { width: 1fr; }
    """

    def __init__(
        self,
        table: TableView,
        check: Check,
        *,
        own: Sequence[str] = (),
        families: Mapping[str, Sequence[str]] | None = None,
        earlier: Sequence[str] = (),
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.check = check
        self.earlier = earlier
        self.chosen = {"budget": "120s", "seed": "0"} | dict(chosen or {})
        self.own = own
        self.families = families or {}
        self.table = table
        self._problem = ""

    def compose(self) -> ComposeResult:
        """What will be predicted and why, and what may be changed."""
        table = self.table
        with Vertical(classes="box") as box:
            box.border_title = "Start a search"
            how = "guessed" if table["target_guessed"] else "set by you"
            reason = f" ({how}: {table['target_reason']})" if table["target_guessed"] else f" ({how})"
            target = table["target"] or "none: segments only"
            yield Static(Text.assemble("Target  ", (clean(target), "bold"), clean(reason)), id="start-guess")
            yield Static(Text(f"Task    {table['task']}, {table['rows']:,} rows, {len(table['columns'])} columns"))
            if self.own:
                yield Static(Text(f"Yours   {', '.join(clean(title, 60) for title in self.own)}"), id="start-own")
            yield Static("")
            yield from self._field("target", "target", table["target"] or "", "a column; empty for segments only")
            yield from self._field("budget", "budget", self.chosen["budget"], "such as 60s, 10m or 1h")
            yield from self._field("trials", "trials", "", "empty: as many as the budget allows")
            yield from self._field("families", "families", self.chosen.get("families", ""), "empty: the usual ones")
            yield from self._field("metric", "metric", self.chosen.get("metric", ""), "empty: the task's usual one")
            yield from self._field("seed", "seed", self.chosen["seed"], "a whole number")
            yield from self._field(
                "cost", "costs", self.chosen.get("cost", ""), "empty, or: false positive=1, false negative=5"
            )
            yield from self._field("warm", "warm start", "", "empty: from nothing")
            yield Static("", id="start-problem")
            yield Static(Text("enter start   tab next field   ctrl+e search spaces   esc back"), classes="hint")

    @on(events.DescendantFocus)
    def _offer(self, event: events.DescendantFocus) -> None:
        """What may be typed where names are asked for, in lines of its own: a field is too short for it."""
        told = {"start-families": self._known_families(), "start-warm": self._known_runs()}
        lines = [one for one in (self._problem, told.get(event.widget.id or "", "")) if one]
        self.query_one("#start-problem", Static).update(Text("\n".join(clean(line, 400) for line in lines)))

    def _known_families(self) -> str:
        usual, others = (", ".join(self.families.get(which, ())) for which in ("default", "named"))
        return f"Empty means {usual or 'the usual ones'}{f'; also {others}' if others else ''}."

    def _known_runs(self) -> str:
        return f"Also: latest, {', '.join(self.earlier)}." if self.earlier else "No finished run of this table is here."

    def _field(self, name: str, label: str, value: str, hint: str) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Static(label)
            yield Input(value=value, placeholder=hint, id=f"start-{name}")

    @on(Input.Submitted)
    @work(group="check", exclusive=True)
    async def action_go(self) -> None:
        """Check what was typed, here and in the worker, and answer."""
        problem = self.query_one("#start-problem", Static)
        try:
            self._problem = ""
            answer = self._answer()
            problem.update("Checking…")
            await self.check(answer)
        except WorkbenchError as error:
            self._problem = f"! {clean(str(error), 400)}"
            problem.update(Text(self._problem))
        else:
            self.dismiss(answer)

    def _answer(self) -> dict[str, Any]:
        typed = {
            name: self.query_one(f"#start-{name}", Input).value.strip()
            for name in ("target", "budget", "trials", "families", "metric", "seed", "cost", "warm")
        }
        names = [*(column["name"] for column in self.table["columns"]), *self.table["targets"]]
        if typed["target"] and typed["target"] not in names:
            raise InputError(f"There is no column '{typed['target']}'.")
        families = [name.strip() for name in typed["families"].split(",") if name.strip()]
        return {
            "target": typed["target"] or None,
            "budget_seconds": parse_duration(typed["budget"]) if typed["budget"] else None,
            "trials": _whole(typed["trials"], "trials"),
            "families": families or None,
            "metric": typed["metric"] or None,
            "seed": _whole(typed["seed"], "seed") or 0,
            "cost": typed["cost"] or None,
            "warm_start": typed["warm"] or None,
        }


def _whole(text: str, name: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise InputError(f"'{text}' is not a whole number of {name}.")
    return int(text)
