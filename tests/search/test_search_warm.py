"""What a warm start takes over: the best trial of each family, once, as far as it can be tried here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from search_tables import describe, small, stopping

from workbench.budget import Budget
from workbench.contracts import Role, Task, TrialState
from workbench.events import Events
from workbench.search import search

SPACES = Path(__file__).parent / "spaces"
FAMILIES = ("linear", "lightgbm")


def run(table, folder, trials, **options):
    options = {"workers": 0, "spaces": SPACES, "families": FAMILIES, "events": Events(), "metric": "log_loss"} | options
    return search(table, budget=Budget.unlimited(), folder=folder, trials=trials, **options)


def best(result):
    """Parameters of the best trial of each family."""
    found = {}
    for trial in sorted(result.trials, key=lambda one: (one.score is None, one.score)):
        if trial.state is TrialState.DONE and trial.family in FAMILIES:
            found.setdefault(trial.family, trial.params)
    return found


def warm(result):
    return [(one.family, one.params) for one in result.trials if one.origin == "warm start"]


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "earlier"
    return folder, run(small(Task.BINARY), folder, 14)


def test_the_best_of_each_family_are_tried_first(earlier, tmp_path):
    folder, first = earlier
    result = run(small(Task.BINARY, 240), tmp_path, 3, warm=folder)
    assert dict(warm(result)) == best(first) and len(warm(result)) == len(FAMILIES)
    assert [one.origin for one in result.trials[1:3]] == ["warm start"] * 2
    # chosen, not merely the first or the last: both would be other ones
    assert any(params != first.trials[place].params for place in (1, -1) for params in best(first).values())


def test_a_search_that_goes_on_tries_those_that_had_not_begun_and_no_other_again(earlier, tmp_path):
    folder, first = earlier
    table = small(Task.BINARY, 240)
    run(table, tmp_path, 9, warm=folder, events=stopping(1))
    result = run(table, tmp_path, 3, warm=folder, resume=True)
    assert sorted(name for name, _ in warm(result)) == sorted(FAMILIES)
    assert dict(warm(result)) == best(first)
    again = run(table, tmp_path, 2, warm=folder.parent / "gone", resume=True)
    assert len(warm(again)) == len(FAMILIES)


def test_what_texts_gave_is_left_out_where_they_are_not_read(tmp_path, monkeypatch):
    rng = np.random.default_rng(3)
    table = small(Task.BINARY, 200)
    words = np.where(table.frame["target"] == "yes", "good shoes", "late parcel")
    extra = rng.choice(["red", "blue", "green", "black"], 200)
    frame = table.frame.assign(review=[f"{one} {two} indeed" for one, two in zip(words, extra, strict=True)])
    table = describe(frame, "target", Task.BINARY, {"review": Role.TEXT})
    first = run(table, tmp_path / "earlier", 4)
    assert all("text leaning" in str(params["blocks"]) for params in best(first).values())
    monkeypatch.setattr("workbench.search.run.topics_in_time", lambda *_: (0, "There was no time to read texts."))
    result = run(table, tmp_path / "later", 3, warm=tmp_path / "earlier")
    assert dict(warm(result)) == {
        name: {key: value for key, value in params.items() if key != "blocks"} for name, params in best(first).items()
    }
    assert all(one.state is not TrialState.FAILED for one in result.trials)
