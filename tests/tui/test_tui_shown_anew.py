"""What is shown is asked for again when it is another: a resumed run, rows that a target leaves out."""

from __future__ import annotations

from test_tui_screens import SIZES, open_table, settle
from tui_fakes import make_app, result_view, table_view

from workbench.worker.client import WorkerFailure


async def test_a_resumed_run_is_shown_anew_by_the_same_name(tmp_path):
    """Segments and explanations are those of the result that is there now, and so are decisions on them."""
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[-1]) as pilot:
        app.take_result(result_view())
        for key, method in (("3", "explain.overview"), ("4", "segments.view")):
            await pilot.press(key)
            await settle(app, pilot)
            assert [name for name, _ in app.link.calls].count(method) == 1
        app.view("explain").output = 2
        app.take_result(result_view(created="2026-11-27T10:00:00"))
        for key, method in (("3", "explain.overview"), ("4", "segments.view")):
            await pilot.press("1", key)
            await settle(app, pilot)
            assert [name for name, _ in app.link.calls].count(method) == 2
        # a class that was looked at there need not be one here
        assert [told["output"] for name, told in app.link.calls if name == "explain.overview"] == [0, 0]
        await pilot.press("3")
        await settle(app, pilot)
        assert [name for name, _ in app.link.calls].count("explain.overview") == 2


async def test_rows_are_read_again_where_a_target_leaves_some_out(tmp_path):
    app = make_app(tmp_path, {"data.describe": table_view(rows=940)})
    async with app.run_test(size=SIZES[-1]) as pilot:
        await open_table(app, pilot)
        assert "data.rows" not in [name for name, _ in app.link.calls]
        await pilot.press("j", "t")
        await settle(app, pilot)
        assert [name for name, _ in app.link.calls].count("data.rows") == 1


async def test_an_explanation_that_cannot_be_loaded_is_not_replaced_by_that_of_another_run(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZES[-1]) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        app.link.answers["explain.overview"] = WorkerFailure("input", "The archive can't be read.")
        app.take_result(result_view(run_id="b" * 32, name="other-0001"))
        for key in ("1", "3"):
            await pilot.press(key)
            await settle(app, pilot)
        await pilot.press("escape", "1", "3")
        await settle(app, pilot)
        assert [name for name, _ in app.link.calls].count("explain.overview") == 3
        assert app.view("explain").explanation is None
