"""Screen 2: the search while it runs and after: progress, best score, families, trials."""

from __future__ import annotations

import statistics
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
from workbench.tui.job_model import mattered
from workbench.tui.screens._base import MOVES, FilterBar, WorkView
from workbench.tui.widgets.dialogs import TextDialog
from workbench.tui.widgets.grid import Grid, GridColumn
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.splitter import Splitter
from workbench.tui.widgets.text import bar, clean, duration, number

STATES = ("all", "done", "running", "pruned", "failed")
EMPTY = """No search in this session yet.

  g   start a search on the open table; its target is confirmed first
  1   open a table, or load the bundled data with d
  5   resume a stopped run, or open an earlier one: what it found is
      under 3 and 4, its trials are in the report
"""


class SearchView(WorkView):
    """The search."""

    where: ClassVar[str] = "search"
    parts: ClassVar[tuple[str, ...]] = ("trials", "curve", "families", "trial", "log")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("search"), *MOVES]

    def __init__(self) -> None:
        super().__init__(id="search", classes="-empty")
        self.only = "all"
        self._drawn = (-1, -1, -1)

    def compose(self) -> ComposeResult:
        """Facts, progress, and five parts; or what to do without a search."""
        self.can_focus = True
        yield Static("", id="search-facts", classes="facts")
        yield Static("", id="search-progress")
        yield Static("", id="search-forecast", classes="facts")
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

    def context(self) -> str:
        """Name and state of the run."""
        job = self.bench.job
        return f"{job.head.get('name') or 'search'} {job.state.upper()}" if job.state != "none" else "no search"

    def shown(self) -> None:
        """Draw what there is."""
        self.refresh_job()
        if self.bench.job.state == "none":
            self.focus()
        else:
            self.focus_part()

    def refresh_job(self) -> None:
        """Draw the newest state; parts that have not changed are left alone."""
        job = self.bench.job
        self.set_class(job.state == "none", "-empty")
        self.can_focus = job.state == "none"
        if job.state == "none":
            return
        self.query_one("#search-facts", Static).update(Text(_facts(job.head)))
        width = max(10, min(52, self.size.width - 50))
        self.query_one("#search-progress", Static).update(Text(_progress(job.head, width), no_wrap=True))
        told = self.query_one("#search-forecast", Static)
        told.update(Text(clean(str(job.head.get("forecast") or ""), 200), no_wrap=True, overflow="ellipsis"))
        told.display = bool(job.head.get("forecast"))
        grid = self.query_one("#trials", Grid)
        marker = (
            len(job.trials),
            sum(trial.get("state") == "running" for trial in job.trials.values()),
            hash(self.only),
        )
        if marker != self._drawn or job.active:
            self._drawn = marker
            shown = [trial_row(trial) for trial in job.trials.values() if self._wanted(trial)]
            shown.reverse()
            grid.set_rows(shown)
            self.query_one("#families", Grid).set_rows(job.families())
            title = f"TRIALS  {len(shown)} of {len(job.trials)}"
            self.query_one("#trials-box").border_title = title + (f"  only {self.only}" if self.only != "all" else "")
            metric = str(job.head.get("metric") or "score")
            self.query_one("#curve", Plot).draw(job.curve, "steps", x_label="seconds", y_label=metric)
        self._show_trial()
        log = self.query_one("#log", Reader)
        log.show("\n".join(_log_line(line) for line in job.log[-200:]))
        if not log.has_focus:
            log.scroll_end(animate=False)

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
        trial = self.bench.job.trials[row["number"]]
        self.query_one("#trial-box").border_title = f"SELECTED TRIAL {row['number']}"
        reader.show(trial_text(trial, self.bench.job.head))

    @on(Grid.Chosen, "#trials")
    @work(group="trial")
    async def _open_trial(self) -> None:
        row = self.query_one("#trials", Grid).current
        if row is not None:
            trial = self.bench.job.trials[row["number"]]
            await self.app.push_screen_wait(
                TextDialog(f"Trial {row['number']}", trial_text(trial, self.bench.job.head, whole=True))
            )

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.bench.pause_or_go_on()

    def action_stop(self) -> None:
        """Stop; the study is kept."""
        self.bench.stop_journey()

    def action_resume(self) -> None:
        """Go on with the run that was stopped."""
        self.bench.resume_run(str(self.bench.job.head.get("name") or ""))

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
        name = str(self.bench.job.head.get("name") or "search")
        await exports.ask_and_write(self, f"{name}-trials.csv", list(self.query_one("#trials", Grid).rows))

    def action_copy(self) -> None:
        """Copy the selected trial."""
        if (row := self.query_one("#trials", Grid).current) is not None:
            self.bench.copy(trial_text(self.bench.job.trials[row["number"]], self.bench.job.head, whole=True))


def trial_row(trial: dict[str, Any]) -> dict[str, Any]:
    """A trial as a row: the spread of its folds beside its score."""
    folds = [fold for fold in trial.get("fold_scores") or [] if fold is not None]
    spread = statistics.stdev(folds) if len(folds) > 1 else None
    keys = ("number", "state", "family", "score", "seconds", "origin")
    return {**{key: trial.get(key) for key in keys}, "spread": spread}


def trial_text(trial: dict[str, Any], head: dict[str, Any], *, whole: bool = False) -> str:
    """One trial in words: state, parameters, folds, distance from the baseline."""
    lines = [f"{trial.get('family')}  {trial.get('state')}  from {trial.get('origin') or 'sampler'}"]
    if trial.get("reason"):
        lines.append(f"why it ended: {clean(trial['reason']) if not whole else trial['reason']}")
    params = trial.get("params") or {}
    told = mattered(head).get(str(trial.get("family")))
    lines.append("  ".join(f"{name} {_value(value)}" for name, value in params.items()) or "default parameters")
    folds = [number(fold) for fold in trial.get("fold_scores") or []]
    if folds:
        lines.append(f"fold scores {' '.join(folds)}")
    score, baseline = trial.get("score"), head.get("baseline")
    if score is not None and isinstance(baseline, int | float) and baseline:
        lines.append(f"{head.get('metric') or 'score'} {number(score)}, baseline {number(baseline)}")
    if told:
        lines.append(f"what mattered in {trial.get('family')}: {told}")
    return "\n".join(lines)


def _value(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _facts(head: dict[str, Any]) -> str:
    spec = head.get("spec") or {}
    settings, request = spec.get("settings") or {}, spec.get("request") or {}
    seconds, trials = settings.get("budget_seconds"), settings.get("trials")
    budget = f"{trials} trials" if trials else duration(seconds) if seconds else "no limit"
    metric = head.get("metric") or settings.get("metric") or "the task's usual"
    direction = (
        {True: " (max)", False: " (min)"}.get(bool(head["greater_is_better"]), "")
        if head.get("greater_is_better") is not None
        else ""
    )
    target = request.get("target") or "segments"
    return f"Target {clean(target, 40)}   budget {budget}   metric {metric}{direction}   seed {settings.get('seed', 0)}"


def _progress(head: dict[str, Any], width: int) -> str:
    done, total, remaining = head.get("done"), head.get("total"), head.get("remaining")
    elapsed = head.get("elapsed") or 0.0
    if remaining is not None:
        share = elapsed / max(elapsed + remaining, 1e-9)
    else:
        share = done / total if done is not None and total else 0.0
    if head["state"] in ("done", "stopped", "failed"):
        share = 1.0 if head["state"] == "done" else share
        left = head["state"]
    else:
        left = f"at most ~{duration(remaining)} left" if remaining is not None else head["state"]
    drawn = bar(share, width)
    best = f"   best {number(head['best'])}" if head.get("best") is not None else ""
    where = f"{head.get('stage') or ''}: {clean(head.get('message') or '', 80)}"
    return f"[{drawn}{'-' * (width - len(drawn))}] {duration(elapsed)}, {left}{best}   {where}"


def _log_line(line: dict[str, Any]) -> str:
    sign = {"notice": "!", "best": "*", "stage": ">", "result": "="}.get(str(line.get("kind")), " ")
    return f"{duration(line.get('elapsed'))} {sign} {clean(line.get('message') or '')}"


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
