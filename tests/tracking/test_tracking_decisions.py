"""What the analyst decided in the terminal interface holds wherever the run is read again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tracking_samples as samples

from workbench.contracts import JourneyResult
from workbench.tracking import RunLogger, Store
from workbench.tracking.decisions import name_tag, recall, status_tag


@pytest.fixture(scope="module")
def result() -> JourneyResult:
    return samples.journey()


def test_decisions_come_back_with_the_result(tmp_path: Path, result: JourneyResult) -> None:
    store = Store(home=tmp_path / "mlruns")
    logger = RunLogger(store)
    run_id = logger.begin(result.name, {}, {})
    logger.finish(result, None, {})
    assert store.load_result(run_id).strategies[0].status == "proposed"
    for key, value in (name_tag(result, 0, 0, "東京 [b]"), status_tag(result, 0, "rejected", "too [/] dear")):
        store.tag(run_id, key, value)
    loaded = store.load_result(result.name)
    assert (loaded.strategies[0].status, loaded.strategies[0].note) == ("rejected", "too [/] dear")
    assert loaded.segmentations[0].segments[0].name == "東京 [b]"
    assert loaded.strategies[0].segment_name == "東京 [b]"
    assert loaded.notices == result.notices


def test_segments_may_exchange_their_names(result: JourneyResult) -> None:
    tags = dict([name_tag(result, 0, 0, "Group 1"), name_tag(result, 0, 1, "Group 0")])
    assert [segment.name for segment in recall(result, tags).segmentations[0].segments] == ["Group 1", "Group 0"]


def test_what_was_decided_on_other_customers_decides_nothing_and_is_told(result: JourneyResult) -> None:
    tags = dict([name_tag(result, 0, 0, "Mine"), status_tag(result, 0, "rejected", "")])
    labels = result.segmentations[0].labels
    other = dataclasses.replace(result.segmentations[0], labels=pd.Series(np.roll(labels, 1), index=labels.index))
    again = recall(dataclasses.replace(result, segmentations=(other,)), tags)
    assert again.strategies[0].status == "proposed"
    assert again.segmentations[0].segments[0].name == "Group 0"
    assert [notice for notice in again.notices if "2 decision" in notice]
    assert recall(again, tags).notices == again.notices


def test_what_was_decided_on_another_play_decides_nothing(result: JourneyResult) -> None:
    tags = dict([status_tag(result, 0, "accepted", "")])
    play = result.strategies[0].play
    assert play is not None
    other = dataclasses.replace(result.strategies[0], play=dataclasses.replace(play, id="p2"))
    assert recall(dataclasses.replace(result, strategies=(other,)), tags).strategies[0].status == "proposed"


@pytest.mark.parametrize("value", ["", "no json", "[1]", '{"status": "burnt"}', '{"name": " "}'])
def test_tags_of_other_kinds_are_left_alone(value: str, result: JourneyResult) -> None:
    again = recall(result, {"strategy.0": value, "segment.0.0": value})
    assert again.strategies == result.strategies
    assert again.segmentations[0].segments == result.segmentations[0].segments
