"""A blend as one model: a weighted sum of what its members say."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from workbench.contracts import Task
from workbench.pipelines import Derived, Prepared, family
from workbench.pipelines.blend import BlendClassifier, BlendRegressor, FittedModel, Speech, Voice


def rows(count: int = 300, seed: int = 0) -> tuple[Prepared, np.ndarray]:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(count, 3)).astype(np.float32)
    derived = tuple(Derived(name, (name,), "number") for name in ("消费", "b", "c"))
    return Prepared(matrix, derived), matrix[:, 0] + 0.1 * rng.normal(size=count)


def member(prepared: Prepared, target: np.ndarray, task: Task, strength: float) -> FittedModel:
    kind, params = family("linear"), {"strength": strength, "penalty": "ridge", "shape": "standard"}
    encoder = kind.encoder(params).fit(prepared, target)
    model = kind.estimator(task, params, prepared.derived, seed=0)
    kind.fit(model, encoder.transform(prepared), target)
    return FittedModel(encoder, model, task, 0 if task is Task.REGRESSION else 2, "linear")


def test_numbers_are_a_weighted_sum_and_a_shift():
    prepared, target = rows()
    one, other = (member(prepared, target, Task.REGRESSION, strength) for strength in (0.1, 10.0))
    blend = BlendRegressor((Voice(1.4, (one,), Speech()), Voice(-0.2, (other,), Speech())), shift=3.0)
    expected = 1.4 * one.predict(prepared) - 0.2 * other.predict(prepared) + 3.0
    again = pickle.loads(pickle.dumps(blend))
    np.testing.assert_allclose(again.predict(prepared), expected)


def test_a_blend_of_before_there_was_a_shift_has_none():
    prepared, target = rows()
    one = member(prepared, target, Task.REGRESSION, 1.0)
    blend = BlendRegressor((Voice(1.0, (one,), Speech()),))
    del blend.__dict__["shift"]
    np.testing.assert_allclose(pickle.loads(pickle.dumps(blend)).predict(prepared), one.predict(prepared))


@pytest.mark.parametrize("slope", [0.5, 2.0])
def test_classes_keep_their_order_however_scores_are_stretched(slope):
    prepared, target = rows()
    codes = (target > 0).astype(int)
    voice = Voice(1.0, (member(prepared, codes, Task.BINARY, 1.0),), Speech())
    plain, stretched = (BlendClassifier((voice,), ("否", "是"), value) for value in (1.0, slope))
    shares = stretched.predict_proba(prepared)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (np.argsort(shares[:, 1]) == np.argsort(plain.predict_proba(prepared)[:, 1])).mean() > 0.99
    assert set(stretched.predict(prepared)) == {"否", "是"}
