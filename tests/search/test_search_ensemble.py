"""Blending: better out of fold or not at all, honest, and the same predictions from the model as from its parts."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy.stats import spearmanr

from workbench.contracts import TrialState
from workbench.pipelines.row_facts import NO_FACTS, RowFacts
from workbench.search.blend import ensemble
from workbench.search.blend.ensemble import BEST, BEST_OF_KIND, Choice, candidates_of, choose
from workbench.search.blend.weighing import MOST_MEMBERS, Stacking, weighers_for
from workbench.search.evaluation.metrics import METRICS
from workbench.search.evaluation.paired import Gain
from workbench.search.trials.records import Record


def record(number: int, prediction: np.ndarray, loss: float, family: str = "lightgbm", **params: object) -> Record:
    return Record(
        number, family, dict(params), "portfolio", state=TrialState.DONE, losses={0: loss}, prediction=prediction
    )


def judged(truth: np.ndarray, predictions: list[np.ndarray], metric: str, families: list[str]) -> list[Record]:
    objective = METRICS[metric]
    return [
        record(number, one, objective.loss(objective.score(truth, one)), family)
        for number, (one, family) in enumerate(zip(predictions, families, strict=True), start=1)
    ]


def numbers(seed: int = 0, rows: int = 2_000) -> tuple[np.ndarray, list[Record]]:
    """Two models whose errors have nothing in common, and one that is a worse copy of the first."""
    generator = np.random.default_rng(seed)
    truth = generator.normal(size=rows)
    one, other = truth + generator.normal(size=rows), truth + generator.normal(size=rows)
    copy = one + 0.8 * generator.normal(size=rows)
    return truth, judged(truth, [one, other, copy], "rmse", ["lightgbm", "linear", "random_forest"])


def shares(classes: int, seed: int = 0, rows: int = 2_000) -> tuple[np.ndarray, list[Record]]:
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, classes, rows)
    predictions = []
    for _ in range(3):
        scores = np.eye(classes)[truth] * 1.2 + generator.normal(size=(rows, classes))
        odds = np.exp(scores)
        predictions.append(odds / odds.sum(axis=1, keepdims=True))
    metric = "roc_auc" if classes == 2 else "log_loss"
    return truth, judged(truth, predictions, metric, ["lightgbm", "linear", "random_forest"])


def chosen(truth: np.ndarray, records: list[Record], metric: str, **options: object) -> Choice | None:
    return choose(records, truth, NO_FACTS, objective=METRICS[metric], baseline_loss=np.inf, seed=0, **options)  # type: ignore[arg-type]


def test_models_that_err_apart_are_blended_and_copies_are_not() -> None:
    truth, records = numbers()
    choice = chosen(truth, records, "rmse")
    assert choice is not None
    weights = {one.number: weight for one, weight in choice.members}
    assert min(weights[1], weights[2]) > 10 * abs(weights.get(3, 0.0))
    assert choice.loss < 0.8 * choice.single_loss
    assert METRICS["rmse"].score(truth, choice.prediction) == pytest.approx(choice.loss, rel=1e-5)


def test_what_all_shrink_is_stretched() -> None:
    """A mean of predictions that are all too near the middle is so as well; a regression isn't."""
    generator = np.random.default_rng(3)
    signal = generator.normal(size=2_000)
    truth = 50 + 2 * signal + 0.5 * generator.normal(size=2_000)
    predictions = [50 + signal + 0.3 * generator.normal(size=2_000) for _ in range(3)]
    choice = chosen(truth, judged(truth, predictions, "rmse", ["lightgbm", "linear", "random_forest"]), "rmse")
    assert choice is not None and choice.loss < 0.7 * choice.single_loss
    assert sum(weight for _, weight in choice.members) > 1.5
    said = choice.shift + sum(weight * one.prediction for one, weight in choice.members if one.prediction is not None)
    assert np.allclose(said, choice.prediction, atol=0.1)


def test_a_mean_stays_where_a_regression_is_not_clearly_better() -> None:
    generator = np.random.default_rng(4)
    parts = generator.normal(size=(3, 1_000))
    truth = parts.mean(axis=0) + 0.3 * generator.normal(size=1_000)
    choice = chosen(truth, judged(truth, list(parts), "rmse", ["lightgbm", "linear", "random_forest"]), "rmse")
    assert choice is not None and choice.shift == 0.0
    assert sum(weight for _, weight in choice.members) == pytest.approx(1.0)


@pytest.mark.parametrize("metric", ["mae", "roc_auc"])
def test_only_squared_errors_are_regressed(metric: str) -> None:
    assert len(weighers_for(METRICS[metric])) == 1
    assert len(weighers_for(METRICS["rmse"])) == 2


def test_a_regression_keeps_few_members_and_constants_stay_out() -> None:
    generator = np.random.default_rng(5)
    signal = generator.normal(size=500)
    scores = signal + generator.normal(size=(12, 500))
    scores[4] = 7.0
    weights, _ = Stacking(METRICS["rmse"]).learn(scores, signal, np.ones(500))
    assert 2 <= np.count_nonzero(weights) <= MOST_MEMBERS and weights[4] == 0.0
    weights, shift = Stacking(METRICS["rmse"]).learn(np.ones((2, 500)), signal, None)
    assert not weights.any() and shift == pytest.approx(signal.mean())


@pytest.mark.parametrize("classes", [2, 4])
def test_shares_stay_shares_and_get_better(classes: int) -> None:
    truth, records = shares(classes)
    choice = chosen(truth, records, "roc_auc" if classes == 2 else "log_loss")
    assert choice is not None and choice.loss < choice.single_loss
    assert np.allclose(choice.prediction.sum(axis=1), 1.0, atol=1e-5) and (choice.prediction >= 0).all()
    best = min(METRICS["log_loss"].score(truth, one.prediction) for one in records if one.prediction is not None)
    assert METRICS["log_loss"].score(truth, choice.prediction) < best


def test_a_blend_of_what_is_left_must_stand_up_to_a_champion_that_can_not_be_a_member() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(size=2_000)
    said = [truth + rng.normal(0, noise, truth.size) for noise in (0.3, 1.0, 1.0)]
    good, *poor = records = judged(truth, said, "rmse", ["lightgbm", "linear", "random_forest"])

    def of_the_poor(single: Record | None) -> Choice | None:
        return chosen(truth, records, "rmse", usable=lambda one: one is not good, single=single)

    for single in (None, poor[0]):
        choice = of_the_poor(single)
        assert choice is not None and good not in [one for one, _ in choice.members]
    assert of_the_poor(good) is None


def test_nothing_is_blended_where_one_model_is_enough() -> None:
    generator = np.random.default_rng(1)
    good = generator.normal(size=1_000)
    truth = good + 0.1 * generator.normal(size=1_000)
    bad = good + generator.normal(size=1_000)
    assert chosen(truth, judged(truth, [good, bad], "rmse", ["lightgbm", "linear"]), "rmse") is None
    assert chosen(truth, judged(truth, [good], "rmse", ["lightgbm"]), "rmse") is None


@pytest.mark.parametrize(("errors", "taken"), [(2.0, True), (0.0, True), (-0.9, True), (-1.1, False), (-9.0, False)])
def test_a_blend_is_refused_where_it_is_worse_by_more_than_a_standard_error(
    errors: float, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensemble._Judge, "gain", lambda *_: Gain(errors * 0.01, 0.01))
    truth, records = numbers()
    assert (chosen(truth, records, "rmse") is not None) == taken


def test_the_gain_is_honest_on_noise() -> None:
    """Weights learnt from rows that they are judged by would find something in noise; these must not, on average."""
    losses, gains = [], []
    for seed in range(24):
        generator = np.random.default_rng(seed)
        truth = generator.integers(0, 2, 300)
        predictions = []
        for _ in range(8):
            one = generator.random(300)
            predictions.append(np.column_stack([1 - one, one]))
        choice = chosen(truth, judged(truth, predictions, "roc_auc", ["lightgbm"] * 8), "roc_auc")
        if choice is not None:
            losses.append(choice.loss)
            gains.append(choice.gain.mean)
    # models that know nothing are worth nothing together, and are said to be
    assert abs(0.5 - np.mean(losses)) < 0.02
    assert abs(np.mean(gains)) < 0.02


def test_a_lucky_trial_does_not_stand_before_a_blend() -> None:
    """Of twenty models that are equally good one has the best score by luck: the blend is nearer to the truth."""
    beaten_by_luck = 0
    for seed in range(8):
        generator = np.random.default_rng(seed)
        signal = generator.normal(size=300)
        truth = (generator.random(300) < 1 / (1 + np.exp(-signal))).astype(int)
        predictions = []
        for _ in range(20):
            share = 1 / (1 + np.exp(-(signal + 0.3 * generator.normal(size=300))))
            predictions.append(np.column_stack([1 - share, share]))
        records = judged(truth, predictions, "roc_auc", ["lightgbm"] * 20)
        choice = chosen(truth, records, "roc_auc")
        if choice is None or choice.loss <= choice.single_loss:
            continue
        beaten_by_luck += 1
        lucky = min(records, key=lambda one: one.loss).prediction
        assert lucky is not None
        assert spearmanr(choice.prediction[:, 1], signal)[0] > spearmanr(lucky[:, 1], signal)[0]
    assert beaten_by_luck >= 3


def test_rows_without_a_prediction_stay_without() -> None:
    truth, records = numbers()
    for one in records:
        assert one.prediction is not None
        one.prediction[:500] = np.nan
    choice = chosen(truth, records, "rmse")
    assert choice is not None
    assert np.isnan(choice.prediction[:500]).all() and np.isfinite(choice.prediction[500:]).all()


def test_trials_without_a_model_or_time_for_one_are_left_out() -> None:
    truth, records = numbers()
    choice = chosen(truth, records, "rmse", usable=lambda one: one.number != 2)
    assert choice is None or all(one.number != 2 for one, _ in choice.members)


def test_candidates_fall_behind_and_never_come_back() -> None:
    generator = np.random.default_rng(3)
    records: list[Record] = []
    out: set[int] = set()
    for number in range(1, 60):
        family = str(generator.choice(["lightgbm", "linear", "random_forest"]))
        records.append(record(number, np.zeros(2), float(generator.random()), family, kind=str(generator.integers(2))))
        now = {one.number for one in candidates_of(records)}
        assert not now & out
        out |= {one.number for one in records} - now
    assert len(now) <= BEST + 6 * BEST_OF_KIND
    assert MOST_MEMBERS < BEST


def test_models_hardly_better_than_the_baseline_are_no_candidates() -> None:
    records = [record(1, np.zeros(2), 0.1), record(2, np.zeros(2), 0.9, "linear")]
    assert [one.number for one in candidates_of(records, baseline_loss=1.0)] == [1]


def test_weights_of_rows_decide_how_high_shares_are() -> None:
    """Positives were drawn ten times as often as they are; forests, too, must come down to what there is."""
    generator = np.random.default_rng(11)
    truth = (np.arange(3_000) % 2).astype(np.int64)
    weight = np.where(truth == 1, 0.1, 1.0)
    records = []
    for number in (1, 2):
        odds = np.exp(1.5 * (2 * truth - 1) + generator.normal(0, 1.5, 3_000))
        share = odds / (1 + odds)
        records.append(record(number, np.column_stack([1 - share, share]), 0.3 + number / 1_000, "random_forest"))
    choice = choose(records, truth, RowFacts(weight), objective=METRICS["log_loss"], baseline_loss=np.inf, seed=0)
    assert choice is not None
    said = np.average(choice.prediction[:, 1], weights=weight)
    # half of the rows are positive, a tenth of their weight is
    assert said == pytest.approx(np.average(truth, weights=weight), abs=0.04)


def test_a_hundred_classes_are_blended_from_fewer_rows_and_forecast_to_take_longer() -> None:
    truth, records = shares(100, rows=6_000)
    choice = chosen(truth, records, "log_loss")
    assert choice is not None and choice.loss < choice.single_loss
    assert np.isfinite(choice.prediction).all() and choice.prediction.shape == (6_000, 100)
    forecasts = [ensemble.forecast_seconds(20_000, 12, classes) for classes in (0, 2, 10, 100)]
    assert forecasts == sorted(forecasts) and forecasts[0] < forecasts[3] < 10


@pytest.mark.parametrize("groups", [2, 40])
def test_rows_of_one_group_are_on_one_side_of_what_weights_are_judged_by(groups: int) -> None:
    """What a model knows of a group is no merit where the group is new: all rows of it are left out together."""
    generator = np.random.default_rng(12)
    of = generator.integers(groups, size=2_000)
    truth, records = numbers()
    choice = choose(records, truth, RowFacts(None, of), objective=METRICS["rmse"], baseline_loss=np.inf, seed=0)
    assert choice is not None and choice.loss < choice.single_loss
    assert np.isfinite(choice.prediction).all()


def test_what_holds_in_one_group_only_is_found_out_by_the_other() -> None:
    """A member that is right in half of the groups is trusted by weights learnt there, which fail in the others."""
    generator = np.random.default_rng(3)
    truth, of = generator.normal(size=2_000) * 3, np.arange(2_000) % 2
    even = truth + generator.normal(size=2_000)
    partial = truth + generator.normal(size=2_000) * np.where(of == 0, 0.1, 6.0)
    records = judged(truth, [even, partial], "rmse", ["linear", "lightgbm"])
    common = {"objective": METRICS["rmse"], "baseline_loss": np.inf, "seed": 0}
    mixed = choose(records, truth, RowFacts(None, None), **common)
    apart = choose(records, truth, RowFacts(None, of), **common)
    assert mixed is not None and mixed.loss < 1
    assert apart is None or apart.loss > 1.5 * mixed.loss


@pytest.mark.parametrize(("classes", "shifted"), [(5, True), (30, False)])
def test_shares_of_forests_are_shifted_only_where_classes_are_few(classes: int, shifted: bool) -> None:
    truth, records = shares(classes)
    for one in records:
        one.family = "random_forest"
    choice = chosen(truth, records, "log_loss")
    assert choice is not None
    assert all(bool(np.ptp(np.asarray(one.shift)) > 0) is shifted for one in choice.speeches)


def test_a_few_held_out_rows_of_many_are_all_that_is_kept_in_memory() -> None:
    truth, records = shares(20, rows=2_000)
    whole = np.full((400_000, 20), np.nan, dtype=np.float32)
    for one in records:
        assert one.prediction is not None
        table = whole.copy()
        table[100_000:102_000] = one.prediction
        one.prediction = table
    codes = np.zeros(400_000, dtype=np.int64)
    codes[100_000:102_000] = truth
    tracemalloc.start()
    choice = chosen(codes, records, "log_loss")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert choice is not None and choice.prediction.shape == whole.shape
    assert np.isfinite(choice.prediction[100_000:102_000]).all() and np.isnan(choice.prediction[:100_000]).all()
    assert peak < 4 * whole.nbytes, "as tables of all rows they would take twice that for each trial"
