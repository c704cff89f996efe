"""Calibration: kept where cross-fitted log loss says so, part of the model, and told."""

from __future__ import annotations

import dataclasses

import cloudpickle
import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Events
from workbench.explain import explain
from workbench.pipelines.finished import FinishedClassifier
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.evaluation.calibrating import calibrated, calibration_error, parts_of
from workbench.search.evaluation.decision_text import calibration_sentence
from workbench.search.evaluation.metrics import METRICS

log_loss = METRICS["log_loss"]


def timid(rows=3000, classes=2, seed=0, slope=2.5):
    """A problem, and shares that are too near to each other."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 1, (rows, classes))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    true = np.exp(slope * scores) / np.exp(slope * scores).sum(axis=1, keepdims=True)
    came = (true.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1)
    frame = pd.DataFrame({"x": scores[:, 0], "y": [f"c{code}" for code in came]})
    return problem_of(describe(frame, "y", Task.BINARY if classes == 2 else Task.MULTICLASS)), shares


@pytest.mark.parametrize("classes", [2, 4])
def test_timid_shares_are_led_to_what_came(classes):
    problem, shares = timid(classes=classes)
    found = calibrated(shares, problem, seed=0)
    assert found.facts.method in (("platt", "isotonic") if classes == 2 else ("temperature", "vector"))
    assert found.facts.log_loss_after < found.facts.log_loss_before
    assert found.facts.error_after < 0.5 * found.facts.error_before
    assert found.facts.error_after < 3 * found.facts.error_by_chance
    assert found.facts.brier < found.facts.brier_baseline
    np.testing.assert_allclose(found.prediction.sum(axis=1), 1, atol=1e-5)
    fresh, other = timid(classes=classes, seed=1)
    assert calibration_error(found.calibrator(other), fresh.target) < 0.5 * calibration_error(other, fresh.target)
    assert "before calibration" in calibration_sentence(found.facts)


def test_a_curve_that_is_no_line_asks_for_isotonic():
    rng = np.random.default_rng(0)
    share = rng.random(6000)
    came = rng.random(6000) < np.where(share < 0.5, 0.1, 0.6)
    frame = pd.DataFrame({"x": share, "y": np.where(came, "yes", "no")})
    problem = problem_of(describe(frame, "y", Task.BINARY))
    assert calibrated(np.column_stack([1 - share, share]), problem, seed=0).facts.method == "isotonic"


def test_true_shares_and_few_rows_are_left_as_they_are():
    problem, shares = timid(slope=1.0)
    found = calibrated(shares, problem, seed=0)
    assert found.calibrator is None and found.facts.method == ""
    np.testing.assert_allclose(found.prediction, shares, rtol=1e-6)
    assert found.facts.log_loss_after == found.facts.log_loss_before
    problem, shares = timid(rows=250)
    assert "200 rows" in calibrated(shares, problem, seed=0).facts.reason


def test_rows_that_were_never_held_out_stay_unknown():
    problem, shares = timid()
    shares[:500] = np.nan
    found = calibrated(shares, problem, seed=0)
    assert np.isnan(found.prediction[:500]).all() and np.isfinite(found.prediction[500:]).all()
    assert found.facts.rows == 2500


def test_no_row_calibrates_itself_and_none_its_past():
    problem, shares = timid()
    flipped = dataclasses.replace(problem, target=problem.target.copy())
    flipped.target[7] = 1 - flipped.target[7]
    one, two = (calibrated(shares, each, seed=0).prediction for each in (problem, flipped))
    np.testing.assert_array_equal(one[7], two[7])
    ordered = dataclasses.replace(problem, moments=np.arange(3000.0))
    later = dataclasses.replace(ordered, target=problem.target.copy())
    later.target[2400:2405] = 1 - later.target[2400:2405]
    one, two = (calibrated(shares, each, seed=0).prediction for each in (ordered, later))
    np.testing.assert_array_equal(one[:2400], two[:2400])
    np.testing.assert_allclose(one[:600], shares[:600], rtol=1e-6)


def test_parts_keep_groups_and_time():
    groups = np.repeat(np.arange(40), 5)
    part = parts_of(200, groups, None, 0)
    assert all(np.unique(part[groups == one]).size == 1 for one in range(40)) and set(part) == set(range(5))
    moments = np.array([3.0, 1.0, 2.0, 5.0, 4.0, 1.0])
    part = parts_of(6, None, moments, 0)
    assert part[1] == part[5] == 0 and part[3] == 4 and (np.diff(part[np.argsort(moments)]) >= 0).all()


def test_the_champion_is_calibrated_and_its_explanation_still_adds_up(tmp_path):
    """Trees with large leaves, each looking at one column of three, are too timid."""

    def noisy(seed):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(2000, 3))
        y = np.where(rng.random(2000) < 1 / (1 + np.exp(-2.5 * X[:, 0])), "yes", "no")
        return describe(pd.DataFrame(X, columns=list("abc")).assign(target=y), "target", Task.BINARY)

    table = noisy(0)
    spaces = tmp_path / "spaces"
    spaces.mkdir()
    (spaces / "random_forest.toml").write_text(
        'version = 1\nfamily = "random_forest"\n[[parameter]]\nname = "min_samples_leaf"\ntype = "int"\nlow = 20\n'
        'high = 100\n[[parameter]]\nname = "trees"\ntype = "fixed"\nvalue = 40\n'
        '[[parameter]]\nname = "max_features"\ntype = "fixed"\nvalue = 0.1\n'
        '[[start]]\nname = "timid"\nparams = { min_samples_leaf = 40 }\n'
    )
    result = search(
        table, budget=Budget.unlimited(), events=Events(), folder=tmp_path / "run", trials=1, workers=0,
        families=["random_forest"], spaces=spaces,
    )  # fmt: skip
    assert result.calibration is not None and result.calibration.method
    assert result.calibration.reason in result.decisions
    assert isinstance(result.champion.pipeline[-1], FinishedClassifier)
    assert list(result.champion.pipeline.classes_) == ["no", "yes"]
    # what was learnt from rows held out holds on rows that nobody has seen
    fresh = noisy(1).frame
    came = (fresh["target"] == "yes").to_numpy().astype(int)
    step = result.champion.pipeline[-1]
    prepared = result.champion.pipeline[:-1].transform(fresh[list("abc")])
    before = log_loss.score(came, step.model_.predict_proba(prepared))
    after = log_loss.score(came, result.champion.predict(fresh).to_numpy())
    assert after < before - 0.01
    assert after == pytest.approx(result.calibration.log_loss_after, abs=0.03)
    copy = cloudpickle.loads(cloudpickle.dumps(result.champion))
    pd.testing.assert_frame_equal(copy.predict(table.frame), result.champion.predict(table.frame))
    explained = explain(result.champion, table, budget=Budget.unlimited(), events=Events())
    assert explained.output_space == "probability" and all(check.passed for check in explained.checks)
    # trials stand as they were searched
    assert result.trials[1].fold_scores and len(result.trials) == 2


def test_a_regression_has_no_shares(tmp_path):
    result = search(
        small(Task.REGRESSION, 60), budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, workers=0,
        families=["linear"],
    )  # fmt: skip
    assert result.calibration is None and result.decision is None


def test_a_row_of_weight_three_is_three_rows_of_the_error():
    rng = np.random.default_rng(3)
    share = np.round(rng.random(600), 2)
    shares, truth = np.column_stack([1 - share, share]), (rng.random(600) < share**2).astype(int)
    often = np.repeat(np.arange(600), 3)
    assert calibration_error(shares, truth, np.full(600, 3.0)) == pytest.approx(
        calibration_error(shares[often], truth[often])
    )
    light = np.where(truth == 1, 0.1, 1.0)
    assert calibration_error(shares, truth, light) > calibration_error(shares, truth)
