"""The leaderboard: one figure for one model, wherever it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import SearchResult, Table, Task, TrialState
from workbench.events import Events
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.champion.leaderboard import compare
from workbench.search.evaluation.metrics import metric_for
from workbench.search.trials.baseline import baseline_record
from workbench.search.trials.records import ENSEMBLE, Record


def rare(rows: int = 4_000, share: float = 0.015) -> Table:
    """A class of which each fold has a dozen rows."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(rng.normal(size=(rows, 8)), columns=[f"x{place}" for place in range(8)])
    signal = frame["x0"] + (frame["x1"] > 0.5) * 1.5 + rng.normal(size=rows)
    frame["target"] = np.where(signal > np.quantile(signal, 1 - share), "yes", "no")
    return describe(frame, "target", Task.BINARY)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SearchResult:
    folder: Path = tmp_path_factory.mktemp("rare")
    return search(rare(), budget=Budget.unlimited(), trials=8, seed=0, workers=1, events=Events(), folder=folder)


def test_a_model_has_one_figure(result: SearchResult) -> None:
    """Trials are told by the mean of their folds, the leaderboard by all rows at once: the same but for chance."""
    trials = {one.number: one for one in result.trials}
    single = [one for one in result.leaderboard if one.trial is not None and one.family != "baseline"]
    assert len(single) >= 2
    for one in single:
        told = trials[one.trial].score
        assert told is not None
        assert one.score.value == pytest.approx(told, abs=0.01), one.family


def test_the_baseline_ranks_nothing(result: SearchResult) -> None:
    assert result.baseline.score.value == 0.5
    assert result.against_baseline.low > 0


def test_what_choosing_cost_is_small_beside_the_interval(result: SearchResult) -> None:
    """The corrected figure of the best single model is that of the procedure: a little below what the best shows."""
    best = max(one.score.value for one in result.leaderboard if one.trial is not None)
    said = result.single_score or result.champion_score
    assert said.value <= best + 0.005
    assert said.low < best < said.high


@pytest.fixture
def compared():
    """Three trials of a problem, and how they compare where one of them is the champion."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600), "target": rng.normal(size=600) * 10})
    problem = problem_of(describe(frame, "target", Task.REGRESSION))
    plan = plan_folds(problem, seed=0)
    metric = metric_for(problem.task, None)

    def trial(number: int, kind: str, error: float) -> Record:
        said = problem.target + rng.normal(0, error, 600)
        record = Record(number, kind, {}, "portfolio", state=TrialState.DONE, prediction=said)
        for fold, (_, test) in enumerate(plan.folds):
            record.scores[fold] = metric.score(problem.target[test], said[test], None)
            record.losses[fold] = metric.loss(record.scores[fold])
        return record

    records = [trial(1, "lightgbm", 1.0), trial(2, "lightgbm", 2.0), trial(3, "linear", 3.0)]
    baseline = baseline_record(problem, plan.folds, metric, metric)

    def compare_(champion: Record | None = None, single: Record | None = None):
        kept = single or champion or baseline
        return compare(
            problem, metric, metric, records, baseline, champion or baseline, seed=0, folds=plan.folds, single=single,
            passed_over=frozenset(one.number for one in records if one.loss < kept.loss),
        )  # fmt: skip

    return records, baseline, compare_


@pytest.mark.parametrize(("place", "error"), [(0, 1.0), (1, 2.0), (2, 3.0)])
def test_figures_are_the_champions_where_another_trial_had_a_lower_loss(compared, place, error):
    records, _, compare_ = compared
    found = compare_(records[place])
    assert found.champion_score.value == pytest.approx(error, rel=0.1)
    assert found.against_baseline.value == pytest.approx(10 - error, rel=0.1)
    assert found.leaderboard[0].trial == records[place].number
    assert [one.family for one in found.leaderboard[1:-1]] == [{0: "linear", 1: "linear", 2: "lightgbm"}[place]]


def test_a_price_is_counted_against_the_single_model_that_there_is(compared):
    records, baseline, compare_ = compared
    blend = Record(-1, ENSEMBLE, {}, ENSEMBLE, state=TrialState.DONE, prediction=records[0].prediction)
    assert compare_(blend, records[2]).price.value == pytest.approx(2.0, rel=0.15)
    without = compare_(blend, baseline)
    assert without.single_score.value == pytest.approx(10.0, rel=0.1)
    assert without.price.value == pytest.approx(9.0, rel=0.1)
