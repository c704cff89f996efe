"""One hold-out in place of folds where there is no time for folds: when, and that a resumed search keeps to it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from search_tables import small, stopping

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.errors import Stopped
from workbench.events import Events
from workbench.pipelines import Preparer
from workbench.pipelines.spaces import read_space
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search import probe, search
from workbench.search.evaluation.metrics import metric_for
from workbench.search.probe import plan_for_time
from workbench.search.setting import Setting

SPACES = Path(__file__).parent / "spaces"
NEVER, ALWAYS = 1e12, 1e-12
"""Trials that there should be time for: no fit is so fast, and none so slow."""


@pytest.fixture
def planned(monkeypatch, tmp_path):
    def plan(
        task,
        *,
        wanted,
        rows=400,
        seconds=60.0,
        trials=None,
        families=("linear", "lightgbm"),
        rare=(50, 5),
        groups=False,
        events=None,
    ):
        monkeypatch.setattr(probe, "TRIALS", wanted)
        monkeypatch.setattr(probe, "FEW_TRIALS", wanted)
        monkeypatch.setattr(probe, "_ROWS", rare[0])
        monkeypatch.setattr(probe, "_TELLING", rare[1])
        problem = problem_of(small(task, rows=rows))
        if groups:
            problem = dataclasses.replace(problem, groups=np.arange(rows) // 4)
        setting = Setting(
            problem=problem,
            plan=plan_folds(problem, seed=0),
            metric=metric_for(problem.task, None),
            spaces={name: read_space(name, SPACES) for name in families},
            budget=Budget.of(seconds) if seconds else Budget.unlimited(),
            events=events or Events(),
            folder=tmp_path,
            trials=trials,
            seed=0,
        )
        prepared = Preparer(problem.columns).fit(problem.frame).transform(problem.frame)
        return plan_for_time(setting, prepared, width=1, threads=1), setting.plan

    return plan


def test_one_hold_out_where_a_fit_takes_too_long(planned):
    found, before = planned(Task.REGRESSION, wanted=NEVER)
    assert (len(before.folds), len(found.folds), len(found.finals)) == (5, 1, 3)
    train, test = found.folds[0]
    assert sorted([*train, *test]) == list(range(400))
    assert found.resampling.kind == "hold-out"
    assert "there was no time for" in found.resampling.reason and "on 5 folds" in found.resampling.reason


def test_many_classes_have_one_hold_out_too(planned):
    found, before = planned(Task.MULTICLASS, wanted=NEVER)
    assert (len(before.folds), found.resampling.kind, len(found.finals)) == (5, "hold-out", 3)
    assert planned(Task.MULTICLASS, wanted=ALWAYS)[0].resampling.kind == "stratified"


@pytest.mark.parametrize(
    "case",
    [
        {"wanted": ALWAYS},
        {"wanted": NEVER, "trials": 5},
        {"wanted": NEVER, "seconds": None},
        {"wanted": NEVER, "families": ["linear"]},
        {"wanted": NEVER, "rare": (81, 5)},
        {"wanted": NEVER, "rare": (50, 80)},
        {"wanted": NEVER, "task": Task.BINARY},
        {"wanted": NEVER, "groups": True},
    ],
    ids=[
        "time enough",
        "counted trials",
        "no budget",
        "nothing is boosted",
        "few rows",
        "few rows decide",
        "two classes",
        "groups",
    ],
)
def test_folds_stay(planned, case):
    found, before = planned(**{"task": Task.REGRESSION, **case})
    assert found is before


def test_a_fit_that_fails_is_left_to_the_trials(planned, monkeypatch):
    def failing(*_args, **_options):
        raise ValueError("bad parameter")

    monkeypatch.setattr(type(probe.family("lightgbm")), "fit_fold", failing)
    found, before = planned(Task.REGRESSION, wanted=NEVER)
    assert found is before


def test_a_wish_to_stop_ends_the_fit(planned, monkeypatch):
    events, kind = Events(), type(probe.family("lightgbm"))
    fit_fold, ended = kind.fit_fold, []

    def asked_meanwhile(self, *args, **options):
        events.request_stop()
        fit = fit_fold(self, *args, **options)
        ended.append(not fit.complete)
        return fit

    monkeypatch.setattr(kind, "fit_fold", asked_meanwhile)
    with pytest.raises(Stopped):
        planned(Task.REGRESSION, wanted=ALWAYS, events=events)
    assert ended == [True]


def test_a_few_rows_with_most_of_the_money_are_a_small_sample():
    table = small(Task.REGRESSION, rows=1_000)
    even = problem_of(table)
    assert 100 < probe._telling(even.target) <= 1_000
    table.frame.loc[:4, "target"] = 1e5
    assert probe._telling(problem_of(table).target) == pytest.approx(5, abs=0.1)


def test_a_resumed_search_keeps_to_its_hold_out(monkeypatch, tmp_path):
    monkeypatch.setattr(probe, "TRIALS", NEVER)
    monkeypatch.setattr(probe, "_ROWS", 50)
    monkeypatch.setattr(probe, "_TELLING", 5)
    table = small(Task.REGRESSION, rows=400)
    options = {"folder": tmp_path, "workers": 0, "spaces": SPACES, "families": ["linear", "lightgbm"]}
    first = search(table, budget=Budget.of(60.0), events=stopping(4), **options)
    assert first.resampling.kind == "hold-out"
    assert any("there was no time for" in one for one in first.decisions)
    monkeypatch.setattr(probe, "TRIALS", ALWAYS)
    more = search(table, budget=Budget.of(60.0), events=stopping(2), resume=True, **options)
    assert more.resampling.kind == "hold-out"
    kept = {one.number: one.score for one in first.trials if one.state.value == "done"}
    assert len(more.trials) > len(first.trials) and len(kept) > 1
    again = {one.number: one.score for one in more.trials}
    assert all(again[number] == pytest.approx(score) for number, score in kept.items())
