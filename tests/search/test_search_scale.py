"""Searches on targets with a tail: a scale is tried, and kept where it helps in the target's unit."""

from __future__ import annotations

from pathlib import Path

import cloudpickle
import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.explain import explain
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.champion.scale_choice import settled
from workbench.search.evaluation.metrics import METRICS
from workbench.search.evaluation.paired import paired_gain
from workbench.search.trials.looks import conditions_of
from workbench.search.trials.records import Record


def amounts(rows=400, noise=0.5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 3))
    y = np.exp(4 + X[:, 0] - 0.6 * X[:, 1] + rng.normal(0, noise, rows))
    return describe(pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "spend": y}), "spend", Task.REGRESSION)


def run(table, folder, **options):
    options = {"workers": 0, "trials": 9, "families": ["linear"]} | options
    return search(table, budget=Budget.unlimited(), events=Events(), folder=folder, **options)


def test_what_a_target_looks_like(monkeypatch):
    problem = problem_of(amounts())
    assert conditions_of(problem, METRICS["rmse"]) == {"skewed", "amounts", "squared", "compact"}
    assert conditions_of(problem, METRICS["mae"]) == {"skewed", "amounts", "absolute", "compact"}
    frame = amounts().frame
    even = describe(frame.assign(spend=np.arange(400.0)), "spend", Task.REGRESSION)
    assert conditions_of(problem_of(even), METRICS["rmse"]) == {"squared", "compact"}
    monkeypatch.setattr("workbench.search.trials.looks.COMPACT_CELLS", 400 * 3 - 1)
    assert conditions_of(problem_of(even), METRICS["rmse"]) == {"squared"}
    rare = describe(frame.assign(spend=np.where(np.arange(400) < 30, "yes", "no")), "spend", Task.BINARY)
    assert conditions_of(problem_of(rare), METRICS["log_loss"]) == frozenset()


@pytest.mark.parametrize("metric", ["rmse", "mae"])
def test_a_lognormal_target_is_learnt_on_its_logarithm(metric, tmp_path):
    table = amounts()
    result = run(table, tmp_path, metric=metric)
    model = result.explained
    assert model.params["target_scale"] == "unskewed"
    assert any("without the target's tail" in sentence for sentence in result.decisions)
    fresh = amounts(seed=5).frame
    said = model.predict(fresh)["prediction"].to_numpy()
    # means are unbiased in the target's unit, medians lie in the middle
    if metric == "rmse":
        assert said.mean() == pytest.approx(fresh["spend"].mean(), rel=0.12)
    else:
        assert np.mean(fresh["spend"] < said) == pytest.approx(0.5, abs=0.08)
    copy = cloudpickle.loads(cloudpickle.dumps(model))
    pd.testing.assert_frame_equal(copy.predict(fresh), model.predict(fresh))
    explained = explain(model, table, budget=Budget.unlimited(), events=Events())
    assert explained.output_space == "units of log(1 + spend)"
    assert all(check.passed for check in explained.checks)


def test_a_resumed_search_knows_the_spread_of_its_trials(tmp_path):
    table = amounts()
    first = run(table, tmp_path)
    again = run(table, tmp_path, trials=1, resume=True, families=["linear"])
    assert again.explained.params == first.explained.params
    pd.testing.assert_frame_equal(again.explained.predict(table.frame), first.explained.predict(table.frame))


def test_boosters_learn_the_logarithm_of_the_mean(tmp_path):
    spaces = Path(__file__).parents[2] / "search_spaces"
    result = run(amounts(1000), tmp_path, families=["lightgbm"], trials=6, spaces=spaces)
    assert {"poisson", "regression"} <= {trial.params.get("objective") for trial in result.trials}
    assert all(trial.state is not TrialState.FAILED for trial in result.trials)


def test_a_gain_that_may_be_chance_is_not_kept():
    problem = problem_of(amounts())
    rng = np.random.default_rng(0)

    def record(number, error, **params):
        made = Record(number, "linear", params, "portfolio", state=TrialState.DONE)
        made.prediction = problem.target + error
        made.losses = {0: float(np.sqrt(np.mean(error**2)))}
        return made

    noise = rng.normal(0, 10, 400)
    plain = record(1, noise)
    lucky = record(2, noise * np.where(np.arange(400) % 2, 0.6, 1.25), target_scale="unskewed")
    clear = record(3, noise * 0.8, target_scale="unskewed")
    assert lucky.loss < plain.loss
    kept, why = settled(lucky, [plain, lucky], problem, METRICS["rmse"])
    assert kept is plain and "may be chance" in why
    kept, why = settled(clear, [plain, lucky, clear], problem, METRICS["rmse"])
    assert kept is clear and why
    assert settled(plain, [plain, clear], problem, METRICS["rmse"]) == (plain, "")


def test_rows_of_one_group_are_one_observation():
    before, after = np.tile([1.0, 0.0, 2.0, 0.5], 50), np.zeros(200)
    alone = paired_gain(before, after)
    together = paired_gain(before, after, groups=np.tile(np.arange(4), 50))
    assert alone.mean == together.mean == pytest.approx(0.875)
    assert together.error > 4 * alone.error
    weighted = paired_gain(before, after, weight=np.tile([1.0, 0, 0, 0], 50))
    assert weighted.mean == 1.0 and weighted.error == 0.0


def test_a_tail_with_losses_is_learnt_on_the_scale_of_yeo_and_johnson(tmp_path):
    """Profits: most near nothing, some customers worth very much, some below zero."""
    frame = amounts(seed=2).frame
    frame["spend"] -= 20.0
    table = describe(frame, "spend", Task.REGRESSION)
    result = run(table, tmp_path)
    model = result.explained
    assert model.params["target_scale"] == "unskewed"
    fresh = amounts(seed=6).frame.assign(spend=lambda one: one["spend"] - 20.0)
    said = model.predict(fresh)["prediction"].to_numpy()
    # errors are larger for larger profits, which one spread for all of them knows only in part
    assert said.mean() == pytest.approx(fresh["spend"].mean(), rel=0.25)
    assert np.corrcoef(said, fresh["spend"])[0, 1] > 0.8
    explained = explain(model, table, budget=Budget.unlimited(), events=Events())
    assert "Yeo-Johnson" in explained.output_space and all(check.passed for check in explained.checks)
