"""The dialogues that start a search, and give a finished one more time."""

from __future__ import annotations

from test_tui_screens import at_each_size, open_table, paste, picture, settle
from tui_fakes import job_push, make_app

from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push


@at_each_size
async def test_start_shows_the_guess_and_enter_confirms_it(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_table(app, pilot)
        await pilot.press("g")
        await settle(app, pilot)
        assert "guessed: its name suggests it" in picture(app) and "job.start" not in [c[0] for c in app.link.calls]
        await pilot.press("enter")
        await pilot.pause(0.1)
        await settle(app, pilot)
        started = dict(app.link.calls)["job.start"]
        assert started == {"target": "spend_90d", "budget_seconds": 120.0, "trials": None, "families": None,
                           "metric": None, "seed": 0, "cost": None, "warm_start": None}  # fmt: skip
        assert app.current_screen == "search"


async def test_start_says_what_is_wrong_with_what_was_typed(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_table(app, pilot)
        await pilot.press("g")
        await settle(app, pilot)
        # Single letters are text while an input has the focus.
        await pilot.press("ctrl+u", "q", "x", "enter")
        await settle(app, pilot)
        assert "is not a budget" in picture(app)
        await pilot.press("escape")
        await settle(app, pilot)
        assert "job.start" not in [call[0] for call in app.link.calls] and app.is_running


async def test_the_folder_of_spaces_that_was_named_is_told_to_the_worker_and_a_fault_in_it_is_shown(tmp_path):
    fault = "neighbours.py can't be loaded as a family: ZeroDivisionError: division by zero (line 1)."
    app = make_app(tmp_path, {"job.spaces": WorkerFailure("input", fault)}, spaces=tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(app, pilot)
        assert dict(app.link.calls)["job.spaces"] == {"folder": str(tmp_path)}
        assert "ZeroDivisionError" in picture(app) and "Mend" in picture(app)
        await pilot.press("escape")
        await settle(app, pilot)
        await open_table(app, pilot)
        assert app.table is not None


@at_each_size
async def test_costs_and_a_warm_start_are_checked_in_place(tmp_path, size):
    wrong = "A table of costs needs both 'false positive' and 'false negative' [/]."
    answers = iter([WorkerFailure("input", wrong), None])

    def check(**chosen):
        if isinstance(answer := next(answers), Exception):
            raise answer

    app = make_app(tmp_path, {"job.check": check})
    async with app.run_test(size=size) as pilot:
        await open_table(app, pilot)
        await pilot.press("g")
        await settle(app, pilot)
        await pilot.press("tab", "tab")
        await settle(app, pilot)
        known = ("linear", "random_forest", "lightgbm", "hist_gradient_boosting")
        assert all(name in picture(app) for name in known), "none of them is cut off"
        await pilot.press("tab", "tab", "tab")
        await paste(app, pilot, "false positive=1")
        await pilot.press("tab")
        await settle(app, pilot)
        assert "latest, 顾客-0003, customers-0002" in picture(app)
        await pilot.press(*"latest", "enter")
        await pilot.pause(0.1)
        assert wrong in str(app.screen.query_one("#start-problem").render())
        assert "esc back" in picture(app), "the keys are on the screen whatever stands above them"
        assert "job.start" not in [call[0] for call in app.link.calls]
        await pilot.press("shift+tab", "end")
        await paste(app, pilot, ", false negative=5")
        await pilot.press("enter")
        await pilot.pause(0.1)
        started = dict(app.link.calls)["job.start"]
        assert started["cost"] == "false positive=1, false negative=5" and started["warm_start"] == "latest"


@at_each_size
async def test_a_finished_run_is_given_more_time(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_push(Push("job", job_push("done")))
        await pilot.press("2", "u")
        await pilot.pause(0.1)
        assert "Go on with customers-0007" in picture(app) and "more time" in picture(app)
        await pilot.press("ctrl+u", "enter")
        assert "without an end a search never ends" in str(app.screen.query_one("#resume-problem").render())
        await pilot.press(*"soon", "enter")
        assert "is not a budget" in str(app.screen.query_one("#resume-problem").render())
        await pilot.press("ctrl+u", *"10m", "enter")
        await pilot.pause(0.1)
        assert dict(app.link.calls)["job.start"] == {"resume": "customers-0007", "budget_seconds": 600.0}
