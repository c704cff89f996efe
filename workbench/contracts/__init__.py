"""Plain dataclasses that pass between the stages: what a stage gives and takes, without how it is made.

A stage imports these and never another stage's inside. All figures in them are out of fold or held out
unless a field's documentation says otherwise.
"""

from workbench.contracts.decision import Calibration, Decision
from workbench.contracts.explanation import Explanation, ExplanationCheck
from workbench.contracts.gap import Gap, GapKind, GapReport
from workbench.contracts.hindsight import Forecast, Influence
from workbench.contracts.history import Origin, PurchaseHistory
from workbench.contracts.journey import JourneyResult
from workbench.contracts.model import Model
from workbench.contracts.search import Candidate, Resampling, Score, SearchResult, Trial, TrialState
from workbench.contracts.segmentation import ProfileRow, Rule, Segment, Segmentation, SegmentationKind
from workbench.contracts.strategy import (
    Assumption,
    EvidenceGrade,
    ExpectedValue,
    HoldoutTest,
    Play,
    Strategy,
)
from workbench.contracts.table import Check, Column, Kind, Lever, Role, Severity, Source, Table, Task

__all__ = [
    "Assumption",
    "Calibration",
    "Candidate",
    "Check",
    "Column",
    "Decision",
    "EvidenceGrade",
    "ExpectedValue",
    "Explanation",
    "ExplanationCheck",
    "Forecast",
    "Gap",
    "GapKind",
    "GapReport",
    "HoldoutTest",
    "Influence",
    "JourneyResult",
    "Kind",
    "Lever",
    "Model",
    "Origin",
    "Play",
    "ProfileRow",
    "PurchaseHistory",
    "Resampling",
    "Role",
    "Rule",
    "Score",
    "SearchResult",
    "Segment",
    "Segmentation",
    "SegmentationKind",
    "Severity",
    "Source",
    "Strategy",
    "Table",
    "Task",
    "Trial",
    "TrialState",
]
