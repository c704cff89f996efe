"""Screen 2: a search while it runs and after, or an earlier one: progress, best score, families, trials."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from workbench.tui import exports
from workbench.tui.actions import bindings
from workbench.tui.guard import guarded
from workbench.tui.job_model import JobModel
from workbench.tui.screens._base import MOVES, FilterBar, WorkView
from workbench.tui.screens.search_text import facts, findings_text, log_line, progress, trial_row, trial_text
from workbench.tui.widgets.dialogs import TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import bar, clean, number

STATES = ("all", "done", "running", "pruned", "cut", "failed")
EMPTY = """No search in this session yet.

  g   start a search on the open table; its target is confirmed first
  1   open a table, or load the bundled data with d
  5   open an earlier run, which is then shown here as it was; or resume it
"""


class SearchView(WorkView):
    """The search."""

    where: ClassVar[str] = "search"
    parts: ClassVar[tuple[str, ...]] = ("trials", "curve", "families", "trial", "log")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("search"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="search", classes="-empty")
        self.only = "all"
        self._drawn: tuple[Any, ...] = ()

    def compose(self) -> ComposeResult:
        """Facts, progress, and five parts; or what to do without a search."""
        self.can_focus = True
        yield Static("", id="search-facts", classes="facts")
        yield Static("", id="search-progress")
        yield Static("", id="search-forecast", classes="facts")
        yield Static("", id="search-missing", classes="facts")
        with Horizontal(classes="row"):
            with Vertical(classes="part", id="curve-box") as box:
                box.border_title = "BEST SO FAR"
                curve = Plot(id="curve", empty="No finished trial yet.")
                curve.can_focus = True
                yield curve
            yield Splitter()
            with Vertical(classes="part", id="trials-box") as box:
                box.border_title = "TRIALS"
                trials = Grid(_trial_columns(), row_key="number", tone=_tone, id="trials")
                trials.g_is_free = False
                trials.follows = True
                yield trials
                yield FilterBar()
        with Horizontal(classes="row", id="search-lower"):
            with Vertical(classes="part", id="families-box") as box:
                box.border_title = "PIPELINES"
                families = Grid(_family_columns(), row_key="family", id="families")
                families.g_is_free = False
                yield families
            with Vertical(classes="part", id="trial-box") as box:
                box.border_title = "SELECTED TRIAL"
                yield Reader(id="trial")
        with Vertical(classes="part", id="log-box") as box:
            box.border_title = "LOG"
            yield Reader(id="log")
        yield Static(Text(EMPTY), id="search-empty", classes="empty")

    @property
    def job(self) -> JobModel:
        """The search that is looked at."""
        return self.bench.searched

    def facts(self) -> dict[str, str | tuple[str, ...]]:
        """The run that is looked at."""
        return {"run": str(self.job.head["name"])} if self.job.head.get("name") else {}

    def context(self) -> str:
        """Name and state of the run."""
        return f"{self.job.head.get('name') or 'search'} {self.job.state.upper()}" if self.job.known else "no search"

    def shown(self) -> None:
        """Draw what there is."""
        self.refresh_job()
        if self.job.known:
            self.focus_part()
        else:
            self.focus()

    def refresh_job(self) -> None:
        """Draw the newest state; parts that have not changed are left alone."""
        job = self.job
        self.set_class(not job.known, "-empty")
        self.can_focus = not job.known
        if not job.known:
            self.query_one("#search-empty", Static).update(Text(clean(job.head.get("message") or "", 300) or EMPTY))
            return
        self.query_one("#search-facts", Static).update(Text(facts(job.head)))
        width = max(10, min(52, self.size.width - 50))
        self.query_one("#search-progress", Static).update(Text(progress(job.head, width), no_wrap=True))
        self._tell("#search-forecast", job.head.get("forecast"))
        missing = job.head.get("missing")
        self._tell("#search-missing", f"! {missing}" if missing else "")
        marker = (
            job,  # itself and not its id: that of one which is gone may be another's
            job.state,  # with its end comes the leaderboard
            len(job.trials),
            sum(trial.get("state") == "running" for trial in job.trials.values()),
            self.only,
        )
        if marker != self._drawn or job.active:
            if marker[:1] != self._drawn[:1]:
                self.query_one("#families", Grid).cursor = 0
            self._drawn = marker
            self._draw_trials(job)
        self._show_trial()
        log = self.query_one("#log", Reader)
        log.show("\n".join(log_line(line) for line in job.log[-200:]))
        if not log.has_focus:
            log.scroll_end(animate=False)

    def _tell(self, line: str, text: str | None) -> None:
        """A line that is there only when there is something to say."""
        told = self.query_one(line, Static)
        told.update(Text(clean(text or "", 300), no_wrap=line != "#search-missing", overflow="ellipsis"))
        told.display = bool(text)

    def _draw_trials(self, job: JobModel) -> None:
        shown = [trial_row(trial) for trial in job.trials.values() if self._wanted(trial)]
        shown.reverse()
        self.query_one("#trials", Grid).set_rows(shown)
        title = f"TRIALS  {len(shown)} of {len(job.trials)}"
        self.query_one("#trials-box").border_title = title + (f"  only {self.only}" if self.only != "all" else "")
        families, board = self.query_one("#families", Grid), job.leaderboard()
        families.set_columns(_board_columns() if board else _family_columns())
        families.set_rows(board or job.families())
        self.query_one("#families-box").border_title = "LEADERBOARD" if board else "PIPELINES"
        metric = str(job.head.get("metric") or "score")
        self.query_one("#curve", Plot).draw(job.curve, "steps", x_label="seconds", y_label=metric)

    def on_resize(self) -> None:
        """The progress bar fits its room."""
        self.refresh_job()

    def _wanted(self, trial: dict[str, Any]) -> bool:
        return self.only == "all" or trial.get("state") == self.only

    @on(Grid.Highlighted, "#trials")
    def _show_trial(self) -> None:
        row = self.query_one("#trials", Grid).current
        reader = self.query_one("#trial", Reader)
        if row is None:
            reader.show("")
            return
        trial = self.job.trials[row["number"]]
        self.query_one("#trial-box").border_title = f"SELECTED TRIAL {row['number']}"
        reader.show(trial_text(trial, self.job))

    @on(Grid.Chosen, "#trials")
    @work(group="trial")
    async def _open_trial(self) -> None:
        row = self.query_one("#trials", Grid).current
        if row is not None:
            text = trial_text(self.job.trials[row["number"]], self.job, whole=True)
            await self.app.push_screen_wait(TextDialog(f"Trial {row['number']}", text))

    @on(Grid.Chosen, "#families")
    def action_findings(self) -> None:
        """All that the search found, in words."""
        if not self.job.known:
            self.notify("No search is shown: g starts one, 5 opens an earlier run.", markup=False)
            return
        name = str(self.job.head.get("name") or "search")
        self.app.push_screen(TextDialog(f"What {name} found", findings_text(self.job)))

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.bench.pause_or_go_on()

    def action_stop(self) -> None:
        """Stop; the study is kept."""
        self.bench.stop_journey()

    def action_resume(self) -> None:
        """Go on with the run that was stopped."""
        self.bench.resume_run(str(self.job.head.get("name") or ""))

    def action_filter_states(self) -> None:
        """Show the next state only."""
        self.only = STATES[(STATES.index(self.only) + 1) % len(STATES)]
        self.refresh_job()

    def action_sort(self) -> None:
        """Sort the trials by the next column."""
        self.notify(f"Trials {self.query_one('#trials', Grid).sort_next()}", markup=False)

    def action_filter(self) -> None:
        """Filter the trials."""
        self.filter_bar(self.query_one("#trials", Grid))

    def action_view_table(self) -> None:
        """The curve as figures."""
        self.query_one("#curve", Plot).toggle_table()

    def action_edit_space(self) -> None:
        """Edit a family's search space."""
        self.bench.action_edit_space()

    def action_explain(self) -> None:
        """Go to the explanation."""
        self.bench.run_anywhere("app", "screen_explain")

    @work(group="write")
    @guarded
    async def action_write_csv(self) -> None:
        """Write the shown trials."""
        name = str(self.job.head.get("name") or "search")
        await exports.ask_and_write(self, f"{name}-trials.csv", list(self.query_one("#trials", Grid).rows))

    def action_copy(self) -> None:
        """Copy the selected trial."""
        if (row := self.query_one("#trials", Grid).current) is not None:
            self.bench.copy(trial_text(self.job.trials[row["number"]], self.job, whole=True))


def _tone(row: Any) -> str:
    return {"failed": "bad", "pruned": "muted", "cut": "muted", "running": "marked"}.get(str(row["state"]), "")


def _trial_columns() -> list[GridColumn]:
    return [
        GridColumn("number", "no", 4, right=True),
        GridColumn("state", "state", 7, lambda value: "FAILED" if value == "failed" else str(value)),
        GridColumn("family", "model", 9, flex=True),
        GridColumn("score", "score", 9, number, right=True),
        GridColumn("spread", "fold sd", 8, number, right=True),
        GridColumn("seconds", "seconds", 7, lambda value: "-" if value is None else f"{value:.1f}", right=True),
        GridColumn("origin", "from", 9),
    ]


def _family_columns() -> list[GridColumn]:
    return [
        GridColumn("family", "model", 13, flex=True),
        GridColumn("best", "best", 9, number, right=True),
        GridColumn("trials", "trials", 6, right=True),
        GridColumn("share", "share", 8, lambda value: bar(value or 0.0, 8)),
    ]


def _board_columns() -> list[GridColumn]:
    return [
        GridColumn("family", "model", 13, flex=True),
        GridColumn("best", "score", 9, number, right=True),
        GridColumn("interval", "95 % interval", 17),
        GridColumn("trials", "trials", 6, lambda value: number(value) if value else "-", right=True),
    ]
