"""Feature blocks: readable columns, honest on the rows that they are learnt from, and every one leads back."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hostile_frames import columns, raw, target
from sklearn.base import clone

from workbench.contracts import Task
from workbench.pipelines import (
    BLOCKS,
    Derived,
    ExpandedEncoder,
    Expansion,
    Fold,
    Prepared,
    Preparer,
    assemble,
    blocks_for,
    expanded_fold,
    family,
    model_columns,
    prepared_matrix,
    source_columns,
)
from workbench.pipelines.blocks.parts import parts_of
from workbench.pipelines.row_facts import RowFacts

TASKS = (Task.REGRESSION, Task.BINARY, Task.MULTICLASS)
ALL = ", ".join(BLOCKS)
LEVELS = tuple(f"town {number}" for number in range(60))


def numbers(*names: str) -> tuple[Derived, ...]:
    return tuple(Derived(name, (name,), "number") for name in names)


def towns(rows: int = 600, seed: int = 0) -> tuple[Prepared, np.ndarray]:
    """A category of sixty levels that says nothing, and a target."""
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([rng.integers(0, 60, rows), rng.normal(size=rows)]).astype(np.float32)
    derived = (Derived("town", ("town",), "category", LEVELS), *numbers("size"))
    return Prepared(matrix, derived), rng.normal(size=rows)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("task", TASKS)
def test_columns_are_named_finite_or_missing_and_lead_back(block, task):
    frame = raw()
    prepared = Preparer(columns()).fit(frame).transform(frame)
    if block not in blocks_for(prepared, task, 3):
        pytest.skip("nothing to make of these columns")
    expansion = Expansion(block, task)
    expanded = expansion.fit_transform(prepared, target(frame, task))
    names = [column.name for column in expanded.derived]
    assert len(set(names)) == len(names)
    assert len(expansion.derived_) <= 30
    np.testing.assert_array_equal(expanded.matrix[:, : prepared.shape[1]], prepared.matrix)
    assert not np.isinf(expanded.matrix).any()
    raw_columns = {source for column in prepared.derived for source in column.sources}
    assert all(set(column.sources) <= raw_columns and column.sources for column in expansion.derived_)
    strange = prepared.matrix[:7].copy()
    strange[0], strange[1] = np.nan, 999
    assert not np.isinf(expansion.transform(Prepared(strange, prepared.derived)).matrix).any()
    again = pickle.loads(pickle.dumps(expansion)).transform(prepared).matrix
    np.testing.assert_array_equal(again, expansion.transform(prepared).matrix)


def test_rows_do_not_know_their_own_target():
    prepared, noise = towns()
    expansion = Expansion("target encoding", Task.REGRESSION)
    trained = expansion.fit_transform(prepared, noise)
    means = [place for place, column in enumerate(trained.derived) if column.name == "town · mean target"]
    honest = np.corrcoef(trained.matrix[:, means[0]], noise)[0, 1]
    naive = np.corrcoef(expansion.transform(prepared).matrix[:, means[0]], noise)[0, 1]
    assert naive > 0.2 > abs(honest) + 0.05


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY])
def test_rows_do_not_know_the_target_of_their_group(task):
    """Five rows a customer, all of one town and one target: other rows of the same customer would give it away."""
    customers = np.repeat(np.arange(240), 5)
    rng = np.random.default_rng(3)
    town, noise = rng.integers(0, 60, 240)[customers], rng.normal(size=240)[customers]
    known = noise if task is Task.REGRESSION else (noise > 0).astype(np.intp)
    matrix = np.column_stack([town, rng.normal(size=1_200)]).astype(np.float32)
    prepared = Prepared(matrix, (Derived("town", ("town",), "category", LEVELS), *numbers("size")))

    def said(groups):
        trained = Expansion("target encoding", task).fit_transform(prepared, known, RowFacts(groups=groups))
        place = [column.name for column in trained.derived].index("town · mean target")
        return np.corrcoef(trained.matrix[:, place], known)[0, 1]

    assert said(None) > 0.2 > abs(said(customers)) + 0.05


@pytest.mark.parametrize("groups", [None, "some", "one"])
@pytest.mark.parametrize("task", TASKS)
def test_every_row_is_left_out_once_and_groups_whole(task, groups):
    rng = np.random.default_rng(4)
    known = rng.normal(size=90) if task is Task.REGRESSION else np.repeat([0, 1, 1], 30)
    codes = {None: None, "some": rng.integers(10, 30, 90), "one": np.zeros(90, dtype=np.intp)}[groups]
    parts = parts_of(known, task, RowFacts(groups=codes), 0)
    assert len(parts) == 5
    assert sorted(np.concatenate([left_out for _, left_out in parts])) == list(range(90))
    for learnt, left_out in parts:
        assert not set(learnt) & set(left_out) and len(learnt) + len(left_out) == 90
        if groups == "some":
            assert not set(codes[learnt]) & set(codes[left_out])


def test_a_ratio_that_decides_is_found_and_named():
    rng = np.random.default_rng(1)
    income, age, other = rng.lognormal(3, 1, 3000), rng.uniform(18, 80, 3000), rng.normal(size=3000)
    matrix = np.column_stack([income, age, other]).astype(np.float32)
    prepared = Prepared(matrix, numbers("income", "age", "other"))
    expansion = Expansion("arithmetic", Task.BINARY).fit(prepared, (income / age > 0.4).astype(int))
    assert expansion.derived_[0].name == "income ÷ age"
    assert expansion.derived_[0].sources == ("income", "age")


def test_a_ratio_to_nought_is_missing():
    rng = np.random.default_rng(1)
    matrix = rng.uniform(1, 2, (500, 2)).astype(np.float32)
    prepared = Prepared(matrix, numbers("a", "b"))
    expansion = Expansion("arithmetic", Task.REGRESSION).fit(prepared, matrix[:, 0] / matrix[:, 1])
    place = next(place for place, column in enumerate(expansion.derived_) if "÷" in column.name)
    values = expansion.transform(Prepared(np.zeros((1, 2), dtype=np.float32), prepared.derived)).matrix[0, 2 + place]
    assert np.isnan(values)


def test_crossed_categories_that_decide_together_are_found():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, (4000, 3)).astype(np.float32)
    names = ("sex", "smoker", "region")
    prepared = Prepared(codes, tuple(Derived(name, (name,), "category", ("a", "b", "c", "d")) for name in names))
    both = (codes[:, 0].astype(int) ^ codes[:, 1].astype(int)) == 0
    expansion = Expansion("crosses", Task.BINARY).fit(prepared, np.where(both, "yes", "no"))
    assert expansion.derived_[0].name == "sex & smoker · mean target"
    told = expansion.transform(prepared).matrix[:, 3]
    assert told[both].min() > 0.9 and told[~both].max() < 0.1


def test_dates_are_only_subtracted_from_each_other():
    rng = np.random.default_rng(3)
    joined, ordered = rng.uniform(0, 900, 2000), rng.uniform(900, 1800, 2000)
    derived = (
        Derived("joined · days", ("joined",), "date"),
        Derived("ordered · days", ("ordered",), "date"),
        *numbers("visits"),
    )
    matrix = np.column_stack([joined, ordered, rng.normal(size=2000)]).astype(np.float32)
    expansion = Expansion("arithmetic", Task.REGRESSION).fit(Prepared(matrix, derived), ordered - joined)
    assert [column.name for column in expansion.derived_] == ["joined · days − ordered · days"]


def empty(*derived: Derived) -> Prepared:
    return Prepared(np.empty((0, len(derived)), dtype=np.float32), derived)


def test_blocks_that_suit():
    assert blocks_for(empty(*numbers("a")), Task.REGRESSION, 0) == ()
    assert blocks_for(empty(*numbers("a", "b")), Task.REGRESSION, 0) == ("arithmetic",)
    few = Derived("sex", ("sex",), "category", ("f", "m"))
    many = Derived("town", ("town",), "category", LEVELS)
    assert blocks_for(empty(few, many), Task.BINARY, 2) == ("target encoding", "crosses")
    assert blocks_for(empty(few, many), Task.MULTICLASS, 40) == ()
    assert blocks_for(empty(few, *numbers("a")), Task.BINARY, 2) == ("group means",)


@pytest.mark.parametrize("task", TASKS)
def test_an_expanded_fold_learns_from_its_training_rows_alone(task):
    frame = raw()
    labels = target(frame, task)
    codes = labels if task is Task.REGRESSION else np.unique(labels, return_inverse=True)[1]
    prepared = Preparer(columns()).fit(frame).transform(frame)
    rows = np.arange(len(frame))
    classes = 0 if task is Task.REGRESSION else len(set(labels))
    fold = Fold(prepared, codes, None, rows[rows % 3 > 0], rows[rows % 3 == 0], task, classes, "log_loss")
    expanded, expansion = expanded_fold(fold, ALL, 0)
    assert expanded_fold(fold, ALL, 0)[0] is expanded
    np.testing.assert_array_equal(expanded.target[expanded.test], codes[fold.test])
    # other targets in the test rows change nothing
    other = codes.copy()
    other[fold.test] = codes[fold.test][::-1]
    changed = Fold(prepared, other, None, fold.train, fold.test, task, classes, "log_loss")
    np.testing.assert_array_equal(expanded_fold(changed, ALL, 0)[0].prepared.matrix, expanded.prepared.matrix)
    np.testing.assert_array_equal(
        expansion.transform(prepared.take(fold.test)).matrix, expanded.prepared.matrix[expanded.test]
    )


@pytest.mark.parametrize("name", ["linear", "random_forest", "lightgbm"])
@pytest.mark.parametrize("task", TASKS)
def test_every_family_takes_them(name, task):
    frame = raw()
    labels = target(frame, task)
    prepare = Preparer(columns()).fit(frame)
    prepared = prepare.transform(frame)
    params = {"shape": "standard", "penalty": "ridge", "strength": 1.0, "kind": "random", "trees": 20, "rounds": 20,
              "max_features": 0.5, "min_samples_leaf": 2}  # fmt: skip
    kind = family(name)
    names = tuple(column.name for column in prepared.derived)
    encode = ExpandedEncoder(Expansion(ALL, task), kind.encoder(params), names)
    matrix = encode.fit_transform(prepared, labels)
    model = kind.estimator(task, params, prepared.derived, seed=0, rounds=20)
    kind.fit(model, matrix, labels)
    pipeline = assemble(prepare, encode, model)
    assert prepared_matrix(pipeline, frame).shape[1] == len(model_columns(pipeline)) == len(source_columns(pipeline))
    shuffled = frame[list(frame.columns[::-1])]
    np.testing.assert_array_equal(pipeline.predict(frame), pipeline.predict(shuffled))
    again = clone(pipeline).fit(frame.iloc[:150], labels[:150])
    assert len(again.predict(frame)) == len(frame)


def test_a_level_is_counted_as_often_as_it_was_learnt_from():
    """Known levels by their rows among those learnt from, missing ones as a level of their own, others not at all."""
    rows = np.concatenate([np.repeat(np.arange(20), np.arange(1, 21)), np.full(7, np.nan)]).astype(np.float32)
    matrix = np.column_stack([rows, np.linspace(0, 1, rows.size)]).astype(np.float32)
    prepared = Prepared(matrix, (Derived("town", ("town",), "category", LEVELS), *numbers("size")))
    expansion = Expansion("target encoding", Task.REGRESSION).fit(prepared, np.linspace(0, 1, rows.size))
    asked = np.array([[0, 0], [19, 0], [np.nan, 0], [55, 0]], dtype=np.float32)
    said = expansion.transform(Prepared(asked, prepared.derived))
    place = [column.name for column in said.derived].index("town · rows of its level")
    np.testing.assert_allclose(said.matrix[:, place], np.log1p([1, 20, 7, 0]), rtol=1e-6)
