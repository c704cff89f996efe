"""Every family keeps the contract on every task: a new one in the registry is tested here without a new line."""

from __future__ import annotations

import pickle

import cloudpickle
import numpy as np
import pandas as pd
import pytest
from hostile_frames import columns, raw, target
from sklearn.base import clone

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.pipelines import (
    FAMILIES,
    Fold,
    Preparer,
    assemble,
    build_clustering,
    family,
    model_columns,
    prepared_matrix,
    source_columns,
)
from workbench.pipelines.blend import FittedModel

PARAMS = {
    "linear": [
        {"shape": shape, "penalty": penalty, "strength": 1.0}
        for shape, penalty in (("standard", "ridge"), ("quantile", "lasso"), ("spline", "elastic_net"))
    ],
    "random_forest": [
        {"kind": kind, "trees": 30, "max_features": 0.5, "min_samples_leaf": 2} for kind in ("random", "extra")
    ],
    "lightgbm": [{"num_leaves": 8, "learning_rate": 0.1, "rounds": 60, "min_data_in_leaf": 5, "bagging_fraction": 0.8}],
    "baseline": [{}],
}
CASES = [
    pytest.param(name, task, params, id=f"{name}-{task.value}-{index}")
    for name, kind in FAMILIES.items()
    for task in sorted(kind.tasks - {Task.SEGMENTS})
    for index, params in enumerate(PARAMS[name])
]


def fitted(name, task, params, frame, labels):
    kind = family(name)
    prepare = Preparer(columns()).fit(frame)
    prepared = prepare.transform(frame)
    encode = kind.encoder(params, tuple(column.name for column in prepared.derived)).fit(prepared, labels)
    model = kind.estimator(task, params, prepared.derived, seed=1, rounds=40 if name == "lightgbm" else None)
    assert kind.fit(model, encode.transform(prepared), labels)
    return assemble(prepare, encode, model)


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_pipeline_takes_raw_rows(name, task, params):
    frame = raw()
    labels = target(frame, task)
    pipeline = fitted(name, task, params, frame, labels)
    strange = raw(20, seed=9)
    strange['{"x"}'] = "never seen"
    strange.loc[3, "消费金额"] = -np.inf
    strange.loc[4] = None
    output = pipeline.predict(strange) if task is Task.REGRESSION else pipeline.predict_proba(strange)
    assert np.isfinite(output).all()
    if task is not Task.REGRESSION:
        assert list(pipeline.classes_) == sorted(set(labels))
        np.testing.assert_allclose(output.sum(axis=1), 1, atol=1e-6)
    one = strange.iloc[[5]]
    single = pipeline.predict(one) if task is Task.REGRESSION else pipeline.predict_proba(one)
    np.testing.assert_allclose(single[0], output[5], rtol=1e-6)


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_column_order_and_extra_columns_do_not_matter(name, task, params):
    frame = raw()
    pipeline = fitted(name, task, params, frame, target(frame, task))
    shuffled = frame[list(frame.columns[::-1])].assign(extra=1)
    np.testing.assert_array_equal(pipeline.predict(frame), pipeline.predict(shuffled))


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_survives_pickling_and_cloning(name, task, params):
    frame = raw()
    labels = target(frame, task)
    pipeline = fitted(name, task, params, frame, labels)
    copy = cloudpickle.loads(cloudpickle.dumps(pipeline))
    np.testing.assert_array_equal(pipeline.predict(frame), copy.predict(frame))
    # other rows give other levels and constant columns: the clone still keeps the model's columns in place
    part = frame.iloc[:150]
    again = clone(pipeline).fit(part, labels[:150])
    assert prepared_matrix(again, frame).shape[0] == len(frame)
    assert len(again.predict(frame)) == len(frame)


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_every_column_leads_back_to_its_source(name, task, params):
    frame = raw()
    pipeline = fitted(name, task, params, frame, target(frame, task))
    matrix = prepared_matrix(pipeline, frame)
    sources = source_columns(pipeline)
    assert matrix.shape == (len(frame), len(sources))
    assert len(set(model_columns(pipeline))) == len(sources)
    assert {source for each in sources for source in each} == {
        "消费金额",
        "a,b",
        '{"x"}',
        "[bold]city",
        "joined 😀",
        "opted in",
        "note",
        "many",
    }
    # blanking one source changes only the columns that are said to come from it
    blanked = prepared_matrix(pipeline, frame.assign(**{"[bold]city": None}))
    differ = np.flatnonzero((~np.isclose(matrix, blanked, equal_nan=True)).any(axis=0))
    changed = {source for place in differ for source in sources[place]}
    assert changed == {"[bold]city"}


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_fold_fit(name, task, params):
    frame = raw()
    labels = target(frame, task)
    codes = labels if task is Task.REGRESSION else np.unique(labels, return_inverse=True)[1]
    prepared = Preparer(columns()).fit(frame).transform(frame)
    rows = np.arange(len(frame))
    fold = Fold(
        prepared,
        codes,
        np.ones(len(frame)),
        rows[rows % 3 > 0],
        rows[rows % 3 == 0],
        task,
        0 if task is Task.REGRESSION else len(set(labels)),
        "rmse" if task is Task.REGRESSION else "log_loss",
    )
    first, second = (family(name).fit_fold(fold, params, seed=3) for _ in range(2))
    assert first.complete
    assert first.prediction.shape == (len(fold.test),) + (() if task is Task.REGRESSION else (fold.classes,))
    assert np.isfinite(first.prediction).all()
    np.testing.assert_array_equal(first.prediction, second.prediction)
    # what was fitted says the same by itself, also after it was kept in a file: a blend is made of such models
    kept = pickle.loads(pickle.dumps(FittedModel(first.encoder, first.estimator, task, fold.classes)))
    np.testing.assert_allclose(kept.predict(prepared.take(fold.test)), first.prediction, rtol=1e-6)
    assert family(name).size(params, 1000, fold.classes) >= 0
    assert family(name).work(task, params, 1000, 10, fold.classes) > 0


@pytest.mark.parametrize("name", ["lightgbm", "random_forest"])
def test_a_fit_ends_at_its_deadline_with_a_valid_model(name):
    """A clock that advances at each look stands for time: no test waits for it."""
    frame = raw()
    labels = target(frame, Task.BINARY)
    prepared = Preparer(columns()).fit(frame).transform(frame)
    kind = family(name)
    encode = kind.encoder({}).fit(prepared, labels)
    ticks = iter(range(10**6))
    budget = Budget(seconds=8.0, started=0.0, clock=lambda: float(next(ticks)))
    model = kind.estimator(Task.BINARY, {"trees": 5000, "rounds": 5000}, prepared.derived, seed=0)
    assert not kind.fit(model, encode.transform(prepared), labels, budget=budget)
    assert model.predict_proba(encode.transform(prepared)).shape == (len(frame), 2)
    grown = model.n_estimators if name == "random_forest" else model.booster_.current_iteration()
    assert 1 <= grown < 5000


def test_a_rare_class_that_a_fold_lacks_gets_probability_zero():
    frame = raw(60)
    prepared = Preparer(columns()).fit(frame).transform(frame)
    codes = np.arange(60) % 2
    codes[0] = 2
    rows = np.arange(60)
    fold = Fold(prepared, codes, None, rows[10:], rows[:10], Task.MULTICLASS, 3, "log_loss")
    for name in ("linear", "random_forest", "lightgbm", "baseline"):
        prediction = family(name).fit_fold(fold, {"rounds": 5, "trees": 5}, seed=0).prediction
        assert prediction.shape == (10, 3)
        assert (prediction[:, 2] < 0.05).all()


@pytest.mark.parametrize("algorithm", ["kmeans", "bisecting_kmeans", "gaussian_mixture"])
@pytest.mark.parametrize("scaling", ["standard", "quantile", "power"])
def test_clustering_pipeline(algorithm, scaling):
    frame = raw()
    params = {"algorithm": algorithm, "clusters": 3, "scaling": scaling, "reduce": 0.8 if scaling == "power" else 1.0}
    pipeline = build_clustering(params, columns(), seed=2).fit(frame)
    labels = pipeline.predict(frame)
    assert set(labels) <= {0, 1, 2}
    copy = cloudpickle.loads(cloudpickle.dumps(pipeline))
    np.testing.assert_array_equal(labels, copy.predict(frame))
    assert np.isfinite(pipeline[:-1].transform(pd.concat([frame, raw(5, seed=4)]))).all()
