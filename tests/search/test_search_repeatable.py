"""The same seed decides the same: trials, scores, champion and the log of decisions, here and in a worker process."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from search_tables import small, stopping
from test_search_run import run

from workbench.contracts import Task, TrialState


def test_same_seed_same_trials_and_scores(tmp_path):
    table = small(Task.BINARY)
    one, two = (run(table, tmp_path / name, trials=9, seed=5) for name in "ab")
    assert [(t.family, t.params, t.fold_scores, t.state) for t in one.trials] == [
        (t.family, t.params, t.fold_scores, t.state) for t in two.trials
    ]
    assert one.champion_score == two.champion_score
    pd.testing.assert_frame_equal(one.champion.predict(table.frame), two.champion.predict(table.frame))
    other = run(table, tmp_path / "c", trials=9, seed=6)
    assert [t.fold_scores for t in other.trials] != [t.fold_scores for t in one.trials]


def test_a_process_gives_what_this_process_gives(tmp_path):
    table = small(Task.REGRESSION)
    here = run(table, tmp_path / "here", trials=4)
    there = run(table, tmp_path / "there", trials=4, workers=1)
    assert [(t.params, t.fold_scores) for t in here.trials] == [(t.params, t.fold_scores) for t in there.trials]


def test_counted_trials_are_repeated_to_the_bit_beyond_the_starts_by_one_worker(tmp_path):
    table = small(Task.BINARY, 160)
    one, two = (
        run(table, tmp_path / name, trials=40, seed=2, workers=None, families=["linear", "lightgbm"]) for name in "ab"
    )
    assert "1 worker process(es) of 1 thread(s) fit the models." in one.decisions
    assert {trial.origin for trial in one.trials} >= {"portfolio", "features", "sampler"}
    assert TrialState.PRUNED in {trial.state for trial in one.trials}
    # what is begun, how it ends and why, blocks, blend, calibration: to the byte
    assert (tmp_path / "a" / "decisions.jsonl").read_bytes() == (tmp_path / "b" / "decisions.jsonl").read_bytes()
    assert [(t.params, t.fold_scores, t.state, t.reason) for t in one.trials] == [
        (t.params, t.fold_scores, t.state, t.reason) for t in two.trials
    ]
    np.testing.assert_array_equal(one.out_of_fold, two.out_of_fold)
    said = [result.champion.predict(table.frame).to_numpy() for result in (one, two)]
    np.testing.assert_array_equal(*said)


@pytest.mark.parametrize("before", [3, 8])
def test_counted_trials_go_on_until_there_are_as_many_or_as_many_again(tmp_path, before):
    table = small(Task.BINARY, 120)
    first = run(table, tmp_path, trials=8, events=stopping(before), families=["linear"])
    assert before <= sum(one.origin != "baseline" for one in first.trials) < before + 2
    rest = run(table, tmp_path, trials=8, resume=True, families=["linear"])
    assert sum(one.origin != "baseline" for one in rest.trials) == (8 if before == 3 else 16)
