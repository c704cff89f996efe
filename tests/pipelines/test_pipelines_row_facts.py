"""Feature blocks know how much rows count: a weight is so many rows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import TargetEncoder

from workbench.contracts import Task
from workbench.pipelines import BLOCKS, Derived, Expansion, Prepared
from workbench.pipelines.blocks.level_means import LevelMeans
from workbench.pipelines.blocks.parts import parts_of
from workbench.pipelines.row_facts import RowFacts
from workbench.pipelines.terms import Terms

TASKS = {Task.REGRESSION: "continuous", Task.BINARY: "binary", Task.MULTICLASS: "multiclass"}
LEVELS = tuple(f"town {number}" for number in range(12))


def known(task: Task, rows: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(10, 3, rows) if task is Task.REGRESSION else rng.integers(0, 2 + (task is Task.MULTICLASS), rows)


def coded(rows: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 12, (rows, 2)).astype(np.float64)
    codes[rng.random((rows, 2)) < 0.1] = np.nan
    return codes


@pytest.mark.parametrize("task", TASKS)
def test_means_of_levels_are_those_of_scikit_learn(task):
    codes, target = coded(500), known(task, 500)
    parts = parts_of(target, task, RowFacts(), 0)
    ours, theirs = LevelMeans(task), TargetEncoder(target_type=TASKS[task], smooth="auto", cv=parts)
    np.testing.assert_allclose(
        ours.fit_transform(codes, target, parts), theirs.fit_transform(codes, target), rtol=1e-5, atol=1e-6
    )
    strange = np.array([[3, 99], [np.nan, 0]], dtype=np.float64)
    np.testing.assert_allclose(ours.transform(strange), theirs.transform(strange), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("task", TASKS)
def test_a_row_of_weight_three_is_three_rows(task):
    codes, target = coded(200), known(task, 200)
    weight = np.random.default_rng(1).integers(0, 4, 200)
    one, many = LevelMeans(task), LevelMeans(task)
    one.fit_transform(codes, target, parts_of(target, task, RowFacts(), 0), weight.astype(np.float64))
    again, told = np.repeat(codes, weight, axis=0), np.repeat(target, weight)
    many.fit_transform(again, told, parts_of(told, task, RowFacts(), 0))
    np.testing.assert_allclose(one.transform(codes), many.transform(codes), rtol=1e-5, atol=1e-6)


def test_levels_of_no_weight_and_of_one_value_have_means():
    codes = np.repeat([[0.0], [1.0]], 10, axis=0)
    means = LevelMeans(Task.REGRESSION)
    parts = parts_of(np.ones(20), Task.REGRESSION, RowFacts(), 0)
    said = means.fit_transform(codes, np.ones(20), parts, np.repeat([0.0, 2.0], 10))
    np.testing.assert_array_equal(said, 1.0)
    np.testing.assert_array_equal(means.transform(np.array([[0.0], [5.0]])), 1.0)
    assert means.fit_transform(codes, np.ones(20), parts, np.zeros(20)).shape == (20, 1)


def everything(rows: int = 300) -> Prepared:
    """Two numbers, two categories and a text."""
    rng = np.random.default_rng(2)
    codes = np.nan_to_num(coded(rows), nan=3.0)
    matrix = np.column_stack([rng.normal(size=(rows, 2)), codes]).astype(np.float32)
    derived = [Derived(name, (name,), "number") for name in ("income", "age")]
    derived += [Derived(name, (name,), "category", LEVELS) for name in ("town", "shop")]
    words = rng.choice(["lovely", "tight", "soft", "faded", "again"], (rows, 3))
    reader = TfidfVectorizer(dtype=np.float32)
    terms = Terms("review", reader.fit_transform(" ".join(row) for row in words), reader.get_feature_names_out())
    return Prepared(matrix, tuple(derived), (terms,))


@pytest.mark.parametrize("block", BLOCKS)
def test_rows_that_count_for_nothing_change_nothing(block):
    prepared, task = everything(), Task.REGRESSION
    counted = np.arange(300) < 200
    weight = np.where(counted, 1.5, 0.0)
    target = known(task, 300)
    other = np.where(counted, target, known(task, 300, seed=5))
    one, two = (Expansion(block, task) for _ in range(2))
    one.fit_transform(prepared, target, RowFacts(weight=weight))
    two.fit_transform(prepared, other, RowFacts(weight=weight))
    assert one.derived_ == two.derived_
    np.testing.assert_allclose(one.added(prepared), two.added(prepared), rtol=1e-3, atol=1e-3)


def test_facts_of_some_rows():
    some = RowFacts(weight=np.array([1.0, 2.0, 3.0])).take(np.array([2, 0]))
    assert some.weight is not None and some.weight.tolist() == [3.0, 1.0] and some.groups is None
