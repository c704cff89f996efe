"""Budget: durations, deadlines and shares on a clock of our own."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.budget import Budget, parse_duration, process_start
from workbench.errors import InputError

ROOT = Path(__file__).resolve().parents[1]


class FakeClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("60s", 60), ("10m", 600), ("1.5h", 5400), (" 2M ", 120)])
def test_durations_are_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@given(st.text(max_size=8))
def test_any_text_is_a_duration_or_one_sentence(text: str) -> None:
    try:
        assert 0 < parse_duration(text) < math.inf
    except InputError as error:
        assert str(error).endswith(".")


def test_a_share_never_outlasts_its_budget() -> None:
    clock = FakeClock()
    budget = Budget.of(60, clock=clock)
    clock.now += 20
    share = budget.share(0.5)
    assert share.remaining == 20
    assert share.deadline < budget.deadline
    assert budget.reserving(15).remaining == 25
    assert budget.reserving(100).expired


def test_an_ended_budget_has_nothing_left() -> None:
    clock = FakeClock()
    budget = Budget.of(5, clock=clock)
    clock.now += 9
    assert budget.expired
    assert budget.remaining == 0
    assert budget.elapsed == 9


def test_unlimited_never_ends() -> None:
    budget = Budget.unlimited()
    assert not budget.limited
    assert not budget.share(0.1).expired


def test_the_process_began_before_now() -> None:
    clock = FakeClock()
    assert process_start(clock) < clock()
    assert os.getpid() > 0


def test_the_start_is_that_of_the_process_and_not_a_second_off() -> None:
    """The wall clock knows when the machine was started in whole seconds only."""
    told = "import sys, time; sys.path.insert(0, sys.argv[1])\n"
    told += "from workbench.budget import process_start\nprint(time.monotonic() - process_start())"
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-S", "-c", told, str(ROOT)], capture_output=True, text=True, check=True)
    assert 0.0 < float(done.stdout) < time.monotonic() - before + 0.05
