"""Recommendations: a play that fits, a value that follows from its assumptions, a grade that the data carry."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategy_cases import Case, make_case

from workbench.contracts import EvidenceGrade, Strategy, Task
from workbench.events import Events
from workbench.strategy import read_playbook, recommend
from workbench.strategy.wording import allows_causal, causal_words


def _recommend(case: Case, events: Events | None = None) -> tuple[Strategy, ...]:
    return recommend(
        case.table, case.segmentation, case.gaps, None, playbook=read_playbook("ecommerce"), events=events or Events()
    )


def test_a_wide_whitespace_gap_of_good_customers_gets_the_introduction(case: Case) -> None:
    big, small = _recommend(case)
    assert big.play is not None
    assert big.play.id == "cross-category"
    assert big.grade is EvidenceGrade.PREDICTIVE
    assert small.play is None or small.play.id != "cross-category"


def test_a_gap_that_did_not_hold_lowers_the_grade() -> None:
    strategies = _recommend(make_case(holds=False))
    assert {strategy.grade for strategy in strategies} == {EvidenceGrade.PLAYBOOK}


def test_a_gap_that_was_not_tested_has_not_failed_a_test() -> None:
    for strategy in _recommend(make_case(holds=False)):
        said = " ".join((*strategy.reasons, strategy.grade_reason))
        assert "could not be back-tested" in said
        assert "did not" not in said


def test_money_without_a_named_currency_is_taken_as_the_playbooks_and_that_is_said() -> None:
    told = Events()
    case = make_case(currency="")
    recommend(case.table, case.segmentation, case.gaps, None, playbook=read_playbook("ecommerce"), events=told)
    assert [event.message for event in told.notices if "names no currency" in event.message]


def test_the_value_follows_from_the_assumptions(case: Case) -> None:
    big = _recommend(case)[0]
    assert big.expected is not None and big.play is not None
    play, expected = big.play, big.expected
    gain = 0.0317 * play.value_share * 80.0 * play.margin  # PERT mean of .01, .03, .06
    cost = play.unit_cost + play.redeemer_cost * (0.0317 + play.organic_uptake)
    assert expected.total == pytest.approx(3000 * (gain - cost), rel=0.05)
    assert expected.low < expected.total < expected.high
    assert np.isclose(expected.per_customer * 3000, expected.total)


def test_a_play_that_cannot_pay_is_not_recommended() -> None:
    strategies = _recommend(make_case(gap_mean=0.5))
    assert all(strategy.expected is None or strategy.expected.total > 0 for strategy in strategies)
    assert any("No play" in reason for strategy in strategies for reason in strategy.reasons)


def test_without_gaps_no_money_is_stated(case: Case) -> None:
    strategies = recommend(
        case.table, case.segmentation, None, None, playbook=read_playbook("ecommerce"), events=Events()
    )
    assert all(strategy.expected is None for strategy in strategies)
    assert all(strategy.grade is EvidenceGrade.PLAYBOOK for strategy in strategies)


def test_another_currency_is_told() -> None:
    events = Events()
    _recommend(make_case(currency="EUR"), events)
    assert any("EUR" in notice.message for notice in events.notices)


@settings(max_examples=60, deadline=None)
@given(gap=st.floats(0, 1e5), holds=st.booleans(), effect=st.floats(-3, 3), size=st.integers(30, 300))
def test_no_card_claims_more_than_its_grade(gap: float, holds: bool, effect: float, size: int) -> None:
    for strategy in _recommend(make_case(size=size, gap_mean=gap, holds=holds, recency_effect=effect)):
        texts = [*strategy.reasons, strategy.grade_reason]
        assert allows_causal(strategy.grade) or not any(causal_words(text) for text in texts)
        assert strategy.raise_grade


def test_leaving_customers_of_unknown_value_get_a_contact_tested_on_the_target() -> None:
    case = make_case(size=2000)
    frame = case.table.frame.assign(churn=np.where(np.arange(4000) < 2000, "yes", "no"))
    columns = (*case.table.columns[:2], dataclasses.replace(case.table.columns[2], name="churn"))
    table = dataclasses.replace(
        case.table, frame=frame[["id", "recency_days", "churn"]], columns=columns, task=Task.BINARY, target="churn",
        outcome=None, currency="",
    )  # fmt: skip
    risky, safe = (
        dataclasses.replace(segment, outcome_mean=share, outcome_low=share, outcome_high=share)
        for segment, share in zip(case.segmentation.segments, (0.6, 0.05), strict=True)
    )
    segmentation = dataclasses.replace(case.segmentation, segments=(risky, safe))
    first, second = recommend(table, segmentation, None, None, playbook=read_playbook("ecommerce"), events=Events())
    assert first.play is not None and first.play.id == "service-call"
    assert first.test is not None and "'churn'" in first.test.metric
    assert second.play is None
