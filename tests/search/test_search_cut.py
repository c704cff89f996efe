"""Fits that don't end in time: held to the rounds that there is time for, or cut, and the search ends when it must.

The families are made for these tests and taken up as a user's own are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import SearchResult, Task, TrialState
from workbench.events import Events
from workbench.search import search

CODE = """
import time
from dataclasses import replace

from workbench.contracts import Task
from workbench.pipelines.families.lightgbm import LightGBM


class Late(LightGBM):
    name, title, place, default = "late", "Late", 200, False

    def fit_fold(self, fold, params, *, seed, threads=1, budget=None):
        time.sleep({sleep})
        ends = int(params["rounds"]) <= {rounds}
        fit = super().fit_fold(fold, {{**params, "rounds": {rounds}}}, seed=seed, threads=threads)
        return replace(fit, rounds={rounds}, complete=ends)
"""
SPACE = """
version = 1
family = "late"
[[parameter]]
name = "num_leaves"
type = "int"
low = 4
high = 16
[[parameter]]
name = "rounds"
type = "fixed"
value = 900
[[start]]
name = "some"
params = { num_leaves = 8 }
"""

Searched = Callable[..., SearchResult]


@pytest.fixture
def searched(tmp_path: Path) -> Iterator[Searched]:
    """A search of the late family alone."""
    from workbench.pipelines.own_families import adopt

    def run(*, rounds: int, sleep: float = 0.0, budget: Budget | None = None, **options: int | None) -> SearchResult:
        (tmp_path / "late.py").write_text(CODE.format(rounds=rounds, sleep=sleep), encoding="utf-8")
        (tmp_path / "late.toml").write_text(SPACE, encoding="utf-8")
        return search(
            small(Task.REGRESSION), budget=budget or Budget.unlimited(), events=Events(), folder=tmp_path / "run",
            families=["late"], spaces=tmp_path, own_families=True, **options,
        )  # fmt: skip

    yield run
    adopt(None)


def test_a_trial_whose_first_fold_was_cut_goes_on_with_the_rounds_that_it_had_time_for(searched: Searched) -> None:
    found = searched(rounds=50, trials=1, workers=0)
    (trial,) = [one for one in found.trials if one.family == "late"]
    assert trial.state is TrialState.DONE
    assert trial.params["rounds"] == 50
    assert len(trial.fold_scores) == 5, "all folds were fitted with as many rounds"
    assert any("Trial 1 was held to 50 rounds, for which there is time." in one for one in found.decisions)


def test_a_handful_of_rounds_is_no_model(searched: Searched) -> None:
    found = searched(rounds=3, trials=1, workers=0)
    (trial,) = [one for one in found.trials if one.family == "late"]
    assert trial.state is TrialState.CUT
    assert trial.reason == "a fit reached its time limit before it was complete"
    assert found.champion.family == "baseline"


def test_a_fit_that_does_not_end_is_cut_and_the_search_ends_with_the_baseline(searched: Searched) -> None:
    budget = Budget.of(4.0)
    found = searched(rounds=900, sleep=300.0, budget=budget, workers=1)
    assert not budget.expired, "what was computed after the cut is there in time, too"
    (trial,) = [one for one in found.trials if one.family == "late"]
    assert trial.state is TrialState.CUT
    assert trial.reason == "the time was up before it had all its folds"
    assert found.champion.family == "baseline"
    assert found.champion.predict(small(Task.REGRESSION).frame).notna().all().all()


def test_what_was_finished_before_counts(searched: Searched) -> None:
    """The first trial is quick; whatever runs when the time is up is cut, and the first is the champion."""
    found = searched(rounds=900, sleep=0.4, budget=Budget.of(5.0), workers=2)
    states = [one.state for one in found.trials if one.family == "late"]
    assert states[0] is TrialState.DONE
    assert set(states) <= {TrialState.DONE, TrialState.CUT, TrialState.PRUNED}
    assert found.champion.family in ("late", "ensemble")


SLEEPER = """
import time

from workbench.pipelines.families.linear import Linear


class Sleeper(Linear):
    name, title, place, default = "sleeper", "Sleeper", 200, False

    def fit_fold(self, fold, params, *, seed, threads=1, budget=None):
        time.sleep(300)
"""


def test_a_fit_that_cannot_end_itself_does_not_cost_the_others_their_time(tmp_path: Path) -> None:
    from workbench.pipelines.own_families import adopt

    (tmp_path / "sleeper.py").write_text(SLEEPER, encoding="utf-8")
    space = SPACE.replace('"late"', '"sleeper"')
    (tmp_path / "sleeper.toml").write_text(space, encoding="utf-8")
    try:
        found = search(
            small(Task.REGRESSION), budget=Budget.of(14.0), events=Events(), folder=tmp_path / "run", workers=1,
            families=["linear", "sleeper"], spaces=tmp_path, own_families=True,
        )  # fmt: skip
    finally:
        adopt(None)
    first = next(one for one in found.trials if one.family == "sleeper")
    assert first.state is TrialState.CUT and "far longer than it may" in first.reason
    assert any(one.number > first.number and one.state is TrialState.DONE for one in found.trials)
