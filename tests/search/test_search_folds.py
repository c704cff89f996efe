"""Folds: every row is checked at most once, nothing is on both sides, and the rules of groups and time hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_tables import describe

from workbench.contracts import Role, Task
from workbench.search.task.folds import plan_folds
from workbench.search.task.problem import problem_of


def problem(target, task, *, groups=None, when=None):
    frame = pd.DataFrame({"x": np.arange(len(target), dtype=float), "target": target})
    roles, reasons = {}, {}
    if groups is not None:
        frame["g"], roles["g"] = groups, Role.GROUP
    if when is not None:
        frame["t"], roles["t"], reasons["t"] = when, Role.DATE, "orders the rows in time, as you said"
    return problem_of(describe(frame, "target", task, roles, **reasons))


def check(plan):
    seen = []
    for train, test in plan.folds:
        assert train.size and test.size
        assert not np.intersect1d(train, test).size
        seen.append(test)
    together = np.concatenate(seen)
    assert np.unique(together).size == together.size
    return together


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=10, max_size=80), st.integers(0, 5))
def test_classes_are_spread_evenly(labels, seed):
    counts = pd.Series(labels).value_counts()
    if len(counts) < 2 or (counts >= 2).sum() < 2 or (len(counts) == 2 and counts.min() < 2):
        return
    made = problem(labels, Task.MULTICLASS)
    plan = plan_folds(made, seed=seed)
    checked = check(plan)
    assert set(checked) == {row for row, label in enumerate(labels) if counts[label] > 1}
    for _, test in plan.folds:
        for label, count in counts.items():
            inside = sum(labels[row] == label for row in test)
            assert inside <= -(-count // len(plan.folds))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=20, max_size=100), st.integers(0, 3))
def test_groups_stay_together(groups, seed):
    if len(set(groups)) < 2:
        return
    target = [float(row % 7) for row in range(len(groups))]
    plan = plan_folds(problem(target, Task.REGRESSION, groups=groups), seed=seed)
    check(plan)
    labels = np.array(groups)
    for train, test in plan.folds:
        assert not set(labels[train]) & set(labels[test])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=20, max_size=120))
def test_the_past_is_learnt_and_the_future_checked(days):
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D")
    target = [float(row % 5) for row in range(len(days))]
    plan = plan_folds(problem(target, Task.REGRESSION, when=when), seed=0)
    check(plan)
    moments = np.array(days)
    if plan.resampling.kind == "time":
        for train, test in plan.folds:
            assert moments[train].max() < moments[test].min()


@pytest.mark.parametrize(
    ("rows", "folds", "kind"),
    [(500, 5, "k-fold"), (20_000, 5, "k-fold"), (20_001, 3, "k-fold"), (60_001, 1, "hold-out")],
)
def test_number_of_folds_by_rows(rows, folds, kind):
    made = problem(np.arange(rows, dtype=float), Task.REGRESSION)
    plan = plan_folds(made, seed=0)
    assert (len(plan.folds), plan.resampling.kind) == (folds, kind)
    assert plan.resampling.reason.endswith(".")
    assert bool(plan.finals) is (kind == "hold-out")
    assert all(test.size <= 15_000 for _, test in plan.folds)
    again = plan_folds(made, seed=0)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(plan.folds, again.folds, strict=True))


def test_two_rare_rows_make_two_folds():
    made = problem(["a"] * 38 + ["b"] * 2, Task.BINARY)
    assert len(plan_folds(made, seed=0).folds) == 2
