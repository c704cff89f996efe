"""Batches: in order, beside each other, and over when the time or the user says so."""

from __future__ import annotations

import pytest

from workbench.budget import Budget
from workbench.events import Events
from workbench.search.executors import InlineSlots
from workbench.search.executors.batch import run_batch


def test_results_come_in_the_order_of_the_tasks_and_failures_are_none() -> None:
    def halve(number: int) -> float:
        if number == 3:
            raise ValueError("odd")
        return number / 2

    found = run_batch(InlineSlots(), halve, [2, 3, 4], budget=Budget.unlimited(), events=Events())
    assert found == [1.0, None, 2.0]


@pytest.mark.parametrize("why", ["time", "user"])
def test_what_has_not_begun_by_then_is_left_out(why: str) -> None:
    clock, events, done = [0.0], Events(), []

    def work(number: int) -> int:
        done.append(number)
        if why == "time":
            clock[0] += 10.0
        else:
            events.request_stop()
        return number

    budget = Budget.of(15.0, clock=lambda: clock[0])
    found = run_batch(InlineSlots(), work, [1, 2, 3, 4], budget=budget, events=events)
    assert found[0] == 1 and found[-1] is None and len(done) < 4


def test_nothing_to_do_takes_no_time() -> None:
    assert run_batch(InlineSlots(), lambda one: one, [], budget=Budget.of(0.0), events=Events()) == []
