"""How the time is divided among the stages follows from the table and the time alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from workbench.budget import Budget
from workbench.contracts import PurchaseHistory, Table, Task
from workbench.events import Events
from workbench.journey.settings import JourneySettings
from workbench.journey.shares import after_search, for_segments, measurable
from workbench.journey.stages import CLOSING_SECONDS, LEAST_FOR_EXPLAINING, LEAST_SECONDS, Stages

PLAIN = Table("test", pd.DataFrame(), (), (), (), Task.BINARY, "y", "0" * 64)
WORTH = replace(PLAIN, outcome="spend")
HISTORY = replace(PLAIN, history=object.__new__(PurchaseHistory))


@pytest.mark.parametrize("left", [1.0, 5.0, 27.0, 57.0, 600.0])
@pytest.mark.parametrize("full", [False, True])
def test_the_search_keeps_the_better_part(left: float, full: bool) -> None:
    kept = [after_search(table, left, full=full) for table in (PLAIN, WORTH, HISTORY)]
    assert kept == sorted(kept)
    assert all(0 < one <= max(1.0, 0.55 * left) for one in kept)


def test_long_journeys_keep_no_more_than_the_stages_need() -> None:
    assert after_search(PLAIN, 600.0, full=True) == after_search(PLAIN, 6000.0, full=True)
    assert after_search(PLAIN, 600.0, full=True) < after_search(HISTORY, 600.0, full=True) < 60


def test_without_a_limit_nothing_is_kept() -> None:
    assert after_search(HISTORY, math.inf, full=True) == 0.0


def test_segments_get_what_no_gap_needs() -> None:
    assert for_segments(HISTORY) < for_segments(WORTH) < for_segments(PLAIN) == 1.0
    assert measurable(HISTORY) and measurable(WORTH) and not measurable(PLAIN)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _parts(seconds: float, used: float, fraction: float, least: float) -> tuple[Budget | None, Events]:
    clock, events = _Clock(), Events()
    budget = Budget.of(seconds, clock=clock)
    clock.now = used
    return Stages(PLAIN, JourneySettings(), budget, events)._part(fraction, "explain", least), events


def test_a_stage_gets_its_part_of_what_the_end_does_not_need() -> None:
    part, _ = _parts(100.0, 50.0, 0.2, LEAST_SECONDS)
    assert part is not None and part.seconds == pytest.approx(0.2 * (50.0 - CLOSING_SECONDS))


def test_a_small_part_is_raised_to_the_least_that_a_stage_needs() -> None:
    part, events = _parts(10.0, 7.0, 0.2, LEAST_FOR_EXPLAINING)
    assert part is not None and part.seconds == pytest.approx(LEAST_FOR_EXPLAINING)
    assert not events.notices


def test_a_stage_without_its_least_is_left_out_and_that_is_said() -> None:
    part, events = _parts(10.0, 7.5, 0.9, LEAST_SECONDS)
    assert part is None
    assert [notice.message for notice in events.notices] == ["Left out explain: only 2 s of the budget were left."]


def test_a_stage_that_needs_no_time_is_never_left_out() -> None:
    part, events = _parts(10.0, 10.0, 0.9, 0.0)
    assert part is not None and not events.notices
