"""Filter grammar, coalescing, and the state of a journey made from its events."""

from __future__ import annotations

import asyncio
import itertools

from hypothesis import given
from hypothesis import strategies as st

from workbench.worker.coalesce import Coalescer
from workbench.worker.filters import matches, parse
from workbench.worker.progress import JobState

ROW = {"rmse": 36.9, "model": "LightGBM", "net sales": 5, "a=b": "x", "note": None, "购买": 3}


def fits(text):
    return matches(parse(text, ROW), ROW)


def test_comparisons_numbers_text_and_missing():
    assert fits("rmse < 40 and model = lightgbm")
    assert not fits("rmse < 40 and model = forest")
    assert fits("RMSE >= 36.9") and fits("model ~ light") and fits("lightgbm")
    assert fits("net sales = 5") and fits("购买 > 2") and fits("a=b = x")
    assert not fits("note = x") and fits("note != x")
    assert fits("") and not fits("nothing like it")


@given(st.text(max_size=60))
def test_nothing_typed_is_an_error(text):
    assert fits(text) in (True, False)


async def test_a_burst_is_told_at_once_and_then_once_more():
    told = []
    coalescer = Coalescer(lambda: told.append(1), per_second=10)
    for _ in range(1000):
        coalescer.touch()
    assert len(told) == 1
    await asyncio.sleep(0.15)
    assert len(told) == 2


async def test_a_hundred_trials_a_second_are_at_most_ten_updates_a_second():
    told = []
    coalescer = Coalescer(lambda: told.append(asyncio.get_running_loop().time()))
    for _ in range(60):
        coalescer.touch()
        await asyncio.sleep(0.01)
    gaps = [after - before for before, after in itertools.pairwise(told)]
    assert all(gap >= 0.099 for gap in gaps)


def event(kind, message="", **data):
    return {"kind": kind, "stage": "search", "message": message, "data": data, "elapsed": 1.0}


def test_changes_hold_what_is_new_and_the_snapshot_everything():
    state = JobState({"settings": {}})
    for number in range(3):
        state.apply(event("trial", number=number, state="running", family="linear"))
    assert [trial["number"] for trial in state.changes()["trials"]] == [0, 1, 2]
    state.apply(event("trial", number=1, state="done", score=0.5))
    state.apply(event("best", "better", score=0.5, metric="rmse"))
    state.apply(event("notice", "sampled"))
    changes = state.changes()
    assert changes["trials"] == [{"number": 1, "state": "done", "family": "linear", "score": 0.5}]
    assert changes["curve"] == [[1.0, 0.5]] and [line["message"] for line in changes["log"]] == ["better", "sampled"]
    assert state.changes()["trials"] == [] and state.changes()["log"] == []
    whole = state.snapshot()
    assert len(whole["trials"]) == 3 and whole["whole"] and whole["metric"] == "rmse" and whole["best"] == 0.5


def test_a_long_log_is_cut_and_nothing_is_told_twice():
    state = JobState({})
    told = []
    for number in range(3000):
        state.apply(event("notice", str(number)))
        if number % 7 == 0:
            told += [line["message"] for line in state.changes()["log"]]
    told += [line["message"] for line in state.changes()["log"]]
    assert told == [str(number) for number in range(3000)]
    assert len(state.snapshot()["log"]) == 500


def test_only_the_newest_progress_counts():
    state = JobState({})
    for done in range(50):
        state.apply(event("progress", f"trial {done}", done=done, total=60))
    assert (state.head["done"], state.head["total"], state.head["message"]) == (49, 60, "trial 49")
    assert state.log == []
