"""Work that is done once for all trials: rows are prepared once, mapped by the workers, binned once for each fold."""

from __future__ import annotations

from types import SimpleNamespace

import lightgbm
import numpy as np
import pytest
from search_tables import describe, small
from test_search_run import run

from workbench.contracts import Role, Task, TrialState
from workbench.pipelines import Preparer, expanded_fold, family
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search.executors.worker import FoldTask, fit_fold, forget
from workbench.search.run import _slots
from workbench.search.task.store import Workspace

PARAMS = {"learning_rate": 0.1, "num_leaves": 7, "rounds": 20}


@pytest.fixture
def workspace():
    problem = problem_of(small(Task.BINARY, rows=300))
    prepared = Preparer(problem.columns).fit(problem.frame).transform(problem.frame)
    made = Workspace.create(problem, prepared, "roc_auc", list(plan_folds(problem, seed=0).folds))
    yield made
    made.remove()


def test_processes_share_the_matrix_by_a_memory_map(workspace):
    opened = Workspace.open(workspace.folder)
    assert isinstance(opened.prepared.matrix, np.memmap)
    assert not opened.prepared.matrix.flags.writeable
    assert np.shares_memory(opened.fold(0).prepared.matrix, opened.fold(1).prepared.matrix)


@pytest.mark.parametrize(
    ("rows", "cores", "width", "threads"), [(200_000, 2, 2, 1), (200_001, 2, 1, 2), (1_000, 1, 1, 1), (1_000, 8, 2, 4)]
)
def test_small_tables_have_two_workers_and_large_ones_threads(rows, cores, width, threads, monkeypatch):
    monkeypatch.setattr("workbench.search.run.cores", lambda: cores)
    monkeypatch.setattr("workbench.search.run.LocalSlots", lambda *size: size)
    told = []
    setting = SimpleNamespace(
        problem=range(rows), trials=None, announce=SimpleNamespace(decision=lambda sentence: told.append(sentence))
    )
    assert _slots(setting, None) == ((width, threads), threads)
    assert told == [f"{width} worker process(es) of {threads} thread(s) fit the models."]


def test_workers_know_weights_and_groups():
    frame = small(Task.BINARY, rows=300).frame
    frame["worth"], frame["shop"] = np.linspace(1, 2, 300), np.arange(300) // 3
    table = describe(frame, "target", Task.BINARY, {"worth": Role.WEIGHT, "shop": Role.GROUP})
    problem = problem_of(table)
    prepared = Preparer(problem.columns).fit(problem.frame).transform(problem.frame)
    made = Workspace.create(problem, prepared, "roc_auc", list(plan_folds(problem, seed=0).folds))
    try:
        fold = made.fold(1)
        np.testing.assert_array_equal(fold.weight, problem.weight)
        np.testing.assert_array_equal(fold.groups, problem.groups)
        assert not set(fold.groups[fold.train]) & set(fold.groups[fold.test])
        expanded, _ = expanded_fold(fold, "arithmetic", 0)
        np.testing.assert_array_equal(expanded.groups[expanded.test], problem.groups[fold.test])
    finally:
        made.remove()


def test_rows_are_prepared_once_however_many_trials_there_are(tmp_path, monkeypatch):
    fitted = []
    fit = Preparer.fit
    monkeypatch.setattr(Preparer, "fit", lambda self, frame: (fitted.append(len(frame)), fit(self, frame))[1])
    counts = {}
    for trials in (2, 6):
        fitted.clear()
        result = run(small(Task.REGRESSION), tmp_path / str(trials), trials=trials, families=["linear", "lightgbm"])
        assert sum(one.state is TrialState.DONE for one in result.trials) > 1
        counts[trials] = len(fitted)
    assert counts[2] == counts[6] == 1


def test_a_fold_is_binned_once_for_all_of_its_trials(workspace, monkeypatch):
    made = []

    class Counted(lightgbm.Dataset):
        def __init__(self, *args, **options):
            made.append(options.get("reference"))
            super().__init__(*args, **options)

    monkeypatch.setattr(lightgbm, "Dataset", Counted)
    fold, kind = workspace.fold(0), family("lightgbm")
    # bins that were filtered by the first trial's least rows in a leaf would be none for the others
    said = [
        kind.fit_fold(fold, {**PARAMS, "num_leaves": leaves, "min_data_in_leaf": least}, seed=0).prediction
        for leaves, least in ((15, 80), (3, 2), (15, 2))
    ]
    assert len(made) == 2, "one for the training rows, one for those held out"
    fold.cache.clear()
    alone = kind.fit_fold(fold, {**PARAMS, "num_leaves": 15, "min_data_in_leaf": 2}, seed=0).prediction
    assert not np.array_equal(said[0], said[2])
    np.testing.assert_array_equal(said[2], alone)


def test_categories_reach_lightgbm_as_categories(workspace):
    fold = workspace.fold(0)
    fit = family("lightgbm").fit_fold(fold, PARAMS, seed=0)
    places = [place for place, one in enumerate(fold.prepared.derived) if one.levels]
    train = fold.cache["binned"][0]
    assert places and train.categorical_feature == places
    assert fit.complete


def test_what_blocks_took_is_told_by_the_first_fit_on_a_fold_alone(workspace):
    def fitted(blocks):
        params = {**PARAMS, **({"blocks": blocks} if blocks else {})}
        return fit_fold(FoldTask(str(workspace.folder), 0, "lightgbm", params, 0, 1, None)).expanding

    try:
        first, again = fitted("arithmetic, crosses"), fitted("arithmetic, crosses")
        assert fitted("") == 0.0
        assert 0.0 <= 20 * again < first
    finally:
        forget(str(workspace.folder))
