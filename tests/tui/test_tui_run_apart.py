"""One run is not taken for another, and nothing that the worker told is missed, whenever it was told."""

from __future__ import annotations

import asyncio

import pytest
from question_fakes import look_at, trust_found, trust_view, work_view
from test_tui_models import facts, grown, made, view_of
from test_tui_questions import called, look, press
from test_tui_screens import picture, settle
from tui_fakes import customer_view, make_app, result_view, runs_view

from workbench.tui.widgets.dialogs import ErrorDialog
from workbench.tui.widgets.reader import Reader
from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push

SIZE = (100, 30)
ELSEWHERE = WorkerFailure("elsewhere", "Another run is looked at now.")
OTHER = look_at("b" * 32)


def held_back(app, method):
    """Let answers to this wait for the gate; they are as they were when they were asked for."""
    gate, call = asyncio.Event(), app.link.call

    async def slow(asked, **params):
        answer = await call(asked, **params)
        if asked == method:
            await gate.wait()
        return answer

    app.link.call = slow
    return gate


async def test_questions_say_which_run_they_are_about(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        await press(app, pilot, "4")
        await press(app, pilot, "R", "enter")
        asked = dict(app.link.asked_of)
        assert set(asked.values()) == {look_at()}
        assert {"explain.overview", "explain.customer", "explain.dependence", "segments.view", "report.write"} <= set(
            asked
        )
        app.take_result(result_view(run_id="b" * 32))
        app.link.asked_of.clear()
        await press(app, pilot, "3", "4")
        assert {of for _, of in app.link.asked_of} == {OTHER}


async def test_that_another_run_is_looked_at_is_no_error_on_a_screen_and_a_sentence_on_a_page(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        app.link.answers |= {"explain.customer": ELSEWHERE, "probe.fairness": ELSEWHERE}
        before = app.view("explain").customer
        await press(app, pilot, "n")
        assert len(app.screen_stack) == 1 and app.view("explain").customer is before
        await press(app, pilot, "f", "enter")
        assert "Another run is looked at now." in app.screen.query_one("#page", Reader).text  # it waits for nothing


async def test_an_answer_about_the_run_before_is_not_drawn(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        gate = held_back(app, "explain.customer")
        app.link.answers["explain.customer"] = lambda **asked: {**customer_view(**asked), "id": "of the run before"}
        await pilot.press("n")
        await pilot.pause()
        app.link.answers["explain.customer"] = WorkerFailure("input", "It has no customers.")
        app.take_result(result_view(run_id="b" * 32))
        view = app.view("explain")
        view.shown()
        gate.set()
        await settle(app, pilot)
        assert view.of == OTHER and view.customer is None


async def test_the_run_that_was_deleted_is_shown_no_more(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.take_result(result_view(run_id=runs_view()["rows"][0]["run_id"]))
        await press(app, pilot, "3", "4", "5")
        await press(app, pilot, "D")
        await press(app, pilot, "y")
        assert called(app, "runs.delete") == [{"run_id": runs_view()["rows"][0]["run_id"]}] and app.result is None
        for key, words in (("3", "Nothing to explain yet"), ("4", "No segments yet")):
            await press(app, pilot, key)
            assert words in picture(app)
        assert app.view("explain").explanation is None and app.view("segments").view is None
        await press(app, pilot, "3", "a", "e")
        assert len(app.screen_stack) == 1


async def test_a_run_that_was_deleted_is_not_the_one_that_is_looked_at(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE):
        app.take_result(result_view())
        app.drop_run("b" * 32)
        assert app.result is not None
        app.drop_run("a" * 32)
        assert app.result is None


async def test_refits_that_end_before_the_page_is_answered_are_not_waited_for(tmp_path):
    """The worker's answer says that they run; that they have ended was told while it was on its way."""
    app = make_app(tmp_path, {"explain.trust": trust_view(work_view())})
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        gate = held_back(app, "explain.trust")
        await pilot.press("t")
        await pilot.pause()
        assert len(called(app, "explain.trust")) == 1
        done = work_view(state="done")
        app.link.answers["explain.trust"] = trust_view(done, trust_found())
        app.take_push(Push("work", done))
        gate.set()
        await settle(app, pilot)
        await settle(app, pilot)
        assert "the order is the same [/]" in app.screen.query_one("#page", Reader).text
        assert len(called(app, "explain.trust")) == 2 and not called(app, "explain.trust_start")


async def test_a_page_that_opens_after_the_refits_shows_them(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        done = work_view(state="done")
        app.take_push(Push("work", done))
        app.link.answers["explain.trust"] = trust_view(done, trust_found())
        await press(app, pilot, "t")
        assert "the order is the same [/]" in app.screen.query_one("#page", Reader).text
        assert len(called(app, "explain.trust")) == 1


async def test_refits_of_another_run_are_neither_drawn_nor_told(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        app.take_push(Push("work", work_view(state="done", run=OTHER)))
        assert not app._notifications
        await press(app, pilot, "t")
        before = app.screen.query_one("#page", Reader).text
        app.take_push(Push("work", work_view(state="failed", run=OTHER, error="Not ours.")))
        await settle(app, pilot)
        assert app.screen.query_one("#page", Reader).text == before and "Not ours." not in before
        app.take_push(Push("work", work_view(state="stopped")))  # as when its own run is left
        await settle(app, pilot)
        assert "Stopped. r begins anew." in app.screen.query_one("#page", Reader).text


async def test_rows_that_were_explained_before_the_model_is_shown_are_not_missed(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        gate = held_back(app, "explain.model")
        await pilot.press("m")
        await pilot.pause()
        app.link.answers["explain.overview"] = lambda output=0, model="explained": view_of(model, 2000, growing=False)
        app.take_push(grown(2000, "done"))
        gate.set()
        await settle(app, pilot)
        await settle(app, pilot)
        assert "2,000 of 100,000 rows, in" in facts(app)


@pytest.mark.parametrize("stored", [True, False])
async def test_a_new_worker_looks_at_the_same_run(tmp_path, stored):
    again = result_view(name="the same")
    app = make_app(tmp_path, {"runs.open": {**again, "shown": OTHER}})
    async with app.run_test(size=SIZE) as pilot:
        app.take_result(result_view() if stored else {**result_view(), "run_id": ""})
        await press(app, pilot, "3")
        app.action_restart_worker()
        await settle(app, pilot)
        await settle(app, pilot)
        assert called(app, "runs.open") == ([{"run_id": "a" * 32}] if stored else [])
        assert app.view("explain").of == (OTHER if stored else "")
        assert not isinstance(app.screen, ErrorDialog)
