"""Long work beside the questions: told of, stopped, waited for, forgotten; a defect in it is no end of anything."""

from __future__ import annotations

import threading

import pytest

from workbench.errors import InputError
from workbench.worker.background import Background
from workbench.worker.news import News


class Seen(Background):
    """Remembers what was told, and is waited for."""

    def __init__(self):
        self.seen, self.arrived = [], threading.Condition()
        super().__init__(self.take)

    def take(self, view):
        with self.arrived:
            self.seen.append(view)
            self.arrived.notify_all()

    def wait(self, state, kind="trust"):
        """The first state of that name that was told."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.told(state, kind), timeout=30), f"never {state}: {self.seen}"
            return self.told(state, kind)[0]

    def told(self, state, kind="trust"):
        return [view for view in self.seen if view["kind"] == kind and view["state"] == state]


@pytest.fixture
def background():
    return Seen()


def test_progress_and_what_has_grown_are_told_and_the_end(background):
    def work(events):
        events.progress("explain", "a step [/]", 1, 4)
        events.emit("result", "explain", "more", grown=600)
        events.emit("result", "explain", "somebody else's result", rows=3)

    background.start("trust", "explained", "run-1", work)
    ended = background.wait("done")
    assert ended["run"] == "run-1" and ended["grown"] == 600 and (ended["done"], ended["total"]) == (1, 4)
    assert [view["message"] for view in background.seen] == ["", "a step [/]", "a step [/]", ""]
    assert background.view("trust", "explained") == ended == background.seen[-1]
    order = [view["at"] for view in background.seen]
    assert order == sorted(set(order))  # of two states one knows the newer one


def test_it_stops_at_its_next_step_and_what_follows_waits_for_its_end(background):
    reached, gate, order = threading.Event(), threading.Event(), []

    def stubborn(events):
        reached.set()
        gate.wait(30)
        order.append("first ends")
        events.check_stop()

    background.start("trust", "explained", "run-1", stubborn)
    background.start("trust", "explained", "run-1", lambda events: order.append("never"))  # it is under way
    assert reached.wait(30)
    background.stop("trust", "explained")
    assert background.view("trust", "explained")["state"] == "stopping"
    background.start("trust", "explained", "run-1", lambda events: order.append("second"))
    assert order == []
    gate.set()
    background.wait("done")
    assert order == ["first ends", "second"]
    assert not background.told("stopped")  # of the piece that nobody looks at any more


def test_a_stop_is_told_as_one(background):
    reached = threading.Event()

    def work(events):
        reached.set()
        while True:
            events.check_stop()
            threading.Event().wait(0.002)

    background.start("trust", "explained", "run-1", work)
    assert reached.wait(30)
    background.stop("trust", "explained")
    assert background.wait("stopped")["error"] == ""


def test_progress_after_a_stop_does_not_hide_that_it_is_stopping(background):
    reached, gate = threading.Event(), threading.Event()

    def work(events):
        reached.set()
        gate.wait(30)
        events.progress("explain", "one more step", 3, 4)

    background.start("trust", "explained", "run-1", work)
    assert reached.wait(30)
    background.stop("trust", "explained")
    gate.set()
    background.wait("done")  # what was finished although it should have stopped is there
    assert "one more step" not in [view["message"] for view in background.seen]


def test_failures_are_sentences_and_defects_have_a_trace(background, capsys):
    def wrong(events):
        raise InputError("Nothing [/] to do.")

    def broken(events):
        raise KeyError("oh")

    background.start("trust", "explained", "run-1", wrong)
    assert background.wait("failed")["error"] == "Nothing [/] to do."
    background.start("explanation", "explained", "run-1", broken)
    told = background.wait("failed", "explanation")
    assert "defect" in told["error"] and "KeyError" in told["detail"] and "KeyError" in capsys.readouterr().err


def test_what_is_forgotten_is_told_as_stopped_ends_and_is_told_no_more(background):
    reached, gate, ended = threading.Event(), threading.Event(), []

    def work(events):
        reached.set()
        gate.wait(30)
        events.progress("explain", "too late", 1, 2)
        ended.append(events.stop_requested)
        events.check_stop()

    background.start("trust", "explained", "run-1", work)
    assert reached.wait(30)
    thread = next(each for each in threading.enumerate() if each.name == "trust-explained")
    background.forget()
    assert background.seen[-1]["state"] == "stopped" and background.view("trust", "explained") == background.seen[-1]
    told = len(background.seen)
    gate.set()
    thread.join(30)
    assert ended == [True] and len(background.seen) == told
    background.start("trust", "explained", "run-1", lambda events: ended.append("begun"))
    background.start("explanation", "explained", "run-1", lambda events: ended.append("begun"))
    assert ended == [True]  # nothing begins on a run that was left
    assert [view["state"] for view in background.seen[told:]] == ["stopped", "stopped"]


def test_states_come_in_their_order_however_many_threads_tell_them(background):
    start = threading.Barrier(4)

    def work(events):
        start.wait(30)
        for step in range(50):
            events.progress("explain", str(step), step, 50)

    for model in "abcd":
        background.start("trust", model, "run-1", work)
    with background.arrived:
        assert background.arrived.wait_for(lambda: len(background.told("done")) == 4, timeout=30)
    for model in "abcd":
        steps = [view["at"] for view in background.seen if view["model"] == model]
        assert len(steps) == 52 and steps == sorted(steps)
        assert [view for view in background.seen if view["model"] == model][-1]["state"] == "done"


def test_news_are_the_newest_state_of_each_piece_and_told_once():
    news, heard = News(), []
    news.heard = lambda: heard.append(True)
    background = Background(news.put)
    reached, gate = threading.Event(), threading.Event()
    background.start("trust", "explained", "run-1", lambda events: (reached.set(), gate.wait(30)))
    assert reached.wait(30)
    background.stop("trust", "explained")
    taken = news.take()
    assert [view["state"] for view in taken] == ["stopping"] and len(heard) == 2 and news.take() == []
    gate.set()
