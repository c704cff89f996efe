"""What the analyst may choose about a journey."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from workbench.contracts import SegmentationKind


@dataclass(frozen=True)
class JourneySettings:
    """Choices for one journey; every one is recorded with the run.

    Attributes:
        name: of the run; ``None`` takes the table's name and the next number.
        metric: by which models are ranked; ``None`` takes the task's default.
        families: pipeline families to search; ``None`` takes those that are searched without being named.
        trials: reproducible mode: this many trials on one worker, the clock is not asked.
        budget_seconds: of the whole process; ``None`` without a limit (then ``trials`` must be given).
        full: explain, segment, find gaps, recommend and write the report; otherwise search and predict only.
        segments: number of descriptive segments; ``None`` lets the search choose.
        kinds: which segmentations to make.
        strategy_for: which of them the strategies are made for, where it exists.
        playbook: name of a shipped playbook or path of a playbook file.
        spaces: folder of the user's own search spaces.
        own_families: run the code of families that lies beside them.
        warm_start: name of an earlier run of the same table, whose best trials are tried first.
        cluster: address of a dask scheduler whose workers fit the models; ``None`` for processes of this machine.
        cost: what mistakes cost, such as ``false positive=1, false negative=5``.
        command: the command line that repeats the run.
    """

    name: str | None = None
    metric: str | None = None
    families: tuple[str, ...] | None = None
    trials: int | None = None
    budget_seconds: float | None = 120.0
    seed: int = 0
    full: bool = True
    segments: int | None = None
    kinds: tuple[SegmentationKind, ...] = (SegmentationKind.DESCRIPTIVE, SegmentationKind.GOAL_GUIDED)
    strategy_for: SegmentationKind = SegmentationKind.GOAL_GUIDED
    playbook: str = "ecommerce"
    spaces: str | None = None
    own_families: bool = False
    warm_start: str | None = None
    cluster: str | None = None
    cost: str | None = None
    command: str = ""

    def as_json(self) -> dict[str, Any]:
        """JSON-ready; ``from_json`` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JourneySettings:
        """The settings that ``as_json`` wrote; unknown keys of later versions are left aside."""
        known = {field.name for field in dataclasses.fields(cls)}
        kept = {key: value for key, value in data.items() if key in known}
        if kept.get("families") is not None:
            kept["families"] = tuple(kept["families"])
        if "kinds" in kept:
            kept["kinds"] = tuple(SegmentationKind(kind) for kind in kept["kinds"])
        if "strategy_for" in kept:
            kept["strategy_for"] = SegmentationKind(kept["strategy_for"])
        return cls(**kept)
