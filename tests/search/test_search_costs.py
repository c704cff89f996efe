"""What a fit is expected to cost, and how long the next one may take."""

from __future__ import annotations

import pytest
from test_search_schedule import schedule

from workbench.contracts import TrialState
from workbench.search.scheduling.costs import CostModel
from workbench.search.trials.records import Record


def test_before_any_fit_the_familys_own_guess_stands() -> None:
    assert CostModel().seconds("linear", 3.0) == 3.0


def test_a_family_is_forecast_by_its_own_fits_on_the_careful_side() -> None:
    costs = CostModel()
    for seconds in (1.0, 2.0, 3.0, 4.0):
        costs.learn("lightgbm", 1.0, seconds)
    assert 2.5 < costs.seconds("lightgbm", 1.0) < 4.0
    assert costs.seconds("lightgbm", 10.0) == pytest.approx(10 * costs.seconds("lightgbm", 1.0))


def test_old_fits_are_forgotten() -> None:
    costs = CostModel()
    for seconds in [100.0] * 3 + [1.0] * 12:
        costs.learn("lightgbm", 1.0, seconds)
    assert costs.seconds("lightgbm", 1.0) == 1.0


@pytest.mark.parametrize(("others", "expected"), [(0.1, 1.0), (2.0, 2.0), (50.0, 3.0)])
def test_a_family_without_fits_is_at_most_three_times_as_slow_as_it_says(others: float, expected: float) -> None:
    costs = CostModel()
    costs.learn("linear", 1.0, others)
    assert costs.seconds("lightgbm", 1.0) == expected


def test_counted_trials_never_ask_the_clock() -> None:
    costs = CostModel(fixed=True)
    costs.learn("linear", 1.0, 50.0)
    assert costs.seconds("linear", 1.0) == costs.seconds("lightgbm", 1.0) == 1.0


def running(family: str = "lightgbm", work: float = 1.0) -> Record:
    return Record(9, family, {}, "sampler", work=work)


def test_without_an_end_a_fit_has_none() -> None:
    made, _ = schedule(("lightgbm",), float("inf"))
    assert made.limit(running()) is None


def test_a_first_fit_leaves_time_for_the_other_folds() -> None:
    made, _ = schedule(("lightgbm",), 20.0)
    limit = made.limit(running(work=100.0))
    assert limit == 20.0 / 5, "five folds on one worker"


def test_a_first_fit_may_take_some_times_what_is_expected_but_not_the_whole_search() -> None:
    made, _ = schedule(("lightgbm",), 60.0)
    first = made.limit(running(work=0.001))
    assert first == pytest.approx(0.4 * 60.0 / 5)
    made.records.append(Record(1, "lightgbm", {}, "portfolio", state=TrialState.DONE, losses={0: 1.0}))
    later = made.limit(running(work=0.001))
    assert later == pytest.approx(0.25 * 60.0 / 5), "of a family with a finished trial there is less to learn"
    assert made.limit(running(work=2.0)) > later


def test_later_folds_may_take_three_times_as_long_as_those_before() -> None:
    made, _ = schedule(("lightgbm",), 60.0)
    begun = running(work=0.001)
    begun.losses, begun.seconds = {0: 1.0, 1: 1.0}, 4.0
    assert made.limit(begun) == pytest.approx(3 * 2.0)
    made.records.append(Record(1, "lightgbm", {}, "portfolio", state=TrialState.FAILED))
    assert made.limit(begun) == pytest.approx(3 * 2.0)


def test_no_limit_is_below_what_a_worker_can_notice() -> None:
    made, _ = schedule(("lightgbm",), 0.001)
    assert made.limit(running()) == 0.05
