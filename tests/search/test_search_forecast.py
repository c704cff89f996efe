"""Forecasts against scores whose further course is known."""

from __future__ import annotations

import numpy as np
import pytest
from search_tables import small, stopping
from test_search_run import run

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.events import Event
from workbench.search.insight import announce
from workbench.search.insight.forecast import FEWEST, forecast, sentence


def told(scores, trials=10.0, greater=True, seconds=60.0, metric="roc_auc"):
    return forecast(list(scores), metric=metric, greater=greater, trials=trials, seconds=seconds)


@pytest.mark.parametrize("count, more", [(20, 20), (40, 20), (100, 50)])
@pytest.mark.parametrize("kind", ["beta", "normal", "uniform"])
def test_independent_scores_gain_what_was_forecast(kind, count, more):
    generator = np.random.default_rng(3)
    forecasts, gains, covered, chances, records = [], [], [], [], []
    for _ in range(200):
        scores = {
            "beta": lambda: generator.beta(8, 2, count + more),
            "normal": lambda: generator.normal(0, 1, count + more),
            "uniform": lambda: generator.uniform(0, 1, count + more),
        }[kind]()
        found = told(scores[:count], trials=more)
        gain = max(0.0, scores.max() - scores[:count].max())
        forecasts.append(found.gain)
        gains.append(gain)
        covered.append(found.low <= gain <= found.high)
        chances.append(found.chance)
        records.append(gain > 0)
    # a hard bound can't be told from so few: there it promises too much, and the module says so
    most = {"normal": 1.5, "beta": 2.6, "uniform": 6.0}[kind]
    assert 0.7 < np.mean(forecasts) / np.mean(gains) < most
    assert np.mean(covered) > 0.85
    assert abs(np.mean(chances) - np.mean(records)) < 0.15


def test_less_is_better_mirrors_more_is_better():
    scores = np.random.default_rng(0).normal(10, 1, 30)
    up, down = told(scores), told(-scores, greater=False)
    assert up.gain == pytest.approx(down.gain)
    assert (up.low, up.high) == pytest.approx((down.low, down.high))


def test_equal_scores_promise_nothing():
    found = told([0.8] * 30)
    assert (found.gain, found.low, found.high, found.chance) == (0, 0, 0, 0)
    assert sentence(found) == "Another minute is likely worth nothing more."


def test_a_best_score_long_ago_promises_next_to_nothing():
    generator = np.random.default_rng(1)
    found = told([0.95, *generator.uniform(0.80, 0.82, 40)])
    assert found.chance == 0
    assert "nothing more" in sentence(found)


def test_more_time_is_never_worth_less():
    scores = np.random.default_rng(2).beta(8, 2, 25)
    found = [told(scores, trials=more) for more in (0, 0.3, 1, 5, 20, 100)]
    for attribute in ("gain", "high", "chance"):
        values = [getattr(one, attribute) for one in found]
        assert values == sorted(values)
    assert found[0].gain == 0 and all(one.low <= one.gain <= one.high for one in found if one.chance > 0.05)


def test_too_few_trials_are_said():
    found = told([0.7, 0.8, None, float("nan")])
    assert found.gain is None
    assert sentence(found) == (
        f"What another minute would be worth can't be said: only 2 trials were finished and {FEWEST} are needed."
    )


def test_trials_that_were_given_up_make_a_gain_less_likely():
    scores = list(np.random.default_rng(4).beta(8, 2, 20))
    lost = [one for pair in zip(scores, [None] * 20, strict=True) for one in pair]
    assert told(lost).chance < told(scores).chance
    assert told([*[None] * 40, *scores]).gain is not None
    assert told([*scores, *[None] * 300]).chance < 0.05


def test_the_distance_between_families_is_no_promise():
    generator = np.random.default_rng(5)
    linear, trees = generator.normal(1_100, 20, 6), generator.normal(540, 5, 12)
    families = ["linear"] * 6 + ["lightgbm"] * 12
    order = generator.permutation(18)
    scores = np.concatenate([linear, trees])[order]
    found = forecast(
        list(scores),
        metric="rmse",
        greater=False,
        trials=10,
        seconds=60,
        families=[families[one] for one in order],
    )
    assert found.high is not None and found.high < 30
    few = forecast(
        [1_131.0, 554.2, 1_094.0, 801.0, 546.1, 1_120.0, 1_110.0, 534.8, 540.0],
        metric="rmse",
        greater=False,
        trials=10,
        seconds=60,
        families=["linear", "lightgbm", "linear", "forest", "lightgbm", "linear", "linear", "lightgbm", "lightgbm"],
    )
    assert few.gain is None and "only 4 trials were finished of the leading families" in sentence(few)


def test_families_that_are_level_are_one_distribution():
    scores = list(np.random.default_rng(6).normal(0.8, 0.01, 24))
    assert told(scores) == forecast(
        scores, metric="roc_auc", greater=True, trials=10.0, seconds=60.0, families=["linear", "lightgbm"] * 12
    )


def test_the_sentence_names_amount_interval_and_metric():
    scores = np.random.default_rng(2).beta(8, 2, 25)
    assert sentence(told(scores, trials=50)).startswith("Another minute is likely worth 0.0")
    assert " ROC AUC (0 to 0." in sentence(told(scores, trials=50))
    assert sentence(told(scores, seconds=None)).startswith("Another 10 trials are likely worth")
    assert sentence(told(scores, seconds=12.2)).startswith("Another 12 seconds are likely worth")


def test_a_search_says_what_going_on_is_worth(tmp_path):
    from search_tables import small
    from test_search_run import run

    from workbench.contracts import Task
    from workbench.events import Events

    seen = []
    result = run(small(Task.BINARY, 120), tmp_path, trials=12, families=["linear"], events=Events(seen.append))
    assert result.forecast is not None and result.forecast.trials == 12
    assert result.forecast.gain is not None and result.forecast.seconds is None
    assert [event.data["forecast"] for event in seen if "forecast" in event.data] == [sentence(result.forecast)]
    more = run(small(Task.BINARY, 120), tmp_path, trials=1, families=["linear"], resume=True)
    assert more.forecast is not None and more.forecast.gain is not None, "trials of before count"


def test_a_search_by_the_clock_tells_what_going_on_is_worth_while_it_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(announce, "_EVERY", 0.0)
    monkeypatch.setattr(announce, "_FORECAST_EVERY", 0.0)
    heard: list[Event] = []
    run(
        small(Task.BINARY), tmp_path, trials=None, budget=Budget.of(600.0), events=stopping(14, heard.append),
        families=["linear"],
    )  # fmt: skip
    told = [event.data["forecast"] for event in heard if event.kind == "progress" and "forecast" in event.data]
    assert told and all(one.startswith("Another ") for one in told)
