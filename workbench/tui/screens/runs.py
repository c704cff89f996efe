"""Screen 5: the store's runs: filter, mark, compare, open, resume, tag, delete."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from workbench.tui import exports
from workbench.tui.actions import bindings
from workbench.tui.guard import guarded
from workbench.tui.screens._base import MOVES, FilterBar, WorkView
from workbench.tui.widgets.dialogs import ConfirmDialog, LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.reader import Reader, labelled
from workbench.tui.widgets.text import clean, duration, fit, number
from workbench.worker.views import RunsView as RunsPage

EMPTY = """No runs in this store yet.

  g   start a search: it is recorded here as it goes
  d   load the bundled data first, if you have no table at hand
"""
FIRST_COLUMNS = ("mark", "name", "family", "score", "interval", "baseline", "trials", "seconds", "created", "state")


class RunsView(WorkView):
    """The runs."""

    where: ClassVar[str] = "runs"
    parts: ClassVar[tuple[str, ...]] = ("runs-grid", "compare")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("runs"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="runs", classes="-empty")
        self.page: RunsPage | None = None
        self.chosen_columns: tuple[str, ...] = FIRST_COLUMNS

    def compose(self) -> ComposeResult:
        """Facts, runs, details or comparison."""
        self.can_focus = True
        yield Static("", id="runs-facts", classes="facts")
        with Vertical(classes="part", id="runs-box") as box:
            box.border_title = "RUNS"
            yield Grid(self._columns(), row_key="run_id", tone=_tone, id="runs-grid")
            yield FilterBar()
        with Vertical(classes="part", id="compare-box") as box:
            box.border_title = "SELECTED RUN"
            yield Reader(id="compare")
        yield Static(Text(EMPTY), id="runs-empty", classes="empty")

    def on_mount(self) -> None:
        """The columns that were chosen last time."""
        super().on_mount()
        kept = self.bench.kept.get("columns")
        if isinstance(kept, list) and kept:
            self._choose(set(kept))

    def context(self) -> str:
        """The store and how many runs it holds."""
        return f"{self.page['store']} {self.page['total']} runs" if self.page is not None else ""

    def shown(self) -> None:
        """Read the store anew: other programs may have written to it."""
        self.query_one("#runs-facts", Static).update("Reading the store…")
        self.load()
        if self.page is None:
            self.focus()
        else:
            self.focus_part()

    @work(exclusive=True, group="runs")
    @guarded
    async def load(self) -> None:
        """Ask for the runs."""
        self.show_page(await self.ask("runs.page"))

    def show_page(self, page: RunsPage) -> None:
        """Draw the runs: summary values only."""
        first = self.page is None
        self.page = page
        self.set_class(not page["rows"], "-empty")
        self.can_focus = not page["rows"]
        grid = self.query_one("#runs-grid", Grid)
        grid.set_rows([{**row, "interval": _interval(row)} for row in page["rows"]])
        self._facts()
        self.bench.refresh_lines()
        if first and page["rows"] and self.bench.current_screen == self.where:
            self.focus_part()

    def _facts(self) -> None:
        grid, page = self.query_one("#runs-grid", Grid), self.page
        if page is None:
            return
        shown = f"showing {len(grid.rows)} of {page['total']}"
        marked = f"   {len(grid.marks)} marked" if grid.marks else ""
        self.query_one("#runs-facts", Static).update(
            Text(f"Filter  / {clean(grid.filter, 60) or '(none)'}   {shown}   columns: "
                 f"{len(self.chosen_columns) - 1} of {len(COLUMNS) - 1} (C choose){marked}")
        )  # fmt: skip

    def _columns(self) -> list[GridColumn]:
        chosen = [column for column in COLUMNS if column.key in self.chosen_columns]
        return [
            GridColumn("run_id", "", 3, lambda run: "[x]" if run in self._marks() else "[ ]") if c.key == "mark" else c
            for c in chosen
        ]

    def _marks(self) -> set[Any]:
        found = self.query("#runs-grid")
        return found.first(Grid).marks if found else set()

    def facts(self) -> dict[str, str | tuple[str, ...]]:
        """The selected run, and those that are marked."""
        if (row := self._chosen()) is None:
            return {}
        grid = self.query_one("#runs-grid", Grid)
        marked = tuple(str(one["name"]) for one in grid.all_rows if one["run_id"] in grid.marks)
        return {"run": str(row["name"]), "marked": marked}

    def _chosen(self) -> Any:
        return self.query_one("#runs-grid", Grid).current

    @on(Grid.Highlighted, "#runs-grid")
    def _moved(self) -> None:
        self._facts()
        row = self._chosen()
        if row is not None:
            self._load_details(str(row["run_id"]))

    @work(exclusive=True, group="details")
    @guarded
    async def _load_details(self, run_id: str) -> None:
        details = await self.ask("runs.details", run_id=run_id)
        self.query_one("#compare-box").border_title = Text(f"SELECTED RUN  {clean(details['name'], 50)}")
        self.query_one("#compare", Reader).show(lambda width: details_text(details, width))

    def action_mark(self) -> None:
        """Mark for comparing."""
        grid = self.query_one("#runs-grid", Grid)
        grid.toggle_mark()
        grid.action_move(1)
        self._facts()

    @work(exclusive=True, group="details")
    @guarded
    async def action_compare(self) -> None:
        """What differs between the marked runs, or the current one and the marked one."""
        grid = self.query_one("#runs-grid", Grid)
        wanted = [row["run_id"] for row in grid.all_rows if row["run_id"] in grid.marks]
        if len(wanted) < 2:
            self.notify("Mark two or more runs with space, then press c.", markup=False)
            return
        found = await self.ask("runs.compare", run_ids=wanted)
        self.query_one("#compare-box").border_title = f"COMPARE  {len(wanted)} marked"
        self.query_one("#compare", Reader).show(lambda width: compare_text(found, width))
        self.focus_part("compare")

    @on(Grid.Chosen, "#runs-grid")
    def action_open_run(self) -> None:
        """Load the run and look at it on screens 3 and 4."""
        if (row := self._chosen()) is not None:
            self.bench.open_run(str(row["run_id"]))

    def action_resume(self) -> None:
        """Go on with the run."""
        if (row := self._chosen()) is not None:
            self.bench.resume_run(str(row["name"]))

    @work(group="ask")
    @guarded
    async def action_tag(self) -> None:
        """Put a tag on the run."""
        row = self._chosen()
        if row is None:
            return
        text = await self.app.push_screen_wait(LineDialog("Tag", hint="champion, or: note = for the March campaign"))
        if text:
            name, _, value = text.partition("=")
            await self.ask("runs.tag", run_id=row["run_id"], name=name.strip(), value=value.strip() or "yes")
            self.load()

    @work(group="ask")
    @guarded
    async def action_delete(self) -> None:
        """Delete the run, after asking."""
        row = self._chosen()
        if row is None:
            return
        sure = await self.app.push_screen_wait(
            ConfirmDialog(f"Delete the run {row['name']} with its record, model and report?", yes="Delete")
        )
        if sure:
            await self.ask("runs.delete", run_id=row["run_id"])
            self.bench.drop_run(str(row["run_id"]))
            self.query_one("#runs-grid", Grid).marks.discard(row["run_id"])
            self.load()

    def action_reload(self) -> None:
        """Read the store again."""
        self.load()

    def action_sort(self) -> None:
        """Sort the runs."""
        self.notify(f"Runs {self.query_one('#runs-grid', Grid).sort_next()}", markup=False)

    def action_filter(self) -> None:
        """Filter the runs."""
        self.filter_bar(self.query_one("#runs-grid", Grid))

    @work(group="ask")
    async def action_choose_columns(self) -> None:
        """Choose the columns by their names."""
        names = [column.key for column in COLUMNS if column.key != "mark"]
        text = await self.app.push_screen_wait(
            LineDialog("Columns", value=", ".join(c for c in self.chosen_columns if c != "mark"), text=", ".join(names))
        )
        if text is not None:
            self._choose({name.strip() for name in text.split(",")})
            self.bench.kept["columns"] = list(self.chosen_columns)
            self.bench.keep()

    def _choose(self, wanted: set[Any]) -> None:
        """Show these columns; none that is known means the usual ones."""
        known = tuple(column.key for column in COLUMNS if column.key != "mark" and column.key in wanted)
        self.chosen_columns = ("mark", *known) if known else FIRST_COLUMNS
        self.query_one("#runs-grid", Grid).set_columns(self._columns())
        self._facts()

    @work(group="ask")
    @guarded
    async def action_write_csv(self) -> None:
        """Write the shown runs."""
        await exports.ask_and_write(self, "runs.csv", list(self.query_one("#runs-grid", Grid).rows))

    @work(group="ask")
    @guarded
    async def action_details(self) -> None:
        """The run in full."""
        if (row := self._chosen()) is not None:
            details = await self.ask("runs.details", run_id=row["run_id"])
            await self.app.push_screen_wait(TextDialog(str(row["name"]), details_text(details, 72)))

    def action_copy(self) -> None:
        """Copy the run's name."""
        if (row := self._chosen()) is not None:
            self.bench.copy(str(row["name"]))


COLUMNS = (
    GridColumn("mark", "", 3),
    GridColumn("name", "name", 16, flex=True),
    GridColumn("family", "model", 13),
    GridColumn("score", "score", 10, number, right=True),
    GridColumn("interval", "95 % interval", 17),
    GridColumn("state", "state", 11),
    GridColumn("baseline", "baseline", 9, number, right=True),
    GridColumn("metric", "metric", 9),
    GridColumn("trials", "trials", 6, number, right=True),
    GridColumn("seconds", "took", 7, duration, right=True),
    GridColumn("created", "when", 16),
    GridColumn("table", "table", 12, flex=True),
    GridColumn("target", "target", 12),
    GridColumn("tags", "tags", 12, flex=True),
)


def _interval(row: Any) -> str:
    low, high = row.get("low"), row.get("high")
    return f"{number(low)} to {number(high)}" if low is not None and high is not None else "-"


def _tone(row: Any) -> str:
    return {"failed": "bad", "stopped": "muted", "running": "good"}.get(str(row["state"]).lower(), "")


def details_text(details: dict[str, Any], width: int) -> str:
    """Parameters, metrics, artifacts of one run."""
    lines: list[str] = labelled("STATE", f"{details['state']} {details['reason']}", width)
    for title, words in metric_lines(details["metrics"]):
        lines += labelled(title, words, width)
    for title in ("params", "tags"):
        facts = details[title].items()
        words = "   ".join(f"{name} {number(v) if isinstance(v, float) else clean(v, 60)}" for name, v in facts)
        if words:
            lines += labelled(title.upper(), words, width)
    lines += labelled("ARTIFACTS", "   ".join(details["artifacts"]) or "-", width)
    lines += ["", "enter opens it on screens 3 and 4   u resumes it   space marks it for c compare"]
    return "\n".join(lines)


def metric_lines(metrics: dict[str, float]) -> list[tuple[str, str]]:
    """Title and figures by what the names begin with; a figure whose interval is known stands before it in brackets."""
    groups: dict[str, list[str]] = {"METRICS": []}
    for name, value in metrics.items():
        stem, _, end = name.rpartition(".")
        if end in ("low", "high") and stem in metrics:
            continue
        low, high = metrics.get(f"{name}.low"), metrics.get(f"{name}.high")
        interval = f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
        first, _, rest = name.partition(".")
        title, shown = (first.upper(), rest) if rest else ("METRICS", name)
        groups.setdefault(title, []).append(f"{clean(shown, 60)} {number(value)}{interval}")
    return [(title, "   ".join(figures)) for title, figures in groups.items() if figures]


def compare_text(found: dict[str, Any], width: int) -> str:
    """A line for each parameter and metric, a column for each run; what differs comes first."""
    names = found["names"]
    first = min(26, max(14, width // 3))
    each = max(10, (width - first - 9) // max(1, len(names)) - 1)
    lines = [" ".join([fit("", first), *(fit(name, each) for name in names), "differs"])]
    for row in sorted(found["rows"], key=lambda row: not row["differs"]):
        cells = [fit(number(v) if isinstance(v, float) else v if v is not None else "-", each) for v in row["values"]]
        lines.append(" ".join([fit(row["name"], first), *cells, "yes" if row["differs"] else "same"]))
    return "\n".join(lines)
