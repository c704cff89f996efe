"""A final fit without time for all of its rounds learns faster, so that it is complete when it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Events
from workbench.search import search
from workbench.search.champion.hastening import MOST, hastened
from workbench.search.champion.refit import rounds_of
from workbench.search.champion.reserve import Reserve
from workbench.search.trials.records import Record

SPACES = Path(__file__).parent / "spaces"


def record(family="lightgbm", rounds=(100, 200), **params):
    return Record(1, family, {"num_leaves": 15, **params}, "sampler", rounds=list(rounds))


def test_half_the_time_is_half_the_rounds_at_twice_the_rate():
    trial = record(learning_rate=0.05)
    faster = hastened(trial, expected=20.0, seconds=10.0)
    assert faster.params == {"num_leaves": 15, "learning_rate": 0.1} and faster.rounds == [50, 100]
    assert rounds_of(faster) == round(rounds_of(trial) / 2)
    # what was searched stays as it was
    assert trial.params["learning_rate"] == 0.05 and trial.rounds == [100, 200]


@pytest.mark.parametrize(
    "trial",
    [
        record(learning_rate=0.5),
        record(),
        record(rounds=(), learning_rate=0.1),
        record("random_forest", learning_rate=0.1),
        record("linear", rounds=()),
    ],
)
def test_nothing_changes_where_it_can_not(trial):
    assert hastened(trial, expected=20.0, seconds=10.0) is trial


def test_nothing_changes_where_there_is_time_and_never_too_much():
    trial = record(learning_rate=0.01)
    assert hastened(trial, expected=10.0, seconds=10.0) is trial
    assert hastened(trial, expected=1e6, seconds=0.0).params["learning_rate"] == pytest.approx(0.01 * MOST)
    assert hastened(record(learning_rate=0.2), expected=1e6, seconds=1.0).params["learning_rate"] == 0.5


def test_a_search_whose_final_fit_has_too_little_time_says_how_it_was_hastened(tmp_path, monkeypatch):
    monkeypatch.setattr(Reserve, "refit_seconds", lambda self, record: 60.0)
    result = search(
        small(Task.BINARY), budget=Budget.of(12.0), events=Events(), folder=tmp_path, families=["lightgbm"], workers=0,
        trials=2, spaces=SPACES,
    )  # fmt: skip
    told = [sentence for sentence in result.decisions if "rounds that learn faster" in sentence]
    assert len(told) == 1
    trial = next(one for one in result.trials if f"of trial {one.number} " in told[0])
    assert result.explained.params["learning_rate"] > trial.params["learning_rate"]
    estimator = result.explained.pipeline[-1]
    assert 1 <= getattr(estimator, "estimator", estimator).n_estimators < 30
