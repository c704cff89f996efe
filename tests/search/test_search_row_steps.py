"""Steps on large tables: which rows they have, what is stopped at one, and whole searches with small steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from search_tables import describe, small, stopping

from workbench.budget import Budget
from workbench.contracts import Role, Task, TrialState
from workbench.events import Events
from workbench.problem import folds
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.evaluation.metrics import METRICS
from workbench.search.executors.worker import fit_fold
from workbench.search.scheduling import row_steps
from workbench.search.scheduling.pruning import hopeless_at_step
from workbench.search.scheduling.row_steps import PARTS, RowSteps
from workbench.search.scheduling.schedule import Schedule
from workbench.search.trials.journal import Journal
from workbench.search.trials.records import Record

SPACES = Path(__file__).parent / "spaces"


def table(rows, task=Task.BINARY, *, rare=0.3, **columns):
    rng = np.random.default_rng(rows)
    x = rng.normal(size=rows).round(3)
    target = x + rng.normal(size=rows)
    if task is Task.BINARY:
        target = np.where(target > np.quantile(target, 1 - rare), "yes", "no")
    roles = {name: Role.GROUP if name == "who" else Role.DATE for name in columns}
    reasons = {"day": "orders the rows in time"} if "day" in columns else {}
    return describe(pd.DataFrame({"x": x, **columns, "target": target}), "target", task, roles, **reasons)


def steps_of(made, seed=0):
    problem = problem_of(made)
    fold = plan_folds(problem, seed=seed).folds[0]
    return problem, fold, row_steps.row_steps(problem, fold, seed)


def test_a_table_that_is_not_large_has_no_steps():
    _, _, steps = steps_of(table(80_000))
    assert steps.sizes == () and steps.share == 0


@pytest.mark.parametrize(("rows", "sizes"), [(120_000, (10_000,)), (380_000, (10_000,))])
def test_steps_are_shares_of_the_training_rows_with_all_of_the_test_rows(rows, sizes):
    problem, (train, test), steps = steps_of(table(rows, rare=0.05))
    assert steps.sizes == sizes and steps.rows == train.size
    before = np.empty(0, dtype=int)
    for chosen, held_out in steps.divisions:
        assert np.array_equal(held_out, test)
        assert np.isin(before, chosen).all() and np.isin(chosen, train).all()
        assert np.array_equal(chosen, np.unique(chosen))
        assert problem.target[chosen].mean() == pytest.approx(problem.target[train].mean(), abs=0.004)
        before = chosen
    assert steps.part is not None and np.bincount(steps.part).min() >= test.size // PARTS
    _, _, again = steps_of(table(rows, rare=0.05))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(steps.divisions, again.divisions, strict=True))
    _, _, other = steps_of(table(rows, rare=0.05), seed=1)
    assert not np.array_equal(steps.divisions[0][0], other.divisions[0][0])


def test_numbers_have_low_and_high_ones_in_their_shares():
    problem, (train, _), steps = steps_of(table(120_000, Task.REGRESSION))
    levels = np.linspace(0.01, 0.99, 9)
    sampled, all_of_them = (np.quantile(problem.target[rows], levels) for rows in (steps.divisions[0][0], train))
    assert sampled == pytest.approx(all_of_them, abs=0.05)


def test_a_step_with_too_few_of_the_rarer_class_is_left_out():
    _, _, steps = steps_of(table(120_000, rare=0.005))
    assert steps.sizes == ()
    _, _, enough = steps_of(table(120_000, rare=0.02))
    assert enough.sizes == (10_000,)


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_groups_come_whole(task):
    who = np.random.default_rng(0).integers(9_000, size=120_000)
    problem, (train, test), steps = steps_of(table(120_000, task, who=who))
    chosen = steps.divisions[0][0]
    assert problem.groups is not None and 10_000 <= chosen.size < 10_050
    inside = np.isin(problem.groups[train], problem.groups[chosen])
    assert np.array_equal(np.sort(train[inside]), chosen)
    assert not np.isin(problem.groups[test], problem.groups[chosen]).any()


def test_groups_that_are_too_large_make_no_step():
    _, _, steps = steps_of(table(120_000, who=np.arange(120_000) % 3))
    assert steps.sizes == ()


def test_the_past_is_learnt_from_as_far_back_as_in_the_fold():
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(120_000) % 700, unit="D")
    problem, (train, test), steps = steps_of(table(120_000, day=day))
    assert problem.moments is not None
    chosen = problem.moments[steps.divisions[0][0]]
    assert chosen.max() < problem.moments[test].min()
    assert chosen.min() == problem.moments[train].min()
    span = np.ptp(problem.moments[train])
    assert abs(np.median(chosen) - np.median(problem.moments[train])) < 0.02 * span


def test_losses_are_those_of_the_parts():
    steps = RowSteps((), 1, np.arange(200) % PARTS)
    truth = np.random.default_rng(0).normal(size=200)
    losses = steps.losses(np.zeros(200), truth, None, METRICS["rmse"])
    assert losses[3] == pytest.approx(np.sqrt((truth[3::PARTS] ** 2).mean()))
    codes = np.where(np.arange(200) % PARTS == 0, 0, np.arange(200) // PARTS % 2)
    ranked = steps.losses(np.column_stack([1.0 - codes, codes]), codes, None, METRICS["roc_auc"])
    assert np.isnan(ranked[0]) and set(ranked[1:]) == {0.0}


def record(number, at_step, loss=np.inf, family="lightgbm", noise=0.0):
    made = Record(number, family, {}, "sampler")
    made.steps[100] = list(at_step + np.random.default_rng(number).normal(0, noise, PARTS))
    if np.isfinite(loss):
        made.losses[0], made.state = loss, TrialState.DONE
    return made


def stopped(new, finished, like=None):
    best = min(finished, key=lambda one: one.loss, default=None)
    own = sorted(finished, key=lambda one: one.loss)
    return hopeless_at_step(new, best, own, 100, 1_000, like=like)


def test_what_is_clearly_worse_at_the_same_step_is_stopped_and_says_so():
    best = record(1, 0.30, loss=0.2)
    assert stopped(record(2, 0.301), [best]) is None
    said = stopped(record(2, 0.31), [best])
    assert said == "stopped after 100 of 1,000 rows: its loss there was 0.31, that of trial 1 0.3"
    # a step is worse than any complete fit, which is no reason
    assert stopped(record(2, 0.29), [best]) is None
    assert stopped(record(2, 0.31), []) is None


def test_differences_within_chance_are_none():
    best = record(1, 0.30, loss=0.2, noise=0.02)
    assert stopped(record(2, 0.304, noise=0.02), [best]) is None
    assert stopped(record(2, 0.33, noise=0.02), [best]) is not None


def test_other_families_are_compared_by_their_own_trials():
    best = record(1, 0.30, loss=0.20)
    flat = record(2, 0.26, loss=0.25, family="linear")
    # better than the best at the step, but its like gains little by more rows
    assert stopped(record(3, 0.26, family="linear"), [best, flat]) is not None
    assert stopped(record(3, 0.20, family="linear"), [best, flat]) is None
    # and one that gains much by them isn't stopped for being worse than a flat one
    assert stopped(record(4, 0.30), [best, record(2, 0.1, loss=0.205, family="linear")]) is None
    assert stopped(record(5, 0.9, family="random_forest"), [best]) is None


def test_whoever_is_like_one_of_the_good_ones_goes_on():
    finished = [record(1, 0.30, loss=0.2), record(2, 0.34, loss=0.201), record(3, 0.40, loss=0.3)]
    assert stopped(record(4, 0.335), finished) is None
    assert stopped(record(4, 0.36), finished) is not None
    assert stopped(record(4, 0.335), finished, like=finished[0]) is not None


def test_steps_are_kept_with_the_record():
    made = record(1, 0.3)
    made.steps[100][0] = np.nan
    again = Record.from_json(json.loads(json.dumps(made.as_json())))
    assert again.steps[100][1:] == made.steps[100][1:] and np.isnan(again.steps[100][0])
    assert "steps" not in Record(1, "linear", {}, "sampler").as_json()


def make_small(patch):
    """One hold-out from 1,000 rows on, and steps of 150 and 400 rows before it."""
    patch.setattr(folds, "MEDIUM", 800)
    patch.setattr(folds, "LARGE", 1_000)
    patch.setattr(row_steps, "SIZES", (150, 400))
    patch.setattr(row_steps, "GROWTH", 3)
    patch.setattr(row_steps, "_RAREST", 10)


@pytest.fixture
def small_steps(monkeypatch):
    make_small(monkeypatch)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A search with such steps, which two tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        return run(tmp_path_factory.mktemp("found"))


def run(folder, *, trials=14, made=None, budget=None, **options):
    options = {"workers": 0, "spaces": SPACES, "families": ["linear", "lightgbm"], "events": Events()} | options
    made = small(Task.BINARY, rows=1_600) if made is None else made
    return search(made, budget=budget or Budget.unlimited(), folder=folder, trials=trials, **options)


def facts(result):
    return [(one.number, one.family, one.state, one.params, one.fold_scores, one.reason) for one in result.trials]


def test_boosting_is_brief_at_a_step_and_goes_on_as_long_as_it_gains_on_all_rows(small_steps, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("workbench.pipelines._base._BRIEF", 0.5)
    monkeypatch.setattr("workbench.search.engine.fit_fold", lambda task: (seen.append(task), fit_fold(task))[1])
    run(tmp_path, trials=3, families=["lightgbm"])
    brief, whole = ([one.params for one in seen if (one.fold > 0) is stepping] for stepping in (True, False))
    assert brief and whole
    assert all(one["rounds"] <= 0.5 / one["learning_rate"] + 1 for one in brief)
    assert all(one["rounds"] > 0.5 / one["learning_rate"] + 1 for one in whole)


def test_a_search_stops_trials_at_steps_and_none_of_them_is_compared(found):
    result = found
    stopped = [one for one in result.trials if one.reason.startswith("stopped after ")]
    assert stopped and all(one.state is TrialState.PRUNED for one in stopped)
    assert all(one.score is None and one.fold_scores == () for one in stopped)
    assert {one.reason.split(" rows")[0].split("after ")[1] for one in stopped} <= {"150 of 1,280", "400 of 1,280"}
    # the first of each family is there, whatever its steps were
    for name in ("linear", "lightgbm"):
        assert next(one for one in result.trials if one.family == name).state is TrialState.DONE
    numbers = {one.trial for one in result.leaderboard}
    assert not numbers & {one.number for one in stopped}
    assert any("150 and 400 rows before they learn from all 1,280" in sentence for sentence in result.decisions)
    logged = [entry for entry in result.log if entry.get("reason", "").startswith("stopped after")]
    assert len(logged) == len(stopped)


def test_the_same_seed_gives_the_same_search_with_steps(found, small_steps, tmp_path):
    again, process = run(tmp_path / "again"), run(tmp_path / "process", workers=1)
    assert facts(found) == facts(again) == facts(process)
    assert found.log == again.log
    assert np.array_equal(found.out_of_fold, again.out_of_fold, equal_nan=True)


def test_a_resumed_search_goes_on_comparing_steps(small_steps, tmp_path):
    before = run(tmp_path, trials=6)
    after = run(tmp_path, trials=12, resume=True)
    assert facts(after)[: len(before.trials)] == facts(before)
    late = [one for one in after.trials[len(before.trials) :] if one.reason.startswith("stopped after ")]
    assert late


def test_a_first_trial_whose_steps_would_take_long_begins_with_a_complete_fit(small_steps, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.search.scheduling.schedule._CHEAP_SHARE", 0.0)
    kept: list[dict] = []
    tell = Journal.keep_prediction
    monkeypatch.setattr(Journal, "keep_prediction", lambda self, *args: (kept.append(args[0]), tell(self, *args))[1])
    seen: dict[int, bool] = {}
    asked = Schedule.in_steps

    def in_steps(self, one):
        seen[one.number] = asked(self, one)
        return seen[one.number]

    monkeypatch.setattr(Schedule, "in_steps", in_steps)
    run(tmp_path, trials=None, budget=Budget.of(60.0), events=stopping(4))
    assert seen[1] is False and kept[0] == 1
    later = [seen[number] for number in seen if number > 1]
    assert later and all(later)


def test_the_seconds_at_steps_are_told_apart_from_those_of_a_fold(small_steps, tmp_path):
    result = run(tmp_path, trials=3, families=["lightgbm"])
    lines = (tmp_path / "studies.journal").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line).get("user_attr", {}).get("record") for line in lines]
    kept = [Record.from_json(one) for one in told if one and one["state"] == "done"]
    assert kept and len(result.trials) == 4
    for one in kept:
        assert list(one.steps) == [150, 400] and 0 < one.step_seconds < one.seconds
        assert one.fold_seconds == pytest.approx(one.seconds - one.step_seconds)
