"""Everything that one journey found: what the report renders and what the screens show."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.contracts.explanation import Explanation
from workbench.contracts.gap import GapReport
from workbench.contracts.search import SearchResult
from workbench.contracts.segmentation import Segmentation
from workbench.contracts.strategy import Strategy
from workbench.contracts.table import Table


@dataclass(frozen=True)
class JourneyResult:
    """One run, from table to strategies.

    Attributes:
        name: readable, such as ``demo-0003``.
        run_id: of the MLflow run; empty when nothing was logged.
        table: description and rows.
        segmentations: descriptive first, goal-guided second, where both exist.
        strategies: for the segments of ``strategy_segmentation``.
        notices: what was skipped, capped, sampled or repaired, in order.
        environment: package versions and the like, by name.
        timings: seconds by stage.
        command: the command line that repeats this run.
        report: where the HTML report was written; empty when none was.
        defects: stages that failed by a fault of workbench itself; everything else of the run is kept.
        stopped: whether the user ended the run early, in the search or after it.
        unrecorded: what could not be written (report, record), a sentence each; what was found is whole all the same.
    """

    name: str
    created: str
    table: Table
    search: SearchResult | None
    explanation: Explanation | None
    segmentations: tuple[Segmentation, ...]
    strategy_segmentation: int | None
    gaps: GapReport | None
    strategies: tuple[Strategy, ...]
    notices: tuple[str, ...]
    seed: int
    budget_seconds: float | None
    seconds: float
    timings: dict[str, float]
    environment: dict[str, str]
    command: str
    run_id: str = ""
    report: str = ""
    defects: tuple[str, ...] = ()
    stopped: bool = False
    unrecorded: tuple[str, ...] = ()
    settings: dict[str, object] = field(default_factory=dict)
