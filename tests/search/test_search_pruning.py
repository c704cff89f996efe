"""Which trials are stopped between folds, and that a search does it and says why."""

from __future__ import annotations

import numpy as np
import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.search import search
from workbench.search.scheduling.pruning import RELATIVE, hopeless
from workbench.search.trials.records import Record

HARD = np.array([0.30, 0.34, 0.26, 0.32, 0.28])
"""Losses of the best trial: folds differ by much more than trials do."""


def trial(number: int, losses: np.ndarray, state: TrialState = TrialState.DONE) -> Record:
    return Record(number, "linear", {}, "portfolio", state=state, losses=dict(enumerate(losses.tolist())))


BEST = trial(1, HARD)
FINISHED = [
    BEST,
    trial(2, HARD + np.array([0.010, 0.012, 0.008, 0.011, 0.009])),
    trial(3, HARD + np.array([0.02, 0.03, 0.01, 0.02, 0.02])),
]


def test_one_fold_is_enough_where_it_is_clearly_worse():
    said = hopeless(trial(9, HARD[:1] + 0.05), BEST, FINISHED)
    assert said == "after 1 fold(s) worse than trial 1 by more than chance allows"


def test_a_hard_fold_is_not_held_against_a_trial():
    """The second fold costs everybody more: only the difference to the best trial on the same fold counts."""
    assert HARD[1] > HARD[0] + 0.03
    second = Record(9, "linear", {}, "sampler", losses={1: HARD[1] + 0.001})
    assert hopeless(second, BEST, FINISHED) is None


@pytest.mark.parametrize("worse", [0.0, -0.05, 0.9 * RELATIVE * float(HARD.mean())])
def test_what_is_better_or_hardly_worse_goes_on(worse: float):
    assert hopeless(trial(9, HARD[:2] + worse), BEST, FINISHED) is None


def test_more_folds_allow_less():
    """The chance in a mean difference falls with the folds that it is a mean of."""
    differences = np.array([0.014, 0.014, 0.014])
    uneven = [BEST, trial(2, HARD + np.array([0.00, 0.02, 0.00, 0.02, 0.00]))]
    verdicts = [hopeless(trial(9, HARD[:folds] + differences[:folds]), BEST, uneven) for folds in (1, 2, 3)]
    assert verdicts[0] is None and verdicts[2] is not None


def test_nothing_is_stopped_where_there_is_nothing_to_compare_with():
    assert hopeless(trial(9, HARD), None, []) is None
    assert hopeless(Record(9, "linear", {}, "sampler"), BEST, FINISHED) is None
    assert hopeless(trial(9, np.array([np.nan])), BEST, FINISHED) is None


SPACE = """
version = 1
family = "lightgbm"
[[parameter]]
name = "learning_rate"
type = "fixed"
value = 0.1
[[parameter]]
name = "rounds"
type = "fixed"
value = 60
[[parameter]]
name = "num_leaves"
type = "int"
low = 2
high = 15
[[parameter]]
name = "lambda_l2"
type = "float"
low = 1.0
high = 100000.0
log = true
[[start]]
name = "good"
params = { num_leaves = 15, lambda_l2 = 1.0 }
[[start]]
name = "a penalty that lets nothing through"
params = { num_leaves = 2, lambda_l2 = 100000.0 }
"""


def test_a_search_stops_what_cannot_win_and_says_why(tmp_path):
    folder = tmp_path / "spaces"
    folder.mkdir()
    (folder / "lightgbm.toml").write_text(SPACE, encoding="utf-8")
    result = search(
        small(Task.REGRESSION, rows=400), budget=Budget.unlimited(), events=Events(), folder=tmp_path / "search",
        trials=2, workers=0, families=["lightgbm"], spaces=folder,
    )  # fmt: skip
    stopped = [one for one in result.trials if one.state is TrialState.PRUNED]
    assert len(stopped) == 1 and len(stopped[0].fold_scores) < result.resampling.folds
    assert stopped[0].reason.startswith("after 1 fold(s) worse than trial ")
    assert stopped[0].number not in {row.trial for row in result.leaderboard}
