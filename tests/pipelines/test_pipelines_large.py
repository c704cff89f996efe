"""What is done differently for large tables gives what the plain way gives."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Task
from workbench.pipelines import Derived, Fold, Prepared, cleaning, expanded_fold, family
from workbench.pipelines import _base as base
from workbench.pipelines.encoders import LinearEncoder, OrdinalEncoder
from workbench.pipelines.encoders import linear as linear_encoder
from workbench.pipelines.row_facts import NO_FACTS
from workbench.search.executors.fit_all import fit_all

lightgbm_family = import_module("workbench.pipelines.families.lightgbm")
expanded_module = import_module("workbench.pipelines.expanded_fold")
expansion_module = import_module("workbench.pipelines.blocks.expansion")


@pytest.fixture
def prepared():
    rng = np.random.default_rng(4)
    matrix = rng.normal(size=(900, 3)).astype(np.float32)
    matrix[::7, 1] = np.nan
    matrix[:, 2] = rng.integers(0, 5, 900)
    levels = tuple("abcde")
    derived = (Derived("x", "x", "number"), Derived("y", "y", "number"), Derived("c", "c", "category", levels))
    return Prepared(matrix, derived)


@pytest.fixture
def narrow(monkeypatch):
    """Memory for a few rows only."""
    monkeypatch.setattr(linear_encoder, "_SMALL_CELLS", 1_000)
    monkeypatch.setattr(linear_encoder, "_MOST_CELLS", 4_000)
    monkeypatch.setattr(linear_encoder, "_BLOCK_ROWS", 128)
    monkeypatch.setattr(base, "_KEPT_BYTES", 1_000)
    monkeypatch.setattr(base, "_BLOCK_ROWS", 100)


def test_large_matrices_are_encoded_by_blocks_in_float32(prepared, narrow):
    encoder = LinearEncoder().fit(prepared)
    learnt = encoder.to_learn_from(prepared)
    assert learnt.dtype == np.float32
    np.testing.assert_allclose(learnt, encoder.transform(prepared), rtol=1e-6, atol=1e-6)
    few = encoder.rows_to_learn_from(900)
    assert few is not None and few.size == 4_000 // len(encoder.names_out_)
    assert np.unique(few).size == few.size and few.max() < 900
    np.testing.assert_array_equal(few, encoder.rows_to_learn_from(900))
    assert encoder.rows_to_learn_from(50) is None


def test_small_matrices_are_encoded_as_ever(prepared):
    encoder = LinearEncoder().fit(prepared)
    np.testing.assert_array_equal(encoder.to_learn_from(prepared), encoder.transform(prepared))
    assert encoder.rows_to_learn_from(len(prepared)) is None
    assert OrdinalEncoder().fit(prepared).rows_to_learn_from(10**9) is None


def test_a_fold_that_is_not_kept_says_nearly_the_same(prepared, request):
    target = (prepared.matrix[:, 0] > 0).astype(np.int64)
    rows = np.arange(900)
    fold = Fold(prepared, target, None, rows[300:], rows[:300], Task.BINARY, 2, "roc_auc")
    plain = family("linear").fit_fold(fold, {}, seed=0)
    assert fold.cache["encoded"]
    request.getfixturevalue("narrow")
    fold.cache.clear()
    sparing = family("linear").fit_fold(fold, {}, seed=0)
    assert not fold.cache["encoded"]
    assert sparing.prediction.shape == plain.prediction.shape
    assert np.abs(sparing.prediction - plain.prediction).mean() < 0.05
    assert (sparing.prediction.argmax(axis=1) == target[:300]).mean() > 0.95


@pytest.mark.parametrize("cells", [["a ", " a", "b", None, "", "  ", "3.0", "é\u00a0"], ["", None, " "]])
def test_texts_are_the_same_however_many_there_are(cells):
    few = pd.Series(cells, dtype="str")
    many = pd.Series(cells * 400, dtype="str")
    assert list(cleaning.texts(many)) == list(cleaning.texts(few)) * 400


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_rows_are_binned_in_batches_as_they_are_at_once(prepared, monkeypatch, task):
    numbers = prepared.matrix[:, 0].astype(np.float64)
    target = numbers if task is Task.REGRESSION else (numbers > 0).astype(np.int64)
    rows = np.random.default_rng(1).permutation(900)
    classes = 0 if task is Task.REGRESSION else 2
    folds = [
        Fold(prepared, target, None, np.sort(rows[300:]), np.sort(rows[:300]), task, classes, "rmse") for _ in range(2)
    ]
    at_once = family("lightgbm").fit_fold(folds[0], {"rounds": 20}, seed=0)
    monkeypatch.setattr(lightgbm_family, "_COPIED_BYTES", 100)
    in_batches = family("lightgbm").fit_fold(folds[1], {"rounds": 20}, seed=0)
    np.testing.assert_array_equal(in_batches.prediction, at_once.prediction)


def test_large_folds_are_expanded_anew_to_the_same(prepared, monkeypatch):
    target = (prepared.matrix[:, 0] > 0).astype(np.int64)
    rows = np.random.default_rng(1).permutation(900)
    fold = Fold(prepared, target, None, np.sort(rows[300:]), np.sort(rows[:300]), Task.BINARY, 2, "roc_auc")
    kept, _ = expanded_fold(fold, "arithmetic, target encoding", 0)
    fold.cache.clear()
    monkeypatch.setattr(expanded_module, "_LARGE_BYTES", 100)
    monkeypatch.setattr(expansion_module, "_FILLED_ROWS", 70)
    anew, _ = expanded_fold(fold, "arithmetic, target encoding", 0)
    assert not fold.cache["expanded"]
    np.testing.assert_array_equal(anew.prepared.matrix, kept.prepared.matrix)
    assert anew.prepared.derived == kept.prepared.derived


def test_a_model_of_some_rows_knows_every_class(prepared, narrow):
    labels = np.where(prepared.matrix[:, 0] > 0, "high", "low").astype(object)
    labels[[100, 800]] = "rare"
    few = LinearEncoder().fit(prepared).rows_to_learn_from(900)
    assert few is not None and not {100, 800} & set(few)
    fitted, _ = fit_all(
        "linear", {}, prepared, labels, facts=NO_FACTS, task=Task.MULTICLASS, classes=3, rounds=None, seed=0, threads=1,
        budget=None,
    )  # fmt: skip
    assert list(fitted.estimator.classes_) == ["high", "low", "rare"]


def test_a_forest_of_many_classes_has_as_many_trees_as_memory_allows(prepared, monkeypatch):
    module = import_module("workbench.pipelines.families.random_forest")
    kind, params = family("random_forest"), {"trees": 60, "min_samples_leaf": 1}
    matrix = np.nan_to_num(prepared.matrix)
    monkeypatch.setattr(module, "_LARGEST_BYTES", kind.size(params | {"trees": 30}, 900, 2))
    trees = {}
    for classes in (2, 90):
        forest = kind.estimator(Task.MULTICLASS, params, prepared.derived, seed=0)
        assert kind.fit(forest, matrix, np.arange(900) % classes)
        trees[classes] = len(forest.estimators_)
    assert trees[2] == 30 and trees[90] == 10
