"""Events: listeners, kept notices, the wish to stop."""

from __future__ import annotations

import time

import pytest

from workbench.budget import Budget
from workbench.errors import Stopped
from workbench.events import Event, Events


def test_listeners_hear_in_order_and_notices_are_kept() -> None:
    heard: list[Event] = []
    events = Events(heard.append)
    events.progress("search", "half", 1, 2)
    events.notice("data", "12 rows were dropped")
    assert [event.kind for event in heard] == ["progress", "notice"]
    assert [event.message for event in events.notices] == ["12 rows were dropped"]


def test_a_listener_may_leave() -> None:
    heard: list[Event] = []
    events = Events()
    events.add_listener(heard.append)
    events.remove_listener(heard.append)
    events.notice("data", "nobody hears")
    assert heard == []


def test_stop_raises_at_the_next_look_and_wakes_what_is_paused() -> None:
    events = Events()
    events.check_stop()
    events.pause()
    assert events.paused
    events.request_stop()
    assert not events.paused
    with pytest.raises(Stopped, match="kept"):
        events.check_stop()


def test_the_time_of_an_event_counts_from_where_the_budget_does() -> None:
    budget = Budget(60.0, time.monotonic() - 7.0)
    seen: list[Event] = []
    Events(seen.append, began=budget.started).emit("stage", "data", "read")
    assert 7.0 <= seen[0].elapsed < 60.0
