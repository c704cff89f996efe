"""Trials while a search runs, and as they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.contracts import Trial, TrialState

ENSEMBLE = "ensemble"
"""The family that a blend of trials is called by."""
TIME_UP = "the time was up before it had all its folds"
BLOCKS_KEY = "blocks"
"""Parameter that names a trial's feature blocks; it is never searched, see ``features``."""


@dataclass(eq=False)
class Record:
    """One attempt, from its beginning to its end.

    Attributes:
        params: everything that the family is told, searched and fixed.
        origin: ``baseline``, ``portfolio``, ``sampler``, ``features``, ``warm start`` or ``resumed``.
        start: name of the portfolio entry, empty otherwise.
        losses: of the objective, per finished fold; less is better.
        scores: of the reported metric, per finished fold.
        steps: losses on parts of the held-out rows, per number of rows that a step before the first fold learnt from.
        rounds: boosting rounds or trees, per finished fold that has them.
        spread: residuals on the target's scale, of the finished folds of a trial that was fitted on one.
        seconds: of all its fits, ``step_seconds`` of them at steps.
        work: expected seconds of one fold by the family's own account.
        prediction: out of fold over all rows of the problem, NaN where never held out; ``None`` unless done.
    """

    number: int
    family: str
    params: dict[str, Any]
    origin: str
    start: str = ""
    state: TrialState = TrialState.RUNNING
    losses: dict[int, float] = field(default_factory=dict)
    scores: dict[int, float] = field(default_factory=dict)
    steps: dict[int, list[float]] = field(default_factory=dict)
    rounds: list[int] = field(default_factory=list)
    spread: list[float] = field(default_factory=list)
    seconds: float = 0.0
    step_seconds: float = 0.0
    work: float = 0.0
    reason: str = ""
    prediction: np.ndarray | None = None

    @property
    def timed_out(self) -> bool:
        """Whether the search ended before it could be judged; with more time it is worth another try."""
        return self.state is TrialState.CUT and self.reason == TIME_UP

    @property
    def fold_seconds(self) -> float:
        """Of the fit on a fold, on average."""
        return (self.seconds - self.step_seconds) / max(1, len(self.losses))

    @property
    def loss(self) -> float:
        """Mean loss over the finished folds where it is defined; infinite before the first."""
        return _mean(self.losses, np.inf)

    @property
    def score(self) -> float | None:
        """Mean score over the folds, ``None`` unless the trial is done."""
        return _mean(self.scores, np.nan) if self.state is TrialState.DONE else None

    def as_trial(self) -> Trial:
        """As others see it."""
        return Trial(
            number=self.number,
            family=self.family,
            state=self.state,
            params=dict(self.params),
            score=self.score,
            fold_scores=tuple(self.scores[fold] for fold in sorted(self.scores)),
            seconds=self.seconds,
            origin=self.origin,
            reason=self.reason,
        )

    def as_json(self) -> dict[str, Any]:
        """Everything but the predictions, which are kept in a file of their own."""
        return {
            "number": self.number,
            "family": self.family,
            "params": self.params,
            "origin": self.origin,
            "start": self.start,
            "state": self.state.value,
            "losses": [[fold, _finite(value)] for fold, value in sorted(self.losses.items())],
            "scores": [[fold, _finite(value)] for fold, value in sorted(self.scores.items())],
            **(self._steps_as_json() if self.steps else {}),
            "rounds": self.rounds,
            **({"spread": self.spread} if self.spread else {}),
            "seconds": self.seconds,
            "work": self.work,
            "reason": self.reason,
        }

    def _steps_as_json(self) -> dict[str, Any]:
        steps = [[rows, [_finite(one) for one in losses]] for rows, losses in self.steps.items()]
        return {"steps": steps, "step_seconds": self.step_seconds}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Record:
        """What ``as_json`` wrote."""
        record = cls(data["number"], data["family"], data["params"], data["origin"], data["start"])
        record.state = TrialState(data["state"])
        record.losses = {fold: np.nan if value is None else value for fold, value in data["losses"]}
        record.scores = {fold: np.nan if value is None else value for fold, value in data["scores"]}
        record.rounds, record.seconds, record.work = data["rounds"], data["seconds"], data["work"]
        record.reason, record.spread = data["reason"], data.get("spread", [])
        record.step_seconds = data.get("step_seconds", 0.0)
        for rows, losses in data.get("steps", []):
            record.steps[rows] = [np.nan if value is None else value for value in losses]
        return record


@dataclass(eq=False)
class Running:
    """A trial with folds to fit.

    Attributes:
        waiting: folds, and steps before them, that were not handed out yet.
        flying: how many are being fitted.
        predictions: for the test rows of the finished folds.
    """

    record: Record
    waiting: list[int]
    flying: int = 0
    predictions: dict[int, np.ndarray] = field(default_factory=dict)


def done_of(records: list[Record]) -> list[Record]:
    """The finished trials that can be compared, best first."""
    finished = [one for one in records if one.state is TrialState.DONE and np.isfinite(one.loss)]
    return sorted(finished, key=lambda one: (one.loss, one.number))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _mean(values: dict[int, float], otherwise: float) -> float:
    known = [value for value in values.values() if not np.isnan(value)]
    return float(np.mean(known)) if known else otherwise


def blocks_of(record: Record) -> str:
    """Names of a trial's feature blocks, joined; empty where it has none."""
    return str(record.params.get(BLOCKS_KEY, ""))
