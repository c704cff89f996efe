"""Hold-outs: arms by keyed hash, power by the textbook, hopeless tests refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.strategy import assign_arms, plan_test


def test_the_same_customer_gets_the_same_arm_in_any_order() -> None:
    ids = [f"c{index}" for index in range(2000)]
    first = assign_arms(ids, 0.2, salt="spring")
    again = assign_arms(reversed(ids), 0.2, salt="spring")
    assert (first.sort_index() == again.sort_index()).all()
    assert abs((first == "control").mean() - 0.2) < 0.03
    assert (first != assign_arms(ids, 0.2, salt="autumn")).mean() > 0.2


def test_detectable_difference_has_the_promised_power() -> None:
    test = plan_test(metric="spend", customers=4000, deviation=10.0, plausible=2.0, days=28, unit="USD")
    assert test.feasible
    rng = np.random.default_rng(0)
    treated = rng.normal(test.detectable, 10, (2000, test.treated)).mean(axis=1)
    control = rng.normal(0, 10, (2000, test.control)).mean(axis=1)
    error = 10 * np.sqrt(1 / test.treated + 1 / test.control)
    assert np.mean(np.abs(treated - control) / error > 1.96) == pytest.approx(0.8, abs=0.04)


def test_a_hopeless_test_is_refused_with_an_alternative() -> None:
    test = plan_test(metric="spend", customers=100, deviation=500.0, plausible=1.0, days=28, unit="USD")
    assert not test.feasible
    assert "merge segments" in test.advice


@given(
    customers=st.integers(0, 10_000_000),
    deviation=st.floats(0, 1e9),
    plausible=st.floats(0, 1e9),
)
def test_any_numbers_give_a_plan_in_words(customers: int, deviation: float, plausible: float) -> None:
    test = plan_test(metric="m", customers=customers, deviation=deviation, plausible=plausible, days=7, unit="share")
    assert test.advice.endswith(".")
    assert test.treated + test.control == customers
