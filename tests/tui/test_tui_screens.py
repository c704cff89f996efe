"""Each screen at three sizes: the state it is in, and a picture that is not empty."""

from __future__ import annotations

import pytest
from textual.events import Paste
from tui_fakes import HOSTILE, job_push, make_app, result_view, runs_view, segments_view, table_view

from workbench.tui.screens.runs import metric_lines
from workbench.tui.widgets.big_table import BigTable
from workbench.tui.widgets.dialogs import ErrorDialog, LineDialog, TextDialog
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.link_line import LinkLine
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push

SIZES = [(80, 24), (140, 40)]
at_each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
"""For what takes long and is laid out alike on all but narrow screens."""


async def settle(app, pilot):
    await pilot.pause()
    for _ in range(40):
        # Dialogues wait for the user: what is left when only they wait is settled.
        if not [w for w in app.workers if not w.is_finished and w.group in ("profile", "rows", "details", "runs",
                "explanation", "customer", "dependence", "segments", "run-anywhere", "describe", "ended")]:  # fmt: skip
            break
        await pilot.pause(0.02)
    await pilot.pause()


async def paste(app, pilot, text):
    """Text for the input that has the focus, in one go: with each key the whole screen is painted."""
    app.post_message(Paste(text))
    await pilot.pause()


def picture(app):
    svg = app.export_screenshot().replace("&#160;", " ")
    assert len(svg) > 5000
    return svg


async def open_table(app, pilot):
    app.open_path("customers.parquet")
    for _ in range(100):
        await pilot.pause(0.02)
        if app.table is not None:
            break
    await settle(app, pilot)


@at_each_size
async def test_empty_states_name_the_key(tmp_path, size):
    app = make_app(tmp_path, {"runs.page": {**runs_view(), "rows": [], "total": 0}})
    async with app.run_test(size=size) as pilot:
        for key, words in (("1", "open a file"), ("2", "start a search"), ("3", "start a search"),
                           ("4", "start a search"), ("5", "No runs in this store")):  # fmt: skip
            await pilot.press(key)
            await settle(app, pilot)
            assert words in picture(app), key


@at_each_size
async def test_data(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_table(app, pilot)
        grid = app.query_one("#columns", Grid)
        assert [row["name"] for row in grid.rows] == [column["name"] for column in table_view()["columns"]]
        assert "(guessed)" in picture(app) and "leakage" in picture(app)
        assert app.query_one(BigTable).total == 1000
        await pilot.press("j", "j", "t")
        await settle(app, pilot)
        assert ("data.describe", {"target": "age"}) in app.link.calls
        await pilot.press("r")
        await pilot.pause(0.05)
        await pilot.press("end", "enter")
        await pilot.pause(0.05)
        await settle(app, pilot)
        assert ("data.describe", {"roles": {"age": "ignore"}}) in app.link.calls
        await pilot.press("s")
        await settle(app, pilot)
        assert ("data.rows", {"sort": "age", "descending": False, "filter": ""}) in app.link.calls


async def test_narrow_shows_one_part_and_tab_swaps(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_table(app, pilot)
        shown = [box.id for box in app.query("DataView .part") if box.display]
        assert shown == ["columns-box"]
        await pilot.press("tab")
        await settle(app, pilot)
        assert [box.id for box in app.query("DataView .part") if box.display] == ["rows-box"]
        assert app.focused is not None and app.focused.id == "rows-table"
        await pilot.press("shift+tab")
        assert app.focused.id == "columns"
        await pilot.resize_terminal(140, 40)
        await settle(app, pilot)
        assert len([box for box in app.query("DataView .part") if box.display]) == 3


@at_each_size
async def test_cells_are_never_markup(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_table(app, pilot)
        assert "[bold]region[/]" in picture(app)
        await pilot.press("tab")
        await settle(app, pilot)
        shown = picture(app)
        assert "[bold]x" in shown and "[@click=app.quit]" in shown and "東京" in shown
        await pilot.press("down", "space")
        await settle(app, pilot)
        assert isinstance(app.screen, TextDialog) and "a b" in picture(app)
        await pilot.press("escape")


async def test_no_cell_breaks_any_place_it_is_shown_in(tmp_path):
    answers = {}
    app = make_app(tmp_path, answers)
    async with app.run_test(size=(100, 30)) as pilot:
        for cell in HOSTILE:
            table = table_view(name=cell or "x", target=cell or None, target_reason=cell)
            table["columns"][2]["name"] = cell or "empty"
            table["checks"][0]["message"] = cell
            segments = segments_view()
            segments["segments"][0]["name"] = cell or "none"
            app.link.answers["segments.view"] = lambda index=None, view=segments: view
            app.take_table(table)
            app.take_push(Push("job", job_push(name=cell, message=cell, trials=3)))
            app.take_result(result_view(name=cell or "run"))
            app.copy(cell)
            for key in "1234":
                await pilot.press(key)
                await pilot.pause()
            app.show_error(cell, detail=cell, next_step=cell)
            await settle(app, pilot)
            assert isinstance(app.screen, ErrorDialog)
            picture(app)
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.pause()


@at_each_size
async def test_search_live(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_push(Push("job", job_push()))
        await pilot.press("2")
        await settle(app, pilot)
        grid = app.query_one("#trials", Grid)
        assert len(grid.rows) == 24 and grid.rows[0]["number"] == 23
        shown = picture(app)
        assert "FAILED" in shown and "36.90" in shown and "~1:11 left" in shown
        await pilot.press("f")
        assert {row["state"] for row in grid.rows} == {"done"}
        await pilot.press("f", "f", "f", "f")
        assert {row["state"] for row in grid.rows} == {"failed"}
        await pilot.press("f")
        for key, method in (("p", "job.pause"), ("x", "job.stop")):
            await pilot.press(key)
            await settle(app, pilot)
            assert app.link.calls[-1][0] == method
        delta = job_push("running", trials=0, whole=False)
        app.take_push(
            Push("job", {**delta, "trials": [{"number": 24, "state": "done", "family": "linear", "score": 30.0}]})
        )
        await settle(app, pilot)
        assert len(grid.rows) == 25
        assert app.job.families()[0]["family"] == "linear"


async def test_failed_trials_sort_last_both_ways(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(140, 40)) as pilot:
        app.take_push(Push("job", job_push("done")))
        await pilot.press("2")
        await settle(app, pilot)
        grid = app.query_one("#trials", Grid)
        for descending in (False, True):
            grid.sort_by("score", descending)
            scores = [row["score"] for row in grid.rows]
            known = [score for score in scores if score is not None]
            assert known == sorted(known, reverse=descending) and scores[len(known) :] == [None] * (24 - len(known))


@at_each_size
async def test_explain(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        assert app.focused is not None and app.focused.id == "importance"
        reader = app.query_one("#customer", Reader)
        assert "adds up: yes" in reader.text and "+188.4" in reader.text
        assert app.query_one("#dependence", Plot).series.points
        await pilot.press("j", "j", "j", "j", "j")
        await settle(app, pilot)
        assert app.query_one("#dependence", Plot).bars[0][0] == "[bold]north"
        await pilot.press("n")
        await settle(app, pilot)
        assert app.view("explain").index == 1
        await pilot.press("N", "N")
        await settle(app, pilot)
        assert app.view("explain").index == 799
        await pilot.press("v")
        assert app.query_one("#dependence", Plot).as_table
        await pilot.press("slash", *"age", "enter")
        await settle(app, pilot)
        assert [row["column"] for row in app.query_one("#importance", Grid).rows] == ["age"]
        await pilot.press("i")
        await settle(app, pilot)
        assert isinstance(app.screen, LineDialog)
        await pilot.press(*"100", "enter")
        await settle(app, pilot)
        assert ("explain.customer", {"id": "100", "output": 0}) in app.link.calls


@at_each_size
async def test_segments_and_decisions(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_result(result_view())
        await pilot.press("4")
        await settle(app, pilot)
        grid = app.query_one("#segments-grid", Grid)
        assert len(grid.rows) == 5 and grid.rows[2]["name"].startswith("東京")
        await pilot.press("a")
        await settle(app, pilot)
        assert grid.rows[0]["status"] == "accepted"
        assert "[x] accept" in app.query_one("#strategy", Reader).text
        await pilot.press("X")
        await settle(app, pilot)
        await pilot.press(*"too dear", "enter")
        await pilot.pause(0.05)
        await settle(app, pilot)
        assert ("segments.decide", {"segment": 0, "status": "rejected", "note": "too dear"}) in app.link.calls
        assert "too dear" in app.query_one("#strategy", Reader).text
        await pilot.press("j")
        await settle(app, pilot)
        assert "No strategy" in app.query_one("#strategy", Reader).text
        await pilot.press("m")
        await settle(app, pilot)
        assert app.view("segments").view["kind"] == "descriptive"


@at_each_size
async def test_runs(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("5")
        await settle(app, pilot)
        grid = app.query_one("#runs-grid", Grid)
        assert len(grid.rows) == 30
        await pilot.press("slash")
        await paste(app, pilot, "score < 40 and state = done")
        await pilot.press("enter")
        await settle(app, pilot)
        assert grid.rows and all(row["state"] == "done" and row["score"] < 40 for row in grid.rows)
        await pilot.press("slash", "escape")
        assert len(grid.rows) == 30
        await pilot.press("home", "space", "space", "c")
        await settle(app, pilot)
        text = app.query_one("#compare", Reader).text
        assert "differs" in text and "9f3c" in text
        await pilot.press("escape", "D")
        await settle(app, pilot)
        await pilot.press("n")
        await settle(app, pilot)
        assert "runs.delete" not in [call[0] for call in app.link.calls]
        await pilot.press("enter")
        await settle(app, pilot)
        assert app.result is not None and app.current_screen == "explain"


async def test_a_finished_journey_is_taken_over_and_reported(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(Push("job", job_push()))
        app.take_push(Push("job", job_push("done", summary={"run": "customers-0007"})))
        await settle(app, pilot)
        assert app.result is not None and app.result["name"] == "customers-0007"
        await pilot.press("R")
        await settle(app, pilot)
        await pilot.press("enter")
        await settle(app, pilot)
        await pilot.pause(0.05)
        assert ("report.write", {"path": "customers-0007.html"}) in app.link.calls


async def test_errors_are_dialogues_and_the_app_goes_on(tmp_path):
    app = make_app(tmp_path, {"data.open": WorkerFailure("input", "There is no file x [/].")})
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_path("x")
        await pilot.pause(0.1)
        assert isinstance(app.screen, ErrorDialog) and "There is no file x [/]." in picture(app)
        await pilot.press("y", "enter")
        await pilot.pause(0.05)
        assert not isinstance(app.screen, ErrorDialog) and app.is_running
        app.take_push(Push("job", job_push()))
        app.take_push(Push("job", job_push("failed", error="Out of [/] luck.", detail="Traceback")))
        await pilot.pause(0.1)
        assert isinstance(app.screen, ErrorDialog) and app.screen.detail == "Traceback"


async def test_a_lost_worker_has_a_dialogue_that_starts_a_new_one(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_table(app, pilot)
        app.take_push(Push("job", job_push()))
        app.take_worker_state("lost")
        await pilot.pause(0.1)
        assert isinstance(app.screen, ErrorDialog) and "study of customers-0007 is on disk" in app.screen.message
        assert not app.job.active and "worker gone" in app.screen_stack[0].query_one("#status", LinkLine).text
        await pilot.press("r")
        await pilot.pause(0.2)
        assert app.link.calls[-1][0] in ("data.open", "data.profile")


async def test_quitting_while_a_journey_runs_asks_and_can_leave_it_going(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(Push("job", job_push()))
        await pilot.press("q")
        await pilot.pause(0.1)
        assert "detach" in picture(app)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert app.is_running
        await pilot.press("q")
        await pilot.pause(0.1)
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert "shutdown" not in [call[0] for call in app.link.calls] and not app.link.connected


def test_metrics_stand_in_groups_with_their_intervals():
    metrics = {
        "rmse": 2.0,
        "rmse.low": 1.0,
        "rmse.high": 3.0,
        "gap.potential": 5.0,
        "gap.[b]x.low": 1.5,
        "seconds": 9.0,
    }
    assert metric_lines(metrics) == [
        ("METRICS", "rmse 2.000 (1.000 to 3.000)   seconds 9.000"),
        ("GAP", "potential 5.000   [b]x.low 1.500"),
    ]


async def test_search_tells_why_a_trial_ended_what_going_on_is_worth_and_what_mattered(tmp_path):
    from workbench.tui.screens.search import trial_text

    share = [{"parameter": "num_leaves", "share": 0.52, "certain": True}]
    told = {"family": "lightgbm", "trials": 34, "parameters": share, "reason": "", "sentence": ""}
    few = {"family": "linear", "trials": 4, "parameters": [], "reason": "only 4 … 10 are needed", "sentence": ""}
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        app.take_push(Push("job", job_push("done", summary={"search": {"influence": [told, few]}})))
        await pilot.press("2")
        await pilot.pause()
        screen = app.query_one("#search")
        assert "likely worth 0.41 RMSE" in str(screen.query_one("#search-forecast").render())
        failed = next(one for one in app.job.trials.values() if one["state"] == "failed")
        assert "why it ended: singular matrix" in trial_text(failed, app.job)
        boosted = next(one for one in app.job.trials.values() if one["family"] == "lightgbm")
        assert "what mattered in lightgbm: num_leaves 52%" in trial_text(boosted, app.job)
        straight = next(one for one in app.job.trials.values() if one["family"] == "linear")
        assert "what mattered in linear: only 4" in trial_text(straight, app.job)
        # 42, 39.29 … of the linear model, the best of which is the last; the baseline is 53.2
        best = min(one["score"] for one in app.job.trials.values() if one["family"] == "linear" and one["score"])
        against = f"({(boosted['score'] - best) / best:+.1%})"
        assert f"({boosted['score'] / 53.2 - 1:+.1%}), best linear {best:.4g}" in trial_text(boosted, app.job)
        assert against in trial_text(boosted, app.job) and "best linear" not in trial_text(straight, app.job)
