"""Screen 2 shows the search of a run of the store by the same parts as one of this sitting."""

from __future__ import annotations

import asyncio

from test_tui_screens import at_each_size, picture, settle
from tui_fakes import job_push, make_app, past_view

from workbench.tui.screens.search_text import findings_text
from workbench.tui.widgets.dialogs import ErrorDialog, TextDialog
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.plot import Plot
from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push

RUN = "b" * 32


async def open_run(app, pilot):
    await pilot.press("5")
    await settle(app, pilot)
    app.open_run(RUN)
    await pilot.pause(0.1)
    await settle(app, pilot)


@at_each_size
async def test_an_earlier_run_is_shown_whole(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_run(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        view = app.view("search")
        assert not view.has_class("-empty") and view.context() == "customers-0003 DONE"
        assert len(app.query_one("#trials", Grid).rows) == 30
        board = app.query_one("#families", Grid).rows
        assert [row["family"] for row in board][:2] == ["ensemble", "lightgbm"]
        assert board[0]["interval"] == "35.20 to 38.80"
        assert len(app.query_one("#curve", Plot).series.points) == 30
        assert "likely worth 0.41 RMSE" in picture(app) and "begun 2026-11-23" in picture(app)
        assert not view.query_one("#search-missing").display
        await pilot.press("i")
        await settle(app, pilot)
        assert isinstance(app.screen, TextDialog)
        for words in ("LEADERBOARD", "ensemble", "num_leaves 52 %", "failed: singular matrix", "5-fold"):
            assert words in app.screen.text, words


async def test_with_the_end_of_a_search_comes_its_leaderboard(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("2")
        app.take_push(Push("job", job_push(trials=24)))
        await settle(app, pilot)
        assert app.query_one("#families-box").border_title == "PIPELINES"
        app.take_push(Push("job", {**job_push("done", 0, whole=False), "summary": past_view()["summary"], "log": []}))
        await settle(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        assert app.query_one("#families-box").border_title == "LEADERBOARD"


async def test_what_is_missing_stands_in_one_line_and_the_rest_is_shown(tmp_path):
    missing = "Not on record of 客户-0003: its leaderboard and a forecast (it was interrupted before it had a result)."
    bare = past_view(state="interrupted", missing=missing, forecast=None, summary={"search": {}}, best=None)
    app = make_app(tmp_path, {"runs.search": lambda run_id: bare})
    async with app.run_test(size=(80, 24)) as pilot:
        await open_run(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        assert "客户-0003: its leaderboard" in str(app.query_one("#search-missing").render())
        assert app.query_one("#families-box").border_title == "PIPELINES"
        assert len(app.query_one("#trials", Grid).rows) == 30
        assert missing in findings_text(app.searched)


async def test_a_run_without_a_result_opens_with_its_search(tmp_path):
    problem = WorkerFailure("input", "The run customers-0003 is interrupted and has no result; resume it.")
    app = make_app(tmp_path, {"runs.open": problem})
    async with app.run_test(size=(100, 30)) as pilot:
        await open_run(app, pilot)
        assert app.current_screen == "search" and app.result is None
        assert any("has no result" in told.message for told in app._notifications)
        await pilot.press("u")
        await pilot.pause(0.1)
        assert "customers-0003" in picture(app)


async def test_of_which_nothing_is_left_the_error_is_told(tmp_path):
    gone = {"runs.open": WorkerFailure("input", "There is no such run."), "runs.search": past_view(trials=[])}
    app = make_app(tmp_path, gone)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_run(app, pilot)
        assert isinstance(app.screen, ErrorDialog) and "There is no such run." in picture(app)
        assert app.past is None


async def test_keys_go_on_while_it_is_read(tmp_path):
    let = asyncio.Event()
    app = make_app(tmp_path)
    calling = app.link.call

    async def slow(method, **params):
        if method == "runs.search":
            await let.wait()
        return await calling(method, **params)

    app.link.call = slow
    async with app.run_test(size=(100, 30)) as pilot:
        await open_run(app, pilot)
        assert app.current_screen == "explain"
        await pilot.press("2")
        await settle(app, pilot)
        assert "Reading the search of customers-0007" in picture(app)
        await pilot.press("5", "2")
        let.set()
        await pilot.pause(0.1)
        assert app.view("search").context() == "customers-0003 DONE"
        assert app.focused.id == "trials"


async def test_that_it_cannot_be_read_stands_on_its_own_screen_only(tmp_path):
    app = make_app(tmp_path, {"runs.search": WorkerFailure("store", "The store is locked.")})
    async with app.run_test(size=(100, 30)) as pilot:
        await open_run(app, pilot)
        assert app.current_screen == "explain" and not isinstance(app.screen, ErrorDialog)
        await pilot.press("2")
        await settle(app, pilot)
        assert "The store is locked." in picture(app)


async def test_a_search_under_way_comes_before_an_earlier_one(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(Push("job", job_push()))
        await open_run(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        assert app.view("search").context() == "customers-0007 RUNNING"
        app.take_push(Push("job", job_push("done", summary={"run": "customers-0007"})))
        await settle(app, pilot)
        assert app.view("search").context() == "customers-0007 DONE"
        await open_run(app, pilot)
        await pilot.press("2")
        await settle(app, pilot)
        assert app.view("search").context() == "customers-0003 DONE"
        app.take_push(Push("job", job_push("starting", 0)))
        await settle(app, pilot)
        assert app.view("search").context() == "customers-0007 STARTING"
