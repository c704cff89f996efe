"""What a search gives: trials, a leaderboard with intervals beside a baseline, and the champion."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.contracts.hindsight import Forecast, Influence
from workbench.contracts.model import Model
from workbench.contracts.table import Task

if TYPE_CHECKING:
    from workbench.contracts.decision import Calibration, Decision


class TrialState(StrEnum):
    """How a trial stands. ``CUT`` ended at the deadline, ``PRUNED`` because it could not win any more."""

    RUNNING = "running"
    DONE = "done"
    PRUNED = "pruned"
    CUT = "cut"
    FAILED = "failed"


@dataclass(frozen=True)
class Score:
    """A figure with its 95 % interval, in the metric's own direction and unit."""

    metric: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Trial:
    """One attempt of one family.

    Attributes:
        score: mean over the folds in the metric's own unit; ``None`` unless ``state`` is ``DONE``.
        origin: ``baseline``, ``portfolio``, ``sampler``, ``warm start`` or ``resumed``.
        reason: why it was pruned, cut or failed; empty otherwise.
    """

    number: int
    family: str
    state: TrialState
    params: dict[str, object]
    score: float | None
    fold_scores: tuple[float, ...]
    seconds: float
    origin: str
    reason: str = ""


@dataclass(frozen=True)
class Candidate:
    """A row of the leaderboard: the best of a family, or the baseline.

    Attributes:
        score: out of fold over all rows, with a bootstrap interval.
        fold_scores: one per fold.
        explainable: whether exact explanations exist for it.
    """

    name: str
    family: str
    trial: int | None
    score: Score
    fold_scores: tuple[float, ...]
    seconds: float
    params: dict[str, object]
    explainable: bool = True


@dataclass(frozen=True)
class Resampling:
    """How rows were divided, and why.

    Attributes:
        kind: ``k-fold``, ``stratified``, ``group``, ``time`` or ``hold-out``.
        reason: one sentence for the user.
    """

    kind: str
    folds: int
    repeats: int
    reason: str
    seed: int


@dataclass(frozen=True)
class SearchResult:
    """The outcome of a search.

    Attributes:
        metric: name as scikit-learn's scorers call it without "neg_": ``roc_auc``, ``log_loss``, ``rmse`` …
        baseline: the constant prediction (class shares or the mean).
        leaderboard: best of each family, best first, the baseline included.
        champion: the model that is kept: a blend of trials, or a single one fitted on all rows.
        champion_score: out of fold, corrected for having been chosen among many (bootstrap bias-corrected
            cross-validation, Tsamardinos, Greasidou & Borboudakis 2018).
        against_baseline: champion minus baseline in "better" direction, with interval.
        single: the explainable champion: the best single model, where the champion is a blend; else ``None``.
        single_score: its score, out of fold and corrected like the champion's.
        price: the price of explainability: champion minus ``single`` in "better" direction, with interval.
        out_of_fold: champion's out-of-fold predictions, shape (rows,) for regression, (rows, classes) for classes;
            NaN for rows that were never held out.
        curve: (seconds since the search began, best score so far).
        journal: where the Optuna journal is; the search can be resumed from it.
        stopped: whether the user ended it early.
        log: the decisions among the trials begun and ended, an entry each, those of the processes before it was
            resumed included; without times in reproducible mode, so that two such searches write the same.
        decisions: those of the last process, whose result this is.
        forecast: what more time would be worth; ``None`` where nothing was searched.
        calibration: how far the champion's class shares can be taken at their word; ``None`` for regression.
        decision: the threshold that a table of costs asks for; ``None`` where none was given.
        influence: which parameters decided over good and bad trials, per family; empty where there was no time.
    """

    task: Task
    metric: str
    greater_is_better: bool
    baseline: Candidate
    leaderboard: tuple[Candidate, ...]
    trials: tuple[Trial, ...]
    champion: Model
    champion_score: Score
    against_baseline: Score
    out_of_fold: np.ndarray
    resampling: Resampling
    curve: tuple[tuple[float, float], ...]
    seconds: float
    seed: int
    single: Model | None = None
    single_score: Score | None = None
    price: Score | None = None
    journal: Path | None = None
    decisions: tuple[str, ...] = field(default_factory=tuple)
    stopped: bool = False
    log: tuple[dict[str, object], ...] = ()
    forecast: Forecast | None = None
    influence: tuple[Influence, ...] = ()
    calibration: Calibration | None = None
    decision: Decision | None = None

    @property
    def explained(self) -> Model:
        """The model that explanations are of: the explainable champion where the champion is a blend."""
        return self.single or self.champion
