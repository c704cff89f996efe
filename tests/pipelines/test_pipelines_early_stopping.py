"""Boosting on a fold: the same model as LightGBM's own early stopping, with fewer looks, and never past its end."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from workbench.budget import Budget
from workbench.pipelines import family
from workbench.pipelines.early_stopping import boost
from workbench.pipelines.raw_family import patience_of

BINNING = {"verbosity": -1, "min_data_in_bin": 3}
OBJECTIVES = [("binary", "auc"), ("binary", "binary_logloss"), ("multiclass", "multi_logloss"), ("regression", "l2")]


def rows(objective: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(count, 5)).astype(np.float32)
    value = matrix[:, 0] + matrix[:, 1] * matrix[:, 2] + rng.normal(size=count)
    if objective == "regression":
        return matrix, value
    return matrix, np.digitize(value, [0.0] if objective == "binary" else [-0.5, 0.5]).astype(np.float64)


def binned(objective: str, **more: object) -> tuple[lightgbm.Dataset, lightgbm.Dataset, np.ndarray]:
    (inside, target), (outside, truth) = rows(objective, 600, 1), rows(objective, 300, 2)
    settings = {**BINNING, **more}
    train = lightgbm.Dataset(inside, target, params=settings).construct()
    return train, lightgbm.Dataset(outside, truth, reference=train, params=settings).construct(), outside


def settings_for(objective: str, metric: str, rate: float, **more: object) -> dict[str, object]:
    classes = {"num_class": 3} if objective == "multiclass" else {}
    return {
        "objective": objective, "metric": metric, "learning_rate": rate, "num_leaves": 7, "seed": 3, "num_threads": 1,
        "deterministic": True, "force_row_wise": True, **BINNING, **classes, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("count", "rate", "patience"),
    [(1_000, 0.01, 200), (15_000, 0.01, 200), (30_000, 0.01, 100), (1_000_000, 0.01, 20), (1_000, 0.2, 25)],
)
def test_patience_falls_with_rows_and_with_the_rate(count, rate, patience):
    assert patience_of(count, rate) == patience


@pytest.mark.parametrize(("objective", "metric"), OBJECTIVES)
def test_with_a_look_after_each_round_it_is_lightgbms_own_early_stopping(objective, metric):
    settings = settings_for(objective, metric, 0.25)
    train, held_out, _ = binned(objective)
    found = boost(settings, train, held_out, rounds=200, patience=10, budget=None)
    train, held_out, outside = binned(objective)
    own = lightgbm.train(
        settings, train, 200, valid_sets=[held_out], callbacks=[lightgbm.early_stopping(10, verbose=False)]
    )
    assert found.complete
    assert found.rounds == own.best_iteration < 200
    np.testing.assert_allclose(found.prediction, own.predict(outside), rtol=1e-9)


@pytest.mark.parametrize(("objective", "metric"), OBJECTIVES)
@pytest.mark.parametrize("linear", [False, True])
def test_what_was_said_is_what_the_best_rounds_say(objective, metric, linear):
    train, held_out, outside = binned(objective, linear_tree=linear)
    settings = settings_for(objective, metric, 0.06, linear_tree=linear)
    found = boost(settings, train, held_out, rounds=400, patience=20, budget=None)
    assert found.rounds % 4 == 0
    assert found.rounds < found.booster.current_iteration()
    said = found.booster.predict(outside, num_iteration=found.rounds)
    np.testing.assert_allclose(found.prediction, said, rtol=1e-5, atol=1e-9)


def test_the_last_round_is_looked_at_although_it_is_out_of_step():
    train, held_out, outside = binned("regression")
    found = boost(settings_for("regression", "l2", 0.01), train, held_out, rounds=7, patience=50, budget=None)
    assert found.complete
    assert found.rounds == 7
    np.testing.assert_allclose(found.prediction, found.booster.predict(outside), rtol=1e-9)


def test_a_deadline_leaves_a_model_of_the_rounds_so_far():
    now = iter(np.arange(0.0, 1e6))
    train, held_out, outside = binned("regression")
    budget = Budget(seconds=12.5, started=0.0, clock=lambda: float(next(now)))
    found = boost(settings_for("regression", "l2", 0.01), train, held_out, rounds=5_000, patience=50, budget=budget)
    assert not found.complete
    assert 1 <= found.rounds < 50
    np.testing.assert_allclose(found.prediction, found.booster.predict(outside, num_iteration=found.rounds), rtol=1e-9)


def test_several_fits_share_their_bins():
    train, held_out, _ = binned("binary")
    first, second = (
        boost(settings_for("binary", "auc", rate), train, held_out, rounds=60, patience=20, budget=None)
        for rate in (0.1, 0.1)
    )
    assert first.rounds == second.rounds
    np.testing.assert_array_equal(first.prediction, second.prediction)


@pytest.mark.parametrize("name", ["lightgbm", "hist_gradient_boosting"])
@pytest.mark.parametrize(("rate", "most"), [(0.2, 100), (0.1, 200), (0.01, 2_000)])
def test_a_brief_fit_has_rounds_to_learn_but_not_to_go_on_for_thousands(name, rate, most):
    said = family(name).briefly({"learning_rate": rate, "rounds": 5_000, "num_leaves": 63})
    assert said == {"learning_rate": rate, "rounds": most, "num_leaves": 63}
    assert family(name).briefly({"learning_rate": rate, "rounds": 50})["rounds"] == 50
    assert family("linear").briefly({"penalty": "ridge"}) == {"penalty": "ridge"}
