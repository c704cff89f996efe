"""How many rows are looked at follows from the time and never from the table alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from segment_tables import table_of

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.errors import BudgetError
from workbench.events import Events
from workbench.segments import find_segments
from workbench.segments.ground import lay_ground, usable
from workbench.segments.pace import LEAST_ROWS, MOST_ROWS, affordable_rows
from workbench.segments.reading import Reading, View


class SlowClock:
    """Every look at it costs the same, so that a growth of a tree takes ``step`` whatever the machine does."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def _numbers(rows: int, columns: int = 4) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(rows).normal(size=(rows, columns)), columns=list("abcd")[:columns])


def _read(frame: pd.DataFrame) -> tuple[View, Reading]:
    table = table_of(frame)
    view = View.learn(frame, usable(table), None)
    return view, view.read(frame)


def _rows(seconds: float, *, rows: int = 40_000, step: float = 0.001) -> int:
    view, reading = _read(_numbers(rows))
    return affordable_rows(view, reading, budget=Budget.of(seconds, clock=SlowClock(step)), seed=0)


def test_more_time_pays_for_more_rows_up_to_the_most():
    chosen = [_rows(seconds) for seconds in (0.5, 1.0, 2.0, 100.0)]
    assert chosen == sorted(chosen)
    assert chosen[0] == LEAST_ROWS
    assert LEAST_ROWS < chosen[2] < MOST_ROWS
    assert chosen[3] == MOST_ROWS


def test_a_slower_machine_looks_at_fewer_rows():
    assert _rows(8.0, step=0.004) < _rows(8.0, step=0.001)


def test_without_a_limit_no_clock_is_asked():
    view, reading = _read(_numbers(30_000))
    assert affordable_rows(view, reading, budget=Budget.unlimited(), seed=0) == MOST_ROWS


def test_a_small_table_is_looked_at_whole():
    assert _rows(1.0, rows=900) == 900


def test_where_even_the_least_would_take_far_too_long_nothing_is_begun():
    with pytest.raises(BudgetError, match=r"4 columns take about \d+ s at the least"):
        _rows(1.0, step=0.5)
    frame = _numbers(3_000)
    events = Events()
    found = find_segments(
        table_of(frame, task=Task.SEGMENTS), budget=Budget.of(1.0, clock=SlowClock(0.5)), events=events
    )
    assert found == ()
    assert any("give a longer budget" in notice.message for notice in events.notices)


def test_the_sample_is_told():
    frame = _numbers(5_000)
    events = Events()
    ground = lay_ground(table_of(frame), events, 0, Budget.of(0.5, clock=SlowClock(0.001)))
    assert len(ground.sample) == LEAST_ROWS
    assert any(f"a random {LEAST_ROWS:,} of 5,000" in notice.message for notice in events.notices)
