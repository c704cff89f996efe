"""Models kept for a blend are a comfort: where they can't be written, nothing is lost but the blend."""

from __future__ import annotations

import errno

import numpy as np
import pytest
from search_tables import small

from workbench.contracts import Task
from workbench.pipelines import Preparer
from workbench.problem.rows import problem_of
from workbench.search.executors import worker
from workbench.search.executors.worker import FoldTask, fit_fold
from workbench.search.task.store import Workspace


@pytest.fixture
def workspace():
    problem = problem_of(small(Task.BINARY, 90))
    prepared = Preparer(problem.columns).fit_transform(problem.frame)
    rows = np.arange(90)
    made = Workspace.create(problem, prepared, "roc_auc", [(rows[30:], rows[:30])])
    yield made
    made.remove()


def fit(workspace: Workspace) -> worker.FoldResult:
    keep = str(workspace.model_path(1, 0))
    return fit_fold(FoldTask(str(workspace.folder), 0, "linear", {}, 0, 1, None, keep))


def test_what_is_kept_says_what_the_fold_said(workspace):
    result = fit(workspace)
    (model,) = workspace.models(1, 1)
    np.testing.assert_allclose(model.predict(workspace.prepared)[:30], result.prediction, rtol=1e-5)
    workspace.forget_models(1)
    assert workspace.models(1, 1) == ()


def test_a_full_disk_costs_the_blend_and_not_the_trial(workspace, monkeypatch):
    def full(model, file, protocol):
        file.write(b"half a model")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(worker.pickle, "dump", full)
    result = fit(workspace)
    assert result.complete and np.isfinite(result.prediction).all()
    assert workspace.models(1, 1) == ()
    assert not [path for path in workspace.folder.iterdir() if "model-" in path.name]
