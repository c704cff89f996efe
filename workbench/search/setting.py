"""What is decided before a search's first trial, and where it tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.budget import Budget
from workbench.events import Events
from workbench.pipelines import TOPICS, SearchSpace
from workbench.problem.folds import Plan
from workbench.problem.rows import Problem
from workbench.search.evaluation.cost_table import CostTable
from workbench.search.evaluation.metric import Metric
from workbench.search.evaluation.metrics import METRICS, RANKING, objective_of
from workbench.search.insight.announce import Announcer
from workbench.search.trials.baseline import baseline_record


@dataclass(eq=False)
class Setting:
    """The problem of one search, how it is judged, and its time.

    Attributes:
        metric, objective: what is reported, and what is optimised.
        watch: seconds since the search began.
        folder: of the journal.
        trials: how many to begin in reproducible mode, ``None`` where time decides.
        warm: folder of an earlier search of the same table, whose best trials are tried first.
        costs: what mistakes cost, where the analyst says so.
        topics: that each text is reduced to; 0 where only their lengths are used.
        baseline: the constant prediction as trial 0.
    """

    problem: Problem
    plan: Plan
    metric: Metric
    spaces: dict[str, SearchSpace]
    budget: Budget
    events: Events
    folder: Path
    trials: int | None
    seed: int
    warm: Path | None = None
    costs: CostTable | None = None
    topics: int = TOPICS

    def __post_init__(self) -> None:
        self.watch = Budget.unlimited(clock=self.budget.clock)
        self.announce = Announcer(self.events, self.metric, self.watch, clock=self.trials is None)
        self.judge_by(self.plan)

    def judge_by(self, plan: Plan) -> None:
        """Divide the rows in this way; what depends on it follows."""
        self.plan = plan
        self.objective = objective_for(self.problem, plan, self.metric)
        self.baseline = baseline_record(self.problem, plan.folds, self.metric, self.objective)
        self.announce.baseline = self.baseline.score
        self.announce.trial(self.baseline)
        self.announce.decision(plan.resampling.reason)

    @property
    def held_out(self) -> int:
        """Rows that trials are judged on."""
        return sum(test.size for _, test in self.plan.folds)

    @property
    def grown(self) -> float:
        """All rows per training row of a fold."""
        return len(self.problem) / self.plan.folds[0][0].size


def objective_for(problem: Problem, plan: Plan, metric: Metric) -> Metric:
    """The metric's own objective, or log loss where a fold holds one class only and nothing can be ranked in it."""
    objective = objective_of(metric)
    ranks = objective.name in RANKING
    if ranks and any(np.unique(problem.target[test]).size < 2 for _, test in plan.folds):
        return METRICS["log_loss"]
    return objective
