"""Long work beside the questions: told of, stopped, waited for, forgotten; a defect in it is no end of anything."""

from __future__ import annotations

import threading

import pytest

from workbench.errors import InputError
from workbench.worker.background import Background


@pytest.fixture
def background():
    made = Background()
    made.seen = []
    made.told = lambda: made.seen.extend(made.changes())
    return made


def wait(background, state, kind="trust"):
    for _ in range(500):
        view = background.view(kind, "explained")
        if view is not None and view["state"] == state:
            return view
        threading.Event().wait(0.01)
    raise AssertionError(f"never {state}: {background.view(kind, 'explained')}")


def test_progress_and_what_has_grown_are_told_and_the_end(background):
    def work(events):
        events.progress("explain", "a step [/]", 1, 4)
        events.emit("result", "explain", "more", grown=600)
        events.emit("result", "explain", "somebody else's result", rows=3)

    background.start("trust", "explained", "run-1", work)
    ended = wait(background, "done")
    assert ended["run"] == "run-1" and ended["grown"] == 600 and (ended["done"], ended["total"]) == (1, 4)
    assert [view["message"] for view in background.seen].count("a step [/]") >= 1
    assert background.seen[-1]["state"] == "done" and background.changes() == []


def test_it_stops_at_its_next_step_and_what_follows_waits_for_its_end(background):
    reached, gate, order = threading.Event(), threading.Event(), []

    def stubborn(events):
        reached.set()
        gate.wait(5)
        order.append("first ends")
        events.check_stop()

    background.start("trust", "explained", "run-1", stubborn)
    background.start("trust", "explained", "run-1", lambda events: order.append("never"))  # it is under way
    assert reached.wait(5)
    background.stop("trust", "explained")
    assert background.view("trust", "explained")["state"] == "stopping"
    background.start("trust", "explained", "run-1", lambda events: order.append("second"))
    assert order == []
    gate.set()
    wait(background, "done")
    assert order == ["first ends", "second"]
    assert "stopped" not in [view["state"] for view in background.seen]  # of the piece that nobody looks at any more


def test_a_stop_is_told_as_one(background):
    gate = threading.Event()

    def work(events):
        while not gate.wait(0.01):
            events.check_stop()

    background.start("trust", "explained", "run-1", work)
    background.stop("trust", "explained")
    assert wait(background, "stopped")["error"] == ""


def test_failures_are_sentences_and_defects_have_a_trace(background, capsys):
    def wrong(events):
        raise InputError("Nothing [/] to do.")

    def broken(events):
        raise KeyError("oh")

    background.start("trust", "explained", "run-1", wrong)
    assert wait(background, "failed")["error"] == "Nothing [/] to do."
    background.start("explanation", "explained", "run-1", broken)
    told = wait(background, "failed", "explanation")
    assert "defect" in told["error"] and "KeyError" in told["detail"] and "KeyError" in capsys.readouterr().err


def test_what_is_forgotten_ends_and_is_told_no_more(background):
    gate, ended = threading.Event(), threading.Event()

    def work(events):
        gate.wait(5)
        try:
            events.check_stop()
        finally:
            ended.set()

    background.start("trust", "explained", "run-1", work)
    background.forget()
    told = len(background.seen)
    gate.set()
    assert ended.wait(5)
    threading.Event().wait(0.05)
    assert background.view("trust", "explained") is None and len(background.seen) == told
