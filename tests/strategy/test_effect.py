"""Effects: planted differences are found, nothing is found in nothing, a broken assignment stops the read-out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from strategy_cases import Case

from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.events import Events
from workbench.strategy import assign_arms, audience, plan_test, read_effects, read_playbook, recommend


@pytest.fixture
def result(case: Case) -> JourneyResult:
    strategies = recommend(
        case.table, case.segmentation, case.gaps, None, playbook=read_playbook("ecommerce"), events=Events()
    )
    test = plan_test(metric="spend", customers=3000, deviation=50, plausible=20, days=63, unit="USD")
    strategies = tuple(
        dataclasses.replace(strategy, test=dataclasses.replace(test, control_share=0.3)) for strategy in strategies
    )
    return JourneyResult(
        name="case-0001", created="", table=case.table, search=None, explanation=None,
        segmentations=(case.segmentation,), strategy_segmentation=0, gaps=case.gaps, strategies=strategies, notices=(),
        seed=0, budget_seconds=None, seconds=0, timings={}, environment={}, command="",
    )  # fmt: skip


def _outcomes(result: JourneyResult, lift: float, share: float = 0.3) -> pd.DataFrame:
    ids = result.table.frame["id"]
    arms = assign_arms(ids, share, salt="test").to_numpy()
    rng = np.random.default_rng(4)
    big = np.arange(len(ids)) < 3000
    spend = rng.normal(100, 30, len(ids)) + lift * (arms == "treated") * big
    return pd.DataFrame({"id": ids, "arm": arms, "spend_next": spend})


def test_a_planted_effect_is_found_where_it_is(result: JourneyResult) -> None:
    readout = read_effects(result, _outcomes(result, 10.0))
    overall, big, small = readout.effects
    assert big.low is not None and big.high is not None and big.low < 10 < big.high
    assert big.decision == "keep"
    assert small.decision == "unclear"
    assert overall.effect == pytest.approx(5, abs=2.5)
    assert readout.adjustment.startswith("none")


def test_a_harm_is_stopped(result: JourneyResult) -> None:
    assert read_effects(result, _outcomes(result, -10.0)).effects[1].decision == "stop"


def test_a_broken_assignment_stops_the_read_out(result: JourneyResult) -> None:
    with pytest.raises(InputError, match="unlike the planned"):
        read_effects(result, _outcomes(result, 10.0, share=0.4))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda frame: frame.drop(columns="arm"), "arm"),
        (lambda frame: frame.drop(columns="spend_next"), "--outcome"),
        (lambda frame: frame.assign(arm="B"), "only treated and control"),
        (lambda frame: pd.concat([frame, frame]), "more than one outcome"),
        (lambda frame: frame.assign(id="x" + frame["id"]), "No id"),
    ],
)
def test_unusable_outcomes_are_one_sentence(result: JourneyResult, change, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_effects(result, change(_outcomes(result, 0.0)))


def test_segments_with_unlike_shares_of_control_do_not_pass_for_an_effect(result: JourneyResult) -> None:
    play = next(strategy.play for strategy in result.strategies if strategy.play is not None)
    test = result.strategies[0].test
    assert test is not None
    strategies = tuple(
        dataclasses.replace(strategy, play=play, test=dataclasses.replace(test, control_share=share))
        for strategy, share in zip(result.strategies, (0.1, 0.5), strict=True)
    )
    planned = dataclasses.replace(result, strategies=strategies, gaps=None)
    rows = audience(planned)
    rng = np.random.default_rng(5)
    spend = np.where(rows["segment"] == 0, 400, 60) + rng.normal(0, 30, len(rows))
    overall = read_effects(planned, rows.assign(spend_next=spend)).effects[0]
    assert overall.low is not None and overall.high is not None and overall.low < 0 < overall.high
    lifted = spend + 20 * (rows["arm"] == "treated")
    overall = read_effects(planned, rows.assign(spend_next=lifted)).effects[0]
    assert overall.effect == pytest.approx(20, abs=4)
    # a rejected segment is not in the file: the plan is that of the customers who are
    one = tuple(
        dataclasses.replace(strategy, status="rejected" if strategy.segment else "accepted") for strategy in strategies
    )
    planned = dataclasses.replace(result, strategies=one, gaps=None)
    rows = audience(planned)
    assert read_effects(planned, rows.assign(spend_next=1.0 * np.arange(len(rows)))).sample_ratio_p > 0.001
