"""The other model of a run: what is asked is about it, the first rows are there at once, more of them follow."""

from __future__ import annotations

import asyncio

from question_fakes import work_view
from test_tui_questions import called, look, press
from test_tui_screens import at_each_size, picture, settle
from textual.widgets import Static
from tui_fakes import explanation_view, make_app, result_view

from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push

BOTH = [{"which": "explained", "family": "lightgbm"}, {"which": "champion", "family": "ensemble"}]


def view_of(model="explained", rows=200, growing=True):
    """An explanation of a table of 100,000 rows."""
    own = model == "explained"
    return {
        **explanation_view(), "models": BOTH, "model": model, "family": "lightgbm" if own else "ensemble",
        "rows": rows, "customers": rows, "total_rows": 100_000, "growing": growing and not own,
    }  # fmt: skip


def made(tmp_path, **answers):
    return make_app(
        tmp_path,
        {
            "explain.overview": lambda output=0, model="explained": view_of(model),
            "explain.model": lambda output, model: view_of(model),
            **answers,
        },
    )


def facts(app):
    return str(app.query_one("#explain-facts", Static).render())


def grown(rows, state="running", **changes):
    return Push("work", work_view("explanation", state, model="champion", grown=rows, done=rows, total=2000, **changes))


@at_each_size
async def test_all_that_is_asked_is_of_the_chosen_model(tmp_path, size):
    app = made(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        assert "lightgbm (m: ensemble)" in facts(app)
        await press(app, pilot, "m")
        assert called(app, "explain.model") == [{"output": 0, "model": "champion"}]
        assert "ensemble (m: lightgbm)" in facts(app) and "200 of 100,000 rows … more to come" in facts(app)
        assert called(app, "explain.customer")[-1] == {"row": 17, "output": 0, "model": "champion"}
        assert called(app, "explain.dependence")[-1]["model"] == "champion"
        await press(app, pilot, "b")
        assert called(app, "probe.effect")[-1]["model"] == "champion"
        for key, method in (("p", "explain.pairs"), ("l", "probe.lookalikes"), ("t", "explain.trust_start")):
            await press(app, pilot, key)
            assert called(app, method)[-1]["model"] == "champion", method
            await press(app, pilot, "escape")
        await press(app, pilot, "e", *"visits=3", "enter")
        assert called(app, "explain.what_if")[-1]["model"] == "champion"
        assert "--what-if" not in picture(app)  # the command line asks the explainable champion
        await press(app, pilot, "escape", "m")
        assert "lightgbm (m: ensemble)" in facts(app) and "model" not in called(app, "explain.customer")[-1]


async def test_rows_stream_in_and_the_facts_say_how_many(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m", "j")
        chosen = app.view("explain").chosen_feature()
        overviews = len(called(app, "explain.overview"))
        app.take_push(grown(0, message="Explained 144 of 2,000 rows"))
        await settle(app, pilot)
        assert "200 of 100,000 rows … explaining 2,000" in facts(app)
        assert len(called(app, "explain.overview")) == overviews  # nothing new to draw yet
        app.link.answers["explain.overview"] = lambda output=0, model="explained": view_of(model, 600)
        app.take_push(grown(600))
        await settle(app, pilot)
        assert "600 of 100,000 rows … explaining 2,000" in facts(app)
        assert app.view("explain").chosen_feature() == chosen  # where one stood
        assert called(app, "explain.customer")[-1] == {"row": 17, "output": 0, "model": "champion"}
        app.link.answers["explain.overview"] = lambda output=0, model="explained": view_of(model, 2000, growing=False)
        app.take_push(grown(2000, "done"))
        await settle(app, pilot)
        assert "2,000 of 100,000 rows, in" in facts(app) and "…" not in facts(app)


async def test_what_grows_for_another_model_or_run_is_not_drawn(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(grown(600))  # nothing is shown yet
        await look(app, pilot)
        calls = len(app.link.calls)
        app.take_push(grown(600))
        app.take_push(grown(600, run="another-0001"))
        await settle(app, pilot)
        assert len(app.link.calls) == calls and "100,000" in facts(app)


async def test_a_failure_of_the_rest_is_told_and_what_is_there_stays(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m")
        app.link.answers["explain.overview"] = lambda output=0, model="explained": view_of(model, growing=False)
        app.take_push(grown(0, "failed", error="Out of memory [/]."))
        await settle(app, pilot)
        assert any("Out of memory [/]." in told.message for told in app._notifications)
        assert "200 of 100,000 rows, in" in facts(app)


async def test_while_it_is_explained_the_screen_says_so_and_a_failure_keeps_the_one_before(tmp_path):
    gate = asyncio.Event()
    app = made(tmp_path)
    call = app.link.call

    async def slow(method, **params):
        if method == "explain.model":
            await gate.wait()
            raise WorkerFailure("input", "It can't be explained [/].")
        return await call(method, **params)

    app.link.call = slow
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await pilot.press("m")
        await pilot.pause()
        assert "… explaining ensemble" in facts(app)
        await pilot.press("n")
        await pilot.pause(0.05)
        assert called(app, "explain.customer")[-1] == {"index": 1, "output": 0}  # one may go on meanwhile
        gate.set()
        await settle(app, pilot)
        assert "It can't be explained [/]." in picture(app).replace("&#x27;", "'")
        assert app.view("explain").model == "explained" and "… explaining" not in facts(app)


async def test_a_run_with_one_model_says_so(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m")
        assert not called(app, "explain.model")
        assert any("one model" in told.message for told in app._notifications)


async def test_another_run_is_looked_at_by_its_own_model(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m")
        app.take_result(result_view(run_id="b" * 32))
        await press(app, pilot, "3")
        assert "model" not in called(app, "explain.overview")[-1] and app.view("explain").model == "explained"


async def test_a_run_without_an_explanation_gets_one_and_without_a_model_says_so(tmp_path):
    app = made(tmp_path, **{"explain.model": lambda output, model="explained": view_of(model)})
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view(has_explanation=False))
        await press(app, pilot, "3")
        assert called(app, "explain.model") == [{"output": 0}] and "GLOBAL IMPORTANCE" in picture(app)
        app.take_result(result_view(has_explanation=False, explained=None, champion=None, run_id="c" * 32))
        await press(app, pilot, "3")
        assert "has no model" in picture(app)
