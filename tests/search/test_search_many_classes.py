"""A hundred classes, one of them with two rows: every family ends, folds are stratified, every class has its column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search import search


@pytest.fixture(scope="module")
def hundred():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(100, 4)) * 2
    codes = np.concatenate([np.tile(np.arange(99), 12), [99, 99]])
    X = centres[codes] + rng.normal(0, 0.7, (codes.size, 4))
    names = [f"product {code:02d}" for code in codes]
    return describe(pd.DataFrame(X, columns=list("abcd")).assign(bought=names), "bought", Task.MULTICLASS)


def test_folds_are_stratified_and_the_rare_class_is_in_two_of_them(hundred):
    problem = problem_of(hundred)
    plan = plan_folds(problem, seed=0)
    assert plan.resampling.kind == "stratified" and len(plan.folds) == 5
    held = np.array([np.bincount(problem.target[test], minlength=100) for _, test in plan.folds])
    assert held[:, :99].min() >= 2 and held[:, :99].max() <= 3
    assert sorted(held[:, 99]) == [0, 0, 0, 1, 1]
    learnt = np.array([np.bincount(problem.target[train], minlength=100) for train, _ in plan.folds])
    assert learnt.min() >= 1


@pytest.mark.parametrize("name", ["linear", "random_forest", "lightgbm"])
def test_every_family_knows_all_classes(hundred, name, tmp_path):
    spaces = tmp_path / "spaces"
    spaces.mkdir()
    small = {"linear": "", "random_forest": "trees = 20", "lightgbm": "rounds = 5"}[name]
    key, _, value = small.partition(" = ")
    fixed = f'[[parameter]]\nname = "{key}"\ntype = "fixed"\nvalue = {value}\n' if small else ""
    varied = {"linear": "strength", "random_forest": "min_samples_leaf", "lightgbm": "num_leaves"}[name]
    (spaces / f"{name}.toml").write_text(
        f'version = 1\nfamily = "{name}"\n[[parameter]]\nname = "{varied}"\ntype = "int"\nlow = 3\nhigh = 4\n{fixed}'
        f'[[start]]\nname = "one"\nparams = {{ {varied} = 3 }}\n'
    )
    result = search(
        hundred, budget=Budget.unlimited(), events=Events(), folder=tmp_path / "run", trials=1, workers=0,
        families=[name], spaces=spaces,
    )  # fmt: skip
    assert result.trials[1].state is TrialState.DONE
    assert result.against_baseline.low > 0
    assert result.calibration is not None and "temperature" in (result.calibration.method or "temperature")
    shares = result.champion.predict(hundred.frame)
    assert shares.shape == (1190, 100) and "product 99" in shares.columns
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert np.isfinite(result.out_of_fold).all()
