"""The customer file: everybody of the segments with a play, once, in an arm that can be drawn again."""

from __future__ import annotations

import dataclasses

import pytest
from strategy_cases import Case

from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.events import Events
from workbench.strategy import audience, read_playbook, recommend


@pytest.fixture
def result(case: Case) -> JourneyResult:
    gap = case.gaps.gaps[0]
    gap = dataclasses.replace(gap, per_customer=gap.per_customer.assign(top_category="=TEA", top_category_value=2.0))
    gaps = dataclasses.replace(case.gaps, gaps=(gap,))
    strategies = recommend(
        case.table, case.segmentation, gaps, None, playbook=read_playbook("ecommerce"), events=Events()
    )
    return JourneyResult(
        name="case-0001", created="", table=case.table, search=None, explanation=None,
        segmentations=(case.segmentation,), strategy_segmentation=0, gaps=gaps, strategies=strategies, notices=(),
        seed=0, budget_seconds=None, seconds=0, timings={}, environment={}, command="",
    )  # fmt: skip


def test_every_customer_of_a_segment_with_a_play_is_there_once(result: JourneyResult) -> None:
    rows = audience(result)
    expected = sum(strategy.customers for strategy in result.strategies if strategy.play is not None)
    assert len(rows) == expected
    assert rows["id"].is_unique
    assert set(rows["arm"]) == {"treated", "control"}
    assert set(rows["category"]) == {"=TEA"}
    assert audience(result).equals(rows)
    assert not audience(dataclasses.replace(result, name="case-0002"))["arm"].equals(rows["arm"])


def test_nobody_to_contact_is_one_sentence(result: JourneyResult) -> None:
    nothing = tuple(dataclasses.replace(strategy, play=None) for strategy in result.strategies)
    with pytest.raises(InputError, match="no play"):
        audience(dataclasses.replace(result, strategies=nothing))


def test_rejected_strategies_hand_out_nobody(result: JourneyResult) -> None:
    play = next(strategy.play for strategy in result.strategies if strategy.play is not None)
    both = tuple(dataclasses.replace(strategy, play=play) for strategy in result.strategies)
    rejected = dataclasses.replace(both[0], status="rejected")
    rows = audience(dataclasses.replace(result, strategies=(rejected, *both[1:])))
    assert set(rows["segment"]) == {strategy.segment for strategy in both[1:]}
    none = tuple(dataclasses.replace(strategy, status="rejected") for strategy in both)
    with pytest.raises(InputError, match="rejected"):
        audience(dataclasses.replace(result, strategies=none))
