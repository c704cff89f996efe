"""The stages as the chain calls them: each timed, announced, and given its part of the budget."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pandas as pd

from workbench.budget import Budget
from workbench.contracts import (
    Explanation,
    GapReport,
    JourneyResult,
    SearchResult,
    Segmentation,
    SegmentationKind,
    Strategy,
    Table,
    Task,
)
from workbench.crash import keep_details
from workbench.errors import WorkbenchError
from workbench.events import Events, Stage
from workbench.journey.left_out import failed, left_out
from workbench.journey.settings import JourneySettings
from workbench.journey.shares import for_segments, measurable

Made = TypeVar("Made")

CLOSING_SECONDS = 8.0
"""Kept for the report and the record, which come last and must not be missing."""
LEAST_FOR_EXPLAINING = 0.3
"""Small models are explained in a moment, and the explanation is what a run can least do without."""
_INFLUENCE_SECONDS = 1.0
_INFLUENCE_SHARE = 0.08
"""Most of what is left after the search for looking into its parameters."""
LEAST_SECONDS = 1.0
"""A stage that would get less than this is left out, and that is said."""


class Stages:
    """One journey's stages over one table.

    Args:
        table: the customer table.
        settings: the analyst's choices.
        budget: of the whole process.
        events: progress, notices and the wish to stop.
    """

    def __init__(self, table: Table, settings: JourneySettings, budget: Budget, events: Events) -> None:
        self.table = table
        self.settings = settings
        self.budget = budget
        self.events = events
        self.timings: dict[str, float] = {}
        self.defects: list[str] = []
        self.unrecorded: list[str] = []

    @contextlib.contextmanager
    def _timed(self, stage: Stage, message: str) -> Iterator[None]:
        self.events.check_stop()
        self.events.emit("stage", stage, message)
        before = self.budget.elapsed
        try:
            yield
        finally:
            self.timings[stage] = self.timings.get(stage, 0.0) + self.budget.elapsed - before

    def attempt(self, stage: Stage, make: Callable[[], Made], otherwise: Made) -> Made:
        """What ``make`` gives, or ``otherwise`` where a fault of ours prevents that: one stage never costs the rest.

        What the user asked for (``Stopped``) or gave (``WorkbenchError``) is no fault of ours and goes on up.
        """
        try:
            return make()
        except WorkbenchError:
            raise
        except Exception as error:  # noqa: BLE001 - kept, told, and counted as a defect at the end of the run
            kept = keep_details(error)
            told = f"{failed(stage)} by a defect of workbench ({type(error).__name__}: {error})"
            self.defects.append(told)
            self.events.notice(stage, f"{told}; details are in {kept}." if kept else f"{told}.")
            return otherwise

    def _part(self, fraction: float, stage: Stage, least: float = LEAST_SECONDS) -> Budget | None:
        """This stage's part of what is left before the closing stages; ``None`` when that is too little.

        Where the part would be less than the stage needs at the least but all that is left is not, it gets the least.
        """
        closing = min(CLOSING_SECONDS, 0.2 * self.budget.seconds) if self.budget.limited else 0.0
        left = self.budget.reserving(closing)
        if left.remaining < least:
            self.events.notice(stage, f"{left_out(stage)} only {self.budget.remaining:.0f} s of the budget were left.")
            return None
        return left.share(max(fraction, least / max(left.remaining, least, 1e-9)))

    def search(self, budget: Budget, folder: Path, resume: bool, warm: Path | None = None) -> SearchResult:
        """The model search; see ``workbench.search.search``."""
        from workbench.search import search

        settings = self.settings
        with self._timed("search", f"Searching models for {self.table.target}"):
            found = search(
                self.table,
                budget=budget,
                events=self.events,
                folder=folder,
                metric=settings.metric,
                families=settings.families,
                trials=settings.trials,
                seed=settings.seed,
                resume=resume,
                spaces=Path(settings.spaces) if settings.spaces else None,
                own_families=settings.own_families,
                warm=warm,
                cluster=settings.cluster,
                costs=settings.cost,
            )
            return self.attempt("search", lambda: self._looked_into(found), found)

    def _looked_into(self, search: SearchResult) -> SearchResult:
        """The search with the influence of its parameters, where that costs the later stages nothing to speak of."""
        spare = _INFLUENCE_SHARE * self.budget.remaining if self.budget.limited else _INFLUENCE_SECONDS
        if search.journal is None or self.events.stop_requested:
            return search
        from workbench.search.insight.influence import influence_in
        from workbench.search.insight.influence_text import influence_sentence

        part = Budget.of(min(_INFLUENCE_SECONDS, spare))
        found = influence_in(search.journal, part, self.settings.seed)
        for one in found:
            self.events.emit("result", "search", influence_sentence(one))
        return replace(search, influence=found)

    def explain(self, search: SearchResult | None) -> Explanation | None:
        """SHAP values of the champion in source columns."""
        if search is None or (part := self._part(0.2, "explain", LEAST_FOR_EXPLAINING)) is None:
            return None
        from workbench.explain import explain

        with self._timed("explain", f"Explaining the {search.explained.family} champion"):
            return explain(search.explained, self.table, budget=part, events=self.events, seed=self.settings.seed)

    def segment(self) -> tuple[Segmentation, ...]:
        """Descriptive and goal-guided segments."""
        if (part := self._part(0.9 * for_segments(self.table), "segments")) is None:
            return ()
        from workbench.segments import find_segments

        kinds = self.settings.kinds
        if self.table.task is Task.SEGMENTS and self.table.outcome is None:
            kinds = tuple(kind for kind in kinds if kind is SegmentationKind.DESCRIPTIVE)
        with self._timed("segments", "Finding segments"):
            return find_segments(
                self.table,
                budget=part,
                events=self.events,
                seed=self.settings.seed,
                kinds=kinds,
                segments=self.settings.segments,
                spaces=Path(self.settings.spaces) if self.settings.spaces else None,
            )

    def strategy_segmentation(self, segmentations: tuple[Segmentation, ...]) -> int | None:
        """Which segmentation strategies are made for: the wanted kind if it was found, else any that was."""
        found = [index for index, segmentation in enumerate(segmentations) if segmentation.found]
        wanted = [index for index in found if segmentations[index].kind is self.settings.strategy_for]
        return next(iter(wanted or found), None)

    def find_gaps(self, labels: pd.Series | None) -> GapReport | None:
        """The information gaps, per customer and, where there are segments, per segment."""
        # where none can be measured, saying what is missing takes no time
        least = LEAST_SECONDS if measurable(self.table) else 0.0
        if (part := self._part(0.9, "gap", least)) is None:
            return None
        from workbench.gap import by_segment, find_gaps

        with self._timed("gap", "Measuring the information gap"):
            report = find_gaps(self.table, budget=part, events=self.events, seed=self.settings.seed)
            return report if labels is None else by_segment(report, labels, seed=self.settings.seed)

    def recommend(
        self, segmentation: Segmentation, gaps: GapReport | None, explanation: Explanation | None
    ) -> tuple[Strategy, ...]:
        """A strategy for each segment, from the playbook."""
        from workbench.strategy import read_playbook, recommend

        with self._timed("strategy", "Recommending strategies"):
            playbook = read_playbook(self.settings.playbook)
            return recommend(
                self.table,
                segmentation,
                gaps,
                explanation,
                playbook=playbook,
                events=self.events,
                seed=self.settings.seed,
            )

    def seal(self, result: JourneyResult) -> JourneyResult:
        """The result with the notices, timings and duration up to now."""
        return replace(
            result,
            notices=tuple(event.message for event in self.events.notices),
            defects=tuple(self.defects),
            stopped=self.events.stop_requested,
            unrecorded=tuple(self.unrecorded),
            timings=dict(self.timings),
            seconds=self.budget.elapsed,
        )

    def figures_and_report(self, result: JourneyResult, home: Path) -> dict[str, Path]:
        """Write report and figures under ``home/reports``; paths by the name that they have in the run."""
        from workbench.report import write, write_figures

        with self._timed("report", "Writing the report"):
            folder = home / "reports"
            sealed = self.seal(result)
            page, text = folder / f"{result.name}.html", folder / f"{result.name}.md"
            write(sealed, page)
            write(sealed, text)
            figures = write_figures(sealed, folder / f"{result.name}-figures")
            return {"report.html": page, "report.md": text, **figures}
