"""What a trial adds to the blend of those before it, and which family that makes next."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.contracts import TrialState
from workbench.search.blend.standing import Standing
from workbench.search.evaluation.metrics import METRICS
from workbench.search.scheduling.chooser import FamilyChooser
from workbench.search.trials.records import Record

ROWS = 4_000
RMSE = METRICS["rmse"]


def record(number: int, prediction: np.ndarray | None, truth: np.ndarray, family: str = "linear") -> Record:
    made = Record(number, family, {}, "sampler")
    made.state = TrialState.DONE if prediction is not None else TrialState.PRUNED
    if prediction is not None:
        made.prediction = prediction.astype(np.float32)
        made.losses = {0: RMSE.loss(RMSE.score(truth, prediction, None))}
    return made


@pytest.fixture
def truth() -> np.ndarray:
    return np.random.default_rng(0).normal(size=ROWS)


@pytest.fixture
def standing(truth: np.ndarray) -> Standing:
    return Standing(truth, None, RMSE, float(truth.std()), seed=0)


def off(truth: np.ndarray, seed: int, error: float = 0.5) -> np.ndarray:
    return truth + np.random.default_rng(seed).normal(0, error, ROWS)


def test_the_first_trial_is_worth_everything(standing: Standing, truth: np.ndarray) -> None:
    assert standing.gain(record(1, off(truth, 1), truth)) == np.inf


def test_a_worse_trial_with_other_errors_adds(standing: Standing, truth: np.ndarray) -> None:
    standing.gain(record(1, off(truth, 1), truth))
    assert standing.gain(record(2, off(truth, 2, 0.6), truth)) > 0.05


def test_the_same_again_adds_nothing(standing: Standing, truth: np.ndarray) -> None:
    same = off(truth, 1)
    standing.gain(record(1, same, truth))
    assert standing.gain(record(2, same, truth)) == 0
    assert standing.gain(record(3, same + 0.001, truth)) == 0


def test_what_was_stopped_early_adds_nothing(standing: Standing, truth: np.ndarray) -> None:
    assert standing.gain(record(1, None, truth)) == 0


def test_rows_that_one_trial_never_held_out_are_not_judged(standing: Standing, truth: np.ndarray) -> None:
    part = off(truth, 1)
    part[: ROWS // 2] = np.nan
    standing.gain(record(1, part, np.where(np.isnan(part), 0, truth)))
    second = record(2, off(truth, 2), truth)
    assert standing.gain(second) >= 0 and np.isfinite(standing.loss)


def test_many_trials_keep_the_best(standing: Standing, truth: np.ndarray) -> None:
    losses = []
    for number in range(1, 25):
        standing.gain(record(number, off(truth, number, 0.5), truth))
        losses.append(standing.loss)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.3


def shares(chooser: FamilyChooser, names: list[str]) -> dict[str, float]:
    first = [chooser.order(names)[0] for _ in range(600)]
    return {name: first.count(name) / len(first) for name in names}


def test_the_family_that_adds_comes_more_often() -> None:
    chooser = FamilyChooser(("a", "b"), seed=0)
    for number in range(12):
        for name, gain in (("a", 0.1), ("b", 0.1 if number == 0 else 0.0)):
            chooser.learn(Record(number, name, {}, "sampler"), 1.0, gain)
    found = shares(chooser, ["a", "b"])
    assert found["a"] > 0.8 and found["b"] > 0.03


def test_a_dear_family_that_adds_nothing_is_seldom_drawn() -> None:
    chooser = FamilyChooser(("cheap", "dear"), seed=0)
    for number in range(12):
        chooser.learn(Record(number, "cheap", {}, "sampler"), 1.0, 0.1)
        chooser.learn(Record(number, "dear", {}, "sampler"), 20.0, 0.0)
    assert shares(chooser, ["cheap", "dear"])["dear"] < 0.08


def test_a_family_without_a_trial_comes_first() -> None:
    chooser = FamilyChooser(("a", "b"), seed=0)
    chooser.learn(Record(1, "a", {}, "sampler"), 1.0, 0.1)
    assert shares(chooser, ["a", "b"])["b"] > 0.85


def test_only_rows_that_trials_predict_are_drawn():
    """One hold-out of many rows: among three thousand rows drawn from all, hardly any would be held out."""
    rng = np.random.default_rng(8)
    truth = rng.normal(size=200_000)
    held_out = np.sort(rng.choice(truth.size, 4_000, replace=False))
    standing = Standing(truth, None, RMSE, float(truth.std()), seed=0, held_out=held_out)
    prediction = np.full(truth.size, np.nan)
    prediction[held_out] = truth[held_out] + rng.normal(0, 0.5, held_out.size)
    loss = float(np.sqrt(np.mean((prediction[held_out] - truth[held_out]) ** 2)))
    one = record(1, prediction, truth)
    one.losses = {0: loss}
    assert standing.gain(one) == np.inf
    assert standing.loss == pytest.approx(loss, rel=0.05)


def test_a_class_that_is_rare_among_the_held_out_rows_is_among_those_drawn():
    rng = np.random.default_rng(1)
    truth = np.zeros(100_000, dtype=np.int64)
    held_out = np.sort(rng.choice(truth.size, 15_000, replace=False))
    truth[held_out[[7, 5_000, 9_000, 14_000]]] = 1
    for seed in range(5):
        standing = Standing(truth, None, METRICS["roc_auc"], 0.5, seed=seed, held_out=held_out, ranks=True)
        assert standing._truth.sum() == 4
