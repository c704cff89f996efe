"""Folds: every row is checked at most once, nothing is on both sides, and the rules of groups and time hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_tables import describe

from workbench.contracts import Role, Task
from workbench.problem import folds
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of


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
    for train, _ in plan.folds:
        assert {row for row, label in enumerate(labels) if counts[label] == 1} <= set(train)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=20, max_size=100), st.integers(0, 3))
def test_groups_stay_together(groups, seed):
    target = [float(row % 7) for row in range(len(groups))]
    plan = plan_folds(problem(target, Task.REGRESSION, groups=groups), seed=seed)
    check(plan)
    labels = np.array(groups)
    for train, test in plan.folds:
        assert len(set(groups)) < 2 or not set(labels[train]) & set(labels[test])


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
    ("rows", "count", "kind"),
    [(500, 5, "k-fold"), (20_000, 5, "k-fold"), (20_001, 3, "k-fold"), (60_001, 1, "hold-out")],
)
def test_number_of_folds_by_rows(rows, count, kind):
    made = problem(np.arange(rows, dtype=float), Task.REGRESSION)
    plan = plan_folds(made, seed=0)
    assert (len(plan.folds), plan.resampling.kind) == (count, kind)
    assert plan.resampling.reason.endswith(".")
    assert bool(plan.finals) is (kind == "hold-out")
    assert all(test.size <= 15_000 for _, test in plan.folds)
    again = plan_folds(made, seed=0)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(plan.folds, again.folds, strict=True))


def test_two_rare_rows_make_two_folds():
    made = problem(["a"] * 38 + ["b"] * 2, Task.BINARY)
    assert len(plan_folds(made, seed=0).folds) == 2


def test_a_class_of_one_row_never_parts_its_group():
    labels = [*"ab" * 19, "c", "a"]
    made = problem(labels, Task.MULTICLASS, groups=np.arange(40) // 4)
    plan = plan_folds(made, seed=0)
    for train, test in plan.folds:
        assert not set(made.groups[train]) & set(made.groups[test])
    assert 38 not in check(plan)
    assert sum(38 not in train for train, _ in plan.folds) == 1


def test_a_group_that_is_everywhere_is_told_and_left():
    made = problem([float(row) for row in range(30)], Task.REGRESSION, groups=["one"] * 30)
    assert made.groups is None and "'g' is the same in every row" in made.notices[0]
    assert len(plan_folds(made, seed=0).folds) == 5


def test_groups_of_one_class_each_are_not_kept_together():
    made = problem(["a"] * 20 + ["b"] * 20, Task.BINARY, groups=[0] * 20 + [1] * 20)
    plan = plan_folds(made, seed=0)
    check(plan)
    assert len(plan.folds) == 5 and "were not" in plan.resampling.reason
    assert all(np.unique(made.target[train]).size == 2 for train, _ in plan.folds)


@pytest.mark.parametrize(("groups", "least"), [(60, 10), (400, 10)])
def test_a_hold_out_is_made_of_several_groups(groups, least):
    rng = np.random.default_rng(0)
    of = np.where(rng.random(80_000) < 0.4, 0, rng.integers(1, groups, 80_000))
    plan = plan_folds(problem(rng.normal(size=80_000), Task.REGRESSION, groups=of), seed=0)
    ((train, test),) = plan.folds
    assert plan.resampling.kind == "hold-out" and test.size <= 15_000
    assert np.unique(of[test]).size >= least - 2 and 0 not in of[test]
    assert not set(of[train]) & set(of[test])


def test_few_groups_are_all_checked_however_many_rows_there_are(monkeypatch):
    monkeypatch.setattr(folds, "SEARCH_ROWS", 20_000)
    of = np.arange(80_000) % 7
    plan = plan_folds(problem(np.arange(80_000) * 1.0, Task.REGRESSION, groups=of), seed=0)
    checked = check(plan)
    assert plan.resampling.kind == "group" and "few groups" in plan.resampling.reason
    assert set(of[checked]) == set(range(7))
    assert all(train.size <= 20_000 and test.size <= 15_000 for train, test in plan.folds)


def test_a_rare_class_is_learnt_from_whole_and_held_out(monkeypatch):
    monkeypatch.setattr(folds, "SEARCH_ROWS", 2_000)
    target = np.array(["often"] * 70_000, dtype=object)
    target[[5, 30_000, 60_000]] = "rare"
    made = problem(target, Task.BINARY)
    ((train, test),) = plan_folds(made, seed=0).folds
    rare = int(made.classes.index("rare"))
    assert set(made.target[test]) == {0, 1}
    assert (made.target[train] == rare).sum() == 3 - (made.target[test] == rare).sum()


def test_customers_who_come_back_are_checked_later_all_the_same():
    months, customers = np.repeat(np.arange(12), 50), np.tile(np.arange(50), 12)
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(months * 30, "D")
    plan = plan_folds(problem(customers * 1.0 + months, Task.REGRESSION, groups=customers, when=when), seed=0)
    check(plan)
    assert plan.resampling.kind == "time" and "groups are on both sides" in plan.resampling.reason
    assert sum(test.size for _, test in plan.folds) == 300
    assert all(months[train].max() < months[test].min() for train, test in plan.folds)


def test_customers_who_are_mostly_new_are_kept_apart():
    months = np.repeat(np.arange(12), 50)
    customers = np.arange(600)
    customers[::10] = 0
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(months * 30, "D")
    plan = plan_folds(problem(customers * 1.0, Task.REGRESSION, groups=customers, when=when), seed=0)
    assert plan.resampling.kind == "time" and "both sides" not in plan.resampling.reason
    assert all(not set(customers[train]) & set(customers[test]) for train, test in plan.folds)


@pytest.mark.parametrize(("share", "least", "rows"), [(0.2, 2_900, 15_000), (0.01, 295, 30_000), (0.001, 55, 60_000)])
@pytest.mark.parametrize("ordered", [False, True])
def test_a_hold_out_has_more_rows_where_a_class_is_rare(share, least, rows, ordered):
    target = np.where(np.random.default_rng(0).random(400_000) < share, "yes", "no").astype(object)
    made = problem(target, Task.BINARY, when=np.arange(400_000) if ordered else None)
    ((_, test),) = plan_folds(made, seed=0).folds
    assert test.size <= rows * 1.05 and (made.target[test] == made.classes.index("yes")).sum() > 0.8 * least
