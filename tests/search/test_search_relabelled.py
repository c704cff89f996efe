"""A model as it was judged, fitted on class codes, says classes as the table does."""

from __future__ import annotations

import numpy as np
import pytest
from search_tables import small

from workbench.contracts import Task
from workbench.pipelines import FAMILIES, Fold, Preparer
from workbench.pipelines.blend import FittedModel
from workbench.problem.rows import problem_of
from workbench.search.champion.refit import relabelled
from workbench.search.trials.records import Record

CASES = [
    pytest.param(name, task, marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing))
    for name, kind in FAMILIES.items()
    for task in (Task.BINARY, Task.MULTICLASS, Task.REGRESSION)
    if kind.searchable and not kind.interruptible and task in kind.tasks
]


def test_families_that_come_with_the_program_are_among_them() -> None:
    named = {case.values[0] for case in CASES if not case.marks[0].args[0]}
    assert {"linear"} <= named


@pytest.mark.parametrize(("name", "task"), CASES)
def test_it_predicts_what_it_was_judged_by(name: str, task: Task) -> None:
    table = small(task, 240)
    problem = problem_of(table)
    preparer = Preparer(problem.columns).fit(problem.frame)
    prepared = preparer.transform(problem.frame)
    rows = np.arange(len(problem))
    fold = Fold(
        prepared, problem.target, None, rows[rows % 4 > 0], rows[rows % 4 == 0], problem.fold_task,
        len(problem.classes), "log_loss" if problem.classes else "rmse",
    )  # fmt: skip
    fitted = FAMILIES[name].fit_fold(fold, {"rounds": 20}, seed=0)
    kept = FittedModel(fitted.encoder, fitted.estimator, problem.fold_task, len(problem.classes), name)
    model = relabelled(problem, preparer, kept, Record(1, name, {}, "portfolio"))
    frame = problem.frame.iloc[fold.test]
    if not problem.classes:
        np.testing.assert_allclose(model.pipeline.predict(frame), fitted.prediction, rtol=1e-6)
        return
    np.testing.assert_allclose(model.pipeline.predict_proba(frame), fitted.prediction, rtol=1e-6)
    assert list(model.pipeline.classes_) == list(problem.classes)
    assert set(model.pipeline.predict(frame)) <= set(problem.classes)
