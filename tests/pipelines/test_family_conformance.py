"""Every family keeps the contract on every task: a new one in the registry is tested here without a new line."""

from __future__ import annotations

import dataclasses
import pickle

import cloudpickle
import numpy as np
import pytest
from hostile_frames import columns, raw, target
from sklearn.base import clone

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.pipelines import (
    FAMILIES,
    Derived,
    Fold,
    Preparer,
    assemble,
    family,
    model_columns,
    predicted,
    prepared_matrix,
    read_space,
    source_columns,
)
from workbench.pipelines.blend import FittedModel
from workbench.pipelines.conditions import under

OWN_PARAMS = {
    "linear": [
        {"shape": shape, "penalty": penalty, "strength": 1.0}
        for shape, penalty in (("standard", "ridge"), ("quantile", "lasso"), ("spline", "elastic_net"))
    ],
    "random_forest": [
        {"kind": kind, "trees": 30, "max_features": 0.5, "min_samples_leaf": 2} for kind in ("random", "extra")
    ],
}
"""Parameters that cover more than the portfolio's first and last entry do."""
FEWER = {"rounds": 40, "trees": 30}


def params_of(name, task):
    """What the family is tried with: a new one is covered by its search space."""
    if name in OWN_PARAMS or not family(name).searchable:
        return OWN_PARAMS.get(name, [{}])
    space = read_space(name)
    starts = space.portfolio(task, 240)
    every = [{**space.fixed(task), **start.params} for start in (starts[0], starts[-1])]
    return [{key: min(value, FEWER.get(key, value)) for key, value in params.items()} for params in every]


def here(name):
    """A family as a parameter of a test, skipped where its library is missing."""
    return pytest.param(name, marks=pytest.mark.skipif(bool(family(name).missing), reason=family(name).missing))


SUPERVISED = [name for name, kind in FAMILIES.items() if kind.tasks - {Task.SEGMENTS}]
CASES = [
    pytest.param(name, task, params, id=f"{name}-{task.value}-{index}", marks=here(name).marks)
    for name in SUPERVISED
    for task in sorted(family(name).tasks - {Task.SEGMENTS})
    for index, params in enumerate(params_of(name, task))
]


def fitted(name, task, params, frame, labels):
    kind = family(name)
    prepare = Preparer(columns()).fit(frame)
    prepared = prepare.transform(frame)
    encode = kind.encoder(params, tuple(column.name for column in prepared.derived)).fit(prepared, labels)
    model = kind.estimator(task, params, prepared.derived, seed=1, rounds=FEWER["rounds"] if kind.boosts else None)
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


@pytest.mark.parametrize(("name", "task", "params"), [case for case in CASES if Task.REGRESSION not in case.values])
def test_a_model_of_labels_is_one_of_codes_as_well(name, task, params):
    frame = raw()
    labels = target(frame, task)
    pipeline = fitted(name, task, params, frame, labels)
    prepared, classes = pipeline[0].transform(frame), pipeline.classes_
    inside = family(name).in_codes(pipeline[-1], np.arange(len(classes)))
    member = FittedModel(pipeline[1], inside, task, len(classes), name)
    np.testing.assert_allclose(member.predict(prepared), pipeline.predict_proba(frame), rtol=1e-6, atol=1e-9)
    assert list(pipeline.classes_) == list(classes)


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


def thirds(task, weighted=False):
    """A fold of the raw table; its last third is held out."""
    frame = raw()
    labels = target(frame, task)
    codes = labels if task is Task.REGRESSION else np.unique(labels, return_inverse=True)[1]
    rows = np.arange(len(frame))
    return Fold(
        Preparer(columns()).fit(frame).transform(frame),
        codes,
        np.where(rows % 2, 0.5, 2.0) if weighted else None,
        rows[rows % 3 > 0],
        rows[rows % 3 == 0],
        task,
        0 if task is Task.REGRESSION else len(set(labels)),
        "rmse" if task is Task.REGRESSION else "log_loss",
    )


@pytest.mark.parametrize(("name", "task", "params"), CASES)
def test_fold_fit(name, task, params):
    fold = thirds(task)
    first, second = (family(name).fit_fold(fold, params, seed=3) for _ in range(2))
    assert first.complete
    assert first.prediction.shape == (len(fold.test),) + (() if task is Task.REGRESSION else (fold.classes,))
    assert np.isfinite(first.prediction).all()
    np.testing.assert_array_equal(first.prediction, second.prediction)
    # what was fitted says the same by itself, also after it was kept in a file: a blend is made of such models
    kept = pickle.loads(pickle.dumps(FittedModel(first.encoder, first.estimator, task, fold.classes)))
    np.testing.assert_allclose(kept.predict(fold.prepared.take(fold.test)), first.prediction, rtol=1e-6)
    assert family(name).size(params, 1000, fold.classes) >= 0
    assert family(name).work(task, params, 1000, 10, fold.classes) > 0


@pytest.mark.parametrize(("name", "task", "params"), [case for case in CASES if case.values[0] != "baseline"])
def test_weights_say_which_rows_are_right(name, task, params):
    """Every row comes twice and the two contradict each other: a model follows the heavier one, whichever it is."""
    fold = thirds(task)
    rows, once = len(fold.prepared), fold.target
    other = once.max() + once.min() - once if task is Task.REGRESSION else (once + 1) % fold.classes
    twice = dataclasses.replace(
        fold,
        prepared=fold.prepared.take(np.tile(np.arange(rows), 2)),
        target=np.concatenate([once, other]),
        train=np.concatenate([fold.train, fold.train + rows]),
        test=np.concatenate([fold.test, fold.test + rows]),  # weights also count where boosting looks when to stop
    )
    said = []
    for weights in ((20.0, 1.0), (1.0, 20.0)):
        weighted = dataclasses.replace(twice, weight=np.repeat(weights, rows), cache={})
        said.append(family(name).fit_fold(weighted, params, seed=3).prediction[: fold.test.size])
    for prediction, near, far in ((said[0], once, other), (said[1], other, once)):
        if task is Task.REGRESSION:
            assert np.abs(prediction - near[fold.test]).mean() < np.abs(prediction - far[fold.test]).mean()
        else:
            places = np.arange(fold.test.size)
            assert prediction[places, near[fold.test]].mean() > prediction[places, far[fold.test]].mean() + 0.05


@pytest.mark.parametrize(
    "name", [here(name) for name in SUPERVISED if family(name).interruptible and family(name).searchable]
)
def test_a_fit_ends_at_its_deadline_with_a_valid_model(name):
    """A clock that advances at each look stands for time: no test waits for it."""
    fold, kind = thirds(Task.BINARY), family(name)
    encode = kind.encoder({}).fit(fold.prepared, fold.target)

    def budget():
        ticks = iter(range(10**6))
        return Budget(seconds=8.0, started=0.0, clock=lambda: float(next(ticks)))

    model = kind.estimator(Task.BINARY, {"trees": 5000, "rounds": 5000}, fold.prepared.derived, seed=0)
    assert not kind.fit(model, encode.transform(fold.prepared), fold.target, budget=budget())
    assert model.predict_proba(encode.transform(fold.prepared)).shape == (240, 2)
    found = kind.fit_fold(fold, {"trees": 5000, "rounds": 5000, "learning_rate": 1e-3}, seed=0, budget=budget())
    assert not found.complete and 1 <= found.rounds < 100
    assert np.isfinite(found.prediction).all()
    held = kind.shorter({"trees": 5000, "rounds": 5000}, found.rounds)
    assert kind.fit_fold(fold, held, seed=0).complete


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION])
@pytest.mark.parametrize("name", [here(name) for name in SUPERVISED if family(name).boosts])
def test_boosting_stops_early_and_a_fit_with_its_rounds_says_the_same(name, task):
    fold, kind = thirds(task, weighted=True), family(name)
    params = {**params_of(name, task)[0], "learning_rate": 0.3, "rounds": 900}
    found = kind.fit_fold(fold, params, seed=0)
    assert found.complete and 1 <= found.rounds < 600
    again = kind.estimator(task, params, fold.prepared.derived, seed=0, rounds=found.rounds)
    matrix = found.encoder.transform(fold.prepared)
    assert kind.fit(again, matrix[fold.train], fold.target[fold.train], weight=fold.weight[fold.train])
    said = predicted(again, matrix[fold.test], task, fold.classes)
    # libraries may bin or draw a little differently where rows are held out
    assert np.corrcoef(said.ravel(), found.prediction.ravel())[0, 1] > 0.98


@pytest.mark.parametrize("name", [here(name) for name in SUPERVISED])
def test_a_rare_class_that_a_fold_lacks_gets_probability_zero(name):
    frame = raw(60)
    prepared = Preparer(columns()).fit(frame).transform(frame)
    codes = np.arange(60) % 2
    codes[0] = 2
    rows = np.arange(60)
    fold = Fold(prepared, codes, None, rows[10:], rows[:10], Task.MULTICLASS, 3, "log_loss")
    prediction = family(name).fit_fold(fold, {"rounds": 5, "trees": 5}, seed=0).prediction
    assert prediction.shape == (10, 3)
    assert (prediction[:, 2] < 0.05).all()


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_extra_trees_are_one_kind_of_forest(task):
    found = {
        kind: type(family("random_forest").estimator(task, {"trees": 5, "kind": kind}, (), seed=0)).__mro__
        for kind in ("random", "extra")
    }
    assert any("ExtraTrees" in one.__name__ for one in found["extra"])
    assert not any("ExtraTrees" in one.__name__ for one in found["random"])


@pytest.mark.parametrize("penalty", ["elastic_net", "lasso"])
def test_a_penalty_does_not_depend_on_the_unit_of_the_target(penalty):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(400, 5))
    target = matrix @ [3.0, -2.0, 0.0, 0.0, 0.5] + rng.normal(size=400)
    found = []
    for unit in (1e-6, 1.0, 1e5):
        kind = family("linear")
        model = kind.estimator(Task.REGRESSION, {"penalty": penalty, "strength": 0.3}, (), seed=0)
        kind.fit(model, matrix, target * unit)
        found.append(model.coef_ / unit)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(found[2], found[1], rtol=1e-2, atol=1e-3)
    assert abs(found[1][0] - 3.0) < 0.3


def test_a_category_is_one_on_folds_as_on_all_rows():
    """With 300 levels a fold may see few enough of them; all rows don't."""
    kind = family("hist_gradient_boosting")
    derived = tuple(Derived(f"c{n}", f"c{n}", "category", tuple(map(str, range(n)))) for n in (20, 300))
    assert kind.estimator(Task.BINARY, {}, derived, seed=0).categorical == (0,)


def test_the_work_of_linear_models_grows_with_the_levels_of_categories():
    kind = family("linear")
    few, many = (tuple(Derived("c", "c", "category", tuple(map(str, range(n)))) for _ in range(10)) for n in (2, 100))
    works = [kind.work(Task.BINARY, {}, 10_000, kind.width(derived), 2) for derived in (few, many)]
    assert works[1] > 10 * works[0]
    assert kind.width((Derived("x", "x", "number"),) * 3) == 3


MEDIANS = {
    "linear": {"loss": "absolute"},
    "lightgbm": {"objective": "regression_l1"},
    "hist_gradient_boosting": {"loss": "absolute_error"},
    "xgboost": {"loss": "absoluteerror"},
    "catboost": {"loss": "MAE"},
}


@pytest.mark.parametrize("name", [here(name) for name in MEDIANS])
def test_absolute_errors_have_a_loss_of_their_own(name):
    """The mean of what is drawn from a long tail lies far above its median."""
    kind = family(name)
    rng = np.random.default_rng(99)
    frame = raw(600, seed=5)
    prepared = Preparer(columns(), seed=0).fit(frame).transform(frame)
    y = rng.lognormal(0, 1.2, 600)
    rows = np.arange(600)
    fold = Fold(prepared, y, None, rows[200:], rows[:200], Task.REGRESSION, 0, "mae")
    usual = {"rounds": 60}
    said = [kind.fit_fold(fold, {**usual, **more}, seed=0).prediction for more in ({}, MEDIANS[name])]
    errors = [float(np.abs(one - y[:200]).mean()) for one in said]
    assert errors[1] < 0.95 * errors[0]
    starts = under(read_space(name), {"absolute"}).portfolio(Task.REGRESSION, 600)
    assert any(MEDIANS[name].items() <= start.params.items() for start in starts)
    plain = under(read_space(name), frozenset()).portfolio(Task.REGRESSION, 600)
    assert not any(MEDIANS[name].items() <= start.params.items() for start in plain)
