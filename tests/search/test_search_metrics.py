"""Metrics agree with scikit-learn, weighted and not, and a bootstrap by weights with one by copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as theirs

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.search import METRICS, metric_for
from workbench.search.evaluation.scoring import Bootstrap, corrected


def said(name, prediction, weight=None):
    """The answers that a metric of answers takes."""
    return (prediction * METRICS[name].emphasis(prediction, weight)).argmax(1)


BINARY = {
    "roc_auc": lambda y, p, w: theirs.roc_auc_score(y, p[:, 1], sample_weight=w),
    "average_precision": lambda y, p, w: theirs.average_precision_score(y, p[:, 1], sample_weight=w),
    "log_loss": lambda y, p, w: theirs.log_loss(y, p, sample_weight=w, labels=[0, 1]),
    "brier": lambda y, p, w: theirs.brier_score_loss(y, p[:, 1], sample_weight=w),
    "accuracy": lambda y, p, w: theirs.accuracy_score(y, p.argmax(1), sample_weight=w),
    "balanced_accuracy": lambda y, p, w: theirs.balanced_accuracy_score(
        y, said("balanced_accuracy", p, w), sample_weight=w
    ),
    "f1": lambda y, p, w: theirs.f1_score(y, said("f1", p, w), sample_weight=w),
}


@pytest.mark.parametrize("name", BINARY)
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 60))
def test_binary(name, seed, rows):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, rows)
    truth[:2] = [0, 1]
    second = np.round(rng.random(rows), 1).clip(0.05, 0.95)  # ties
    prediction = np.column_stack([1 - second, second])
    for weight in (None, rng.random(rows) + 0.1):
        expected = BINARY[name](truth, prediction, weight)
        assert METRICS[name].score(truth, prediction, weight) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["log_loss", "accuracy", "balanced_accuracy", "f1", "roc_auc"])
def test_multiclass(name):
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 4, 200)
    prediction = rng.dirichlet(np.ones(4), 200)
    expected = {
        "log_loss": lambda: theirs.log_loss(truth, prediction),
        "accuracy": lambda: theirs.accuracy_score(truth, prediction.argmax(1)),
        "balanced_accuracy": lambda: theirs.balanced_accuracy_score(truth, said(name, prediction)),
        "f1": lambda: theirs.f1_score(truth, said(name, prediction), average="macro"),
        "roc_auc": lambda: theirs.roc_auc_score(truth, prediction, multi_class="ovr"),
    }[name]()
    assert METRICS[name].score(truth, prediction) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["rmse", "mae", "r2"])
def test_regression(name):
    rng = np.random.default_rng(4)
    truth, said, weight = rng.normal(size=50), rng.normal(size=50), rng.random(50)
    expected = {
        "rmse": theirs.root_mean_squared_error,
        "mae": theirs.mean_absolute_error,
        "r2": theirs.r2_score,
    }[name](truth, said, sample_weight=weight)
    assert METRICS[name].score(truth, said, weight) == pytest.approx(expected)


@pytest.mark.parametrize("name", METRICS)
def test_a_perfect_prediction_has_no_loss(name):
    truth = np.array([0, 1, 1, 0])
    metric = METRICS[name]
    prediction = truth.astype(float) if Task.REGRESSION in metric.tasks else np.eye(2)[truth]
    assert metric.loss(metric.score(truth, prediction)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "f1", "log_loss"])
def test_weights_count_like_copies(name):
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 2, 3_000)
    second = rng.random(3_000) * 0.6 + truth * 0.2
    prediction = np.column_stack([1 - second, second])
    drawn = rng.integers(0, 3_000, (3, 3_000))
    weights = np.stack([np.bincount(rows, minlength=3_000) for rows in drawn]).astype(np.float32)
    by_weight = METRICS[name].weighted(truth, prediction, weights)
    by_copy = [METRICS[name].score(truth[rows], prediction[rows]) for rows in drawn]
    if name == "f1":
        # a bootstrap is of one rule and other rows, not of a rule for each draw
        answers = said(name, prediction, weights.mean(axis=0))
        by_copy = [theirs.f1_score(truth[rows], answers[rows]) for rows in drawn]
    np.testing.assert_allclose(by_weight, by_copy, atol=2e-4)


def test_metrics_for_tasks():
    assert metric_for(Task.BINARY).name == "roc_auc"
    assert metric_for(Task.MULTICLASS).name == "log_loss"
    assert metric_for(Task.REGRESSION, "neg_mae").name == "mae"
    with pytest.raises(InputError, match="not a metric for regression"):
        metric_for(Task.REGRESSION, "f1")


def test_choosing_among_noise_is_corrected():
    """Of thirty models that know nothing, the best looks good on the rows that chose it, and not after correction."""
    rng = np.random.default_rng(6)
    truth = rng.integers(0, 2, 150)
    models = [np.column_stack([1 - p, p]) for p in rng.random((30, 150))]
    metric = METRICS["roc_auc"]
    naive = max(metric.score(truth, one) for one in models)
    bootstrap = Bootstrap.over(truth, np.ones(150, dtype=bool), None, None, 0)
    rows = np.arange(150)
    draws, _ = corrected(bootstrap, metric, metric, models, [(rows, rows)])
    assert naive > 0.56
    assert abs(np.nanmean(draws) - 0.5) < 0.5 * (naive - 0.5)


def test_groups_are_drawn_whole():
    truth = np.arange(12, dtype=float)
    groups = np.repeat([5, 7, 9], 4)
    bootstrap = Bootstrap.over(truth, np.ones(12, dtype=bool), None, groups, 0)
    blocks = bootstrap.weights.reshape(-1, 3, 4)
    assert (blocks == blocks[:, :, :1]).all()


@pytest.mark.parametrize("name", METRICS)
def test_one_fold_is_scored_as_it_is(name):
    rng = np.random.default_rng(7)
    metric, rows = METRICS[name], np.arange(400)
    truth = rng.integers(0, 3, 400)
    prediction = rng.normal(size=400) if Task.REGRESSION in metric.tasks else rng.dirichlet(np.ones(3), 400)
    pooled = metric.pooled(prediction, [(rows, rows)])
    assert metric.score(truth, pooled) == pytest.approx(metric.score(truth, prediction), abs=1e-6)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_folds_that_aim_at_different_heights_are_ranked_within_themselves(name):
    """What each model knows of its own rows is what counts, and not that one says 2 % where another says 5 %."""
    rng = np.random.default_rng(8)
    truth = (rng.random(6_000) < 0.03).astype(int)
    scores = rng.normal(size=6_000) + 1.5 * truth
    metric = METRICS[name]
    folds = [
        (np.flatnonzero(np.arange(6_000) % 5 != fold), np.flatnonzero(np.arange(6_000) % 5 == fold))
        for fold in range(5)
    ]
    shifted = scores + np.repeat([[0.0, 2.0, -2.0, 4.0, 1.0]], 1_200, axis=0).ravel()
    both = []
    for one in (scores, shifted):
        share = 1 / (1 + np.exp(-one))
        both.append(metric.pooled(np.column_stack([1 - share, share]), folds))
    mean = np.mean([metric.score(truth[test], both[1][test]) for _, test in folds])
    assert metric.score(truth, both[1]) == pytest.approx(metric.score(truth, both[0]), abs=1e-9)
    assert metric.score(truth, both[1]) == pytest.approx(mean, abs=0.03)


def test_shares_of_a_baseline_rank_nothing_even_where_they_differ_between_folds():
    """Leaving out rows of a class lowers its share for the rest: pooled as they are, shares are worse than chance."""
    truth = np.tile([0, 0, 0, 1], 40)
    rows = np.arange(160)
    folds = [(rows[rows % 10 >= 5], rows[rows % 10 < 5]), (rows[rows % 10 < 5], rows[rows % 10 >= 5])]
    truth[:3] = 1
    share = np.empty(160)
    for train, test in folds:
        share[test] = truth[train].mean()
    prediction = np.column_stack([1 - share, share])
    metric = METRICS["roc_auc"]
    assert metric.score(truth, prediction) != 0.5
    assert metric.score(truth, metric.pooled(prediction, folds)) == 0.5


def test_rows_that_no_fold_predicted_stay_unknown():
    prediction = np.column_stack([np.linspace(0, 1, 10), np.linspace(1, 0, 10)])
    prediction[7] = np.nan
    pooled = METRICS["roc_auc"].pooled(prediction, [(np.arange(4), np.arange(4, 10))])
    assert np.isnan(pooled[[0, 1, 2, 3, 7]]).all() and np.isfinite(pooled[[4, 5, 6, 8, 9]]).all()


@pytest.mark.parametrize("name", ["roc_auc", "average_precision", "balanced_accuracy", "f1", "log_loss"])
def test_many_classes_of_two_rows_leave_a_figure_in_every_draw(name):
    rng = np.random.default_rng(8)
    truth = np.concatenate([rng.integers(0, 20, 600), np.repeat(np.arange(20, 30), 2)])
    prediction = rng.dirichlet(np.ones(30), truth.size) + 0.3 * np.eye(30)[truth]
    prediction /= prediction.sum(axis=1, keepdims=True)
    bootstrap = Bootstrap.over(truth, np.ones(truth.size, dtype=bool), None, None, 0, 100)
    for outside in (False, True):
        figures = bootstrap.figures(METRICS[name], prediction, outside=outside)
        assert np.isfinite(figures).all()
        assert abs(np.mean(figures) - METRICS[name].score(truth, prediction)) < 0.1


def test_one_group_alone_is_drawn_by_rows():
    truth = np.random.default_rng(9).normal(size=200)
    bootstrap = Bootstrap.over(truth, np.ones(200, dtype=bool), None, np.zeros(200, dtype=int), 0, 60)
    figures = bootstrap.figures(METRICS["rmse"], np.zeros(200), outside=True)
    assert np.isfinite(figures).all() and np.ptp(figures) > 0
