"""The best trials of a large table on folds over all rows: who is checked, and who becomes the champion."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from search_tables import small

from workbench.budget import Budget
from workbench.contracts import Task, TrialState
from workbench.events import Events
from workbench.problem import folds
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.champion.finals import MOST, Finals, finalists
from workbench.search.evaluation.metrics import METRICS
from workbench.search.evaluation.paired import gain_over_parts, losses_by_part
from workbench.search.trials.records import Record

SPACES = Path(__file__).parent / "spaces"


def record(number, loss, **params):
    made = Record(number, "lightgbm", params, "sampler", state=TrialState.DONE, seconds=1.0)
    made.losses[0] = loss
    return made


def test_finalists_are_those_that_the_hold_out_can_not_tell_apart():
    records = [record(1, 0.300), record(2, 0.302), record(3, 0.31), record(4, 0.3025), record(5, 0.3029)]
    assert [one.number for one in finalists(records[0], records)] == [1, 2, 4]
    assert len(finalists(records[0], records)) == MOST
    scaled = record(6, 0.301, target_scale="unskewed")
    assert scaled not in finalists(records[0], [*records, scaled])


def test_losses_by_part_leave_out_what_is_not_known():
    truth = np.array([0, 1, 0, 1, 1, 1])
    said = np.column_stack([1 - truth, truth]).astype(float)
    said[0] = np.nan
    losses = losses_by_part(said, truth, None, np.array([0, 0, 1, 1, 2, 2]), METRICS["roc_auc"])
    assert np.isnan(losses[[0, 2]]).all() and losses[1] == 0.0
    assert gain_over_parts(losses, losses).error == np.inf


def settled(quality, *, seconds=None, stopped=False):
    """Args: quality: noise of each trial's predictions on the final folds; ``seconds`` are left."""
    problem = problem_of(small(Task.REGRESSION, rows=2_000))
    rows = np.arange(len(problem))
    divisions = tuple((rows[rows % 3 != fold], rows[rows % 3 == fold]) for fold in range(3))
    records = [record(number, 0.3 + number / 10_000) for number in quality]
    judged, decisions, notices = [], [], []

    def judge(one, numbers, _seconds):
        judged.append((one.number, numbers))
        noise = np.random.default_rng(one.number).normal(0, quality[one.number], len(problem))
        return problem.target + noise

    setting = SimpleNamespace(
        plan=SimpleNamespace(folds=divisions[:1], finals=divisions),
        problem=problem,
        objective=METRICS["rmse"],
        seed=0,
        budget=Budget.unlimited() if seconds is None else Budget.of(seconds, clock=lambda: 0.0),
        announce=SimpleNamespace(decision=decisions.append),
        events=SimpleNamespace(notice=lambda _stage, sentence: notices.append(sentence)),
    )
    engine = SimpleNamespace(records=records, stopped=stopped, slots=SimpleNamespace(width=1))
    finals = Finals(setting, engine, lambda record: 1.0)
    finals._predicted = judge
    champion, said = finals.settled(records[0])
    return champion.number, said, judged, decisions + notices


def test_another_finalist_takes_the_place_of_the_best_only_where_it_is_clearly_better():
    number, said, judged, told = settled({1: 1.0, 2: 0.5, 3: 2.0})
    assert number == 2 and said is not None
    assert judged == [(1, [1, 2, 3]), (2, [1, 2, 3]), (3, [1, 2, 3])]
    assert any(one.startswith("Trial 2 took the place of trial 1") for one in told)
    number, _, _, told = settled({1: 1.0, 2: 1.0, 3: 2.0})
    assert number == 1
    assert told[-1] == "It stays the champion against 2 other finalist(s) on these folds."


@pytest.mark.parametrize(("seconds", "checked"), [(3.0, 0), (6.0, MOST)])
def test_nobody_is_checked_without_time_for_it(seconds, checked):
    number, said, judged, told = settled({1: 1.0, 2: 1.0, 3: 1.0}, seconds=seconds)
    assert (number, len(judged)) == (1, checked)
    assert (said is None) == any("No time was left" in one for one in told)


@pytest.mark.parametrize(
    ("folds", "seconds", "kept"), [(3, 60.0, 6.0), (3, 600.0, 11.7), (3, 30.0, 0.0), (0, 60.0, 0.0)]
)
def test_a_tenth_of_the_time_is_kept_for_finals_where_one_check_fits_in_it(folds, seconds, kept):
    division = (np.arange(100), np.arange(100, 150))
    setting = SimpleNamespace(
        plan=SimpleNamespace(folds=(division,), finals=(division,) * folds),
        budget=Budget.of(seconds, clock=lambda: 0.0),
    )
    finals = Finals(setting, SimpleNamespace(slots=SimpleNamespace(width=1)), lambda record: 1.0)
    assert finals.reserve(record(1, 0.3)) == pytest.approx(kept)
    assert finals.reserve(None) == 0.0


def test_a_search_that_was_stopped_has_no_finals():
    number, said, judged, _ = settled({1: 1.0, 2: 0.5}, stopped=True)
    assert (number, said, judged) == (1, None, [])


def test_a_single_champion_of_a_large_table_has_out_of_fold_predictions_for_all_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.search.champion.ending.choose", lambda *args, **options: None)
    monkeypatch.setattr(folds, "MEDIUM", 300)
    monkeypatch.setattr(folds, "LARGE", 400)
    result = search(
        small(Task.BINARY, rows=600), budget=Budget.unlimited(), events=Events(), folder=tmp_path, workers=0, trials=8,
        families=["linear"], spaces=SPACES,
    )  # fmt: skip
    assert any("was checked on 3 folds over all rows" in sentence for sentence in result.decisions)
    assert np.isfinite(result.out_of_fold).all()
