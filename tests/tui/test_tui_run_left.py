"""A journey ends while a dialogue or a page is open: what is typed and asked is of the run that it was opened on."""

from __future__ import annotations

import pytest
from question_fakes import look_at
from test_tui_models import grown, made, view_of
from test_tui_questions import called, look, press
from test_tui_run_apart import ELSEWHERE, OTHER, held_back
from test_tui_screens import settle
from tui_fakes import make_app, result_view, strategy_view

from workbench.tui.actions import find
from workbench.tui.widgets.dialogs import ErrorDialog
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.trust import TrustDialog
from workbench.worker.client import WorkerFailure

SIZE = (100, 30)
NEXT = result_view(run_id="b" * 32, name="next-0001")


def told(app):
    return " ".join(each.message for each in app._notifications)


def run_ends(app, name, **changes):
    """Another run is looked at, as when a journey has ended behind an open dialogue."""
    app.take_result({**NEXT, **changes})
    app.view(name).shown()


@pytest.mark.parametrize("segmentations", [0, 2])
@pytest.mark.parametrize(
    ("keys", "method"),
    [(("j", "r"), "segments.rename"), (("x",), "segments.decide"), (("k",), "segments.with_k")],
)
async def test_a_decision_that_was_typed_is_of_the_run_that_it_was_begun_on(tmp_path, keys, method, segmentations):
    app = make_app(tmp_path, {method: strategy_view(0)})
    async with app.run_test(size=SIZE) as pilot:
        app.take_result(result_view())
        await press(app, pilot, "4")
        action = {"segments.rename": "rename", "segments.decide": "reject", "segments.with_k": "set_k"}[method]
        await app.run_action(action, app.view("segments"))
        await settle(app, pilot)
        await press(app, pilot, "5")
        run_ends(app, "segments", segmentations=segmentations)
        await press(app, pilot, "enter")
        assert [of for name, of in app.link.asked_of if name == method] == [look_at()]
        assert "another one is shown now" in told(app) and len(app.screen_stack) == 1


async def test_a_decision_that_can_not_be_kept_is_told(tmp_path):
    app = make_app(tmp_path, {"segments.decide": ELSEWHERE})
    async with app.run_test(size=SIZE) as pilot:
        app.take_result(result_view())
        await press(app, pilot, "4")
        await app.run_action("reject", app.view("segments"))
        await settle(app, pilot)
        await press(app, pilot, "5", "enter")
        assert "is not kept" in told(app) and len(app.screen_stack) == 1


async def test_a_page_asks_about_the_run_and_model_that_it_was_opened_on(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m", "t")
        assert isinstance(app.screen, TrustDialog)
        app.link.asked_of.clear()
        run_ends(app, "explain")
        await settle(app, pilot)
        app.screen._call("explain.trust")
        await settle(app, pilot)
        assert [of for name, of in app.link.asked_of if name == "explain.trust"] == [look_at()]
        assert called(app, "explain.trust")[-1]["model"] == "champion"


async def test_rows_that_came_for_an_explanation_that_is_replaced_are_drawn_all_the_same(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        await press(app, pilot, "m")
        view = app.view("explain")
        app.link.answers["explain.overview"] = lambda output=0, model="explained": view_of(model, 2000, growing=False)
        gate = held_back(app, "explain.overview")
        app.take_push(grown(2000, "done"))
        await pilot.pause()
        view.show_explanation(view_of("champion"))  # as the first rows again, while those are on their way
        gate.set()
        await settle(app, pilot)
        await settle(app, pilot)
        assert view.explanation["rows"] == 2000


async def test_a_face_that_believes_in_another_run_than_the_worker_asks_which_it_is(tmp_path):
    app = make_app(tmp_path, {"explain.current": NEXT})
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        app.link.answers["explain.customer"] = ELSEWHERE
        await press(app, pilot, "n")
        assert app.result["shown"] == OTHER and app.view("explain").of == OTHER


async def test_twins_and_pictures_are_not_of_the_run_before(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        await press(app, pilot, "4")
        app.take_result(NEXT)
        assert "next-0001" in app.twin(find("explain", "show_pairs"))
        assert "{segment}" in app.twin(find("segments", "drivers"))


async def test_that_another_run_is_looked_at_is_no_picture(tmp_path):
    app = make_app(tmp_path, {"explain.beeswarm": ELSEWHERE, "probe.effect": ELSEWHERE})
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        for _ in range(2):
            await press(app, pilot, "b")
            assert "Another run" not in app.query_one("#dependence", Plot).empty


async def test_a_new_worker_opens_the_run_though_the_table_is_gone(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        app.table = {"location": "gone.csv", "target": "x"}
        app.link.answers |= {"data.open": WorkerFailure("input", "There is no gone.csv."), "runs.open": NEXT}
        app.action_restart_worker()
        await settle(app, pilot)
        await settle(app, pilot)
        assert app.result["shown"] == OTHER and isinstance(app.screen, ErrorDialog)


async def test_a_run_that_a_new_worker_can_not_open_is_shown_no_more(tmp_path):
    app = make_app(tmp_path, {"runs.open": WorkerFailure("store", "It can't be read.")})
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        app.action_restart_worker()
        await settle(app, pilot)
        await settle(app, pilot)
        assert app.result is None and app.view("explain").of == ""
