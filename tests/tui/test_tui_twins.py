"""The command line beside an action says what the screen shows: its class, customer and segments, or nothing."""

from __future__ import annotations

import shlex

from test_tui_models import made
from test_tui_questions import look, press
from tui_fakes import explanation_view, make_app, result_view

from workbench.tui.actions import ACTIONS, find, twin

SIZE = (100, 30)


def line(app, where, name):
    return app.twin(find(where, name))


async def test_a_segment_of_other_segments_than_the_usual_names_their_kind(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        app.take_result(result_view())
        await press(app, pilot, "4", "j")
        assert line(app, "segments", "drivers") == "workbench explain customers-0007 --segment 1"
        await press(app, pilot, "m")
        chosen = app.view("segments").chosen_segment()["id"]
        assert line(app, "segments", "drivers") == (
            f"workbench explain customers-0007 --segment {chosen} --segmentation descriptive"
        )


async def test_the_class_and_the_customer_are_those_that_are_shown(tmp_path):
    outputs = ["no", "yes; rm", "perhaps"]
    app = make_app(tmp_path, {"explain.overview": lambda **_: {**explanation_view(), "outputs": outputs}})
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        await press(app, pilot, "C")
        asked = shlex.split(line(app, "explain", "show_effect"))
        assert asked == ["workbench", "explain", "customers-0007", "--column", "visits", "--class", "yes; rm"]
        asked = shlex.split(line(app, "explain", "otherwise"))
        assert asked[3:] == ["--row", "[b]100003", "--neighbours", "--counterfactual"]


async def test_one_output_needs_no_class(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        assert line(app, "explain", "show_effect") == "workbench explain customers-0007 --column visits"


async def test_a_blend_has_no_command_line(tmp_path):
    app = made(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await look(app, pilot)
        assert line(app, "explain", "show_pairs") == "workbench explain customers-0007"
        await press(app, pilot, "m")
        named = {action.id: app.twin(action) for action in ACTIONS if action.where == "explain" and action.twin}
        assert {name for name, told in named.items() if told} == {"trust"}  # which is of the single model either way
        assert app.twin(find("app", "write_report"))
        await press(app, pilot, "m")
        assert line(app, "explain", "show_pairs") == "workbench explain customers-0007"


def test_what_a_twin_lacks_stays_to_be_filled_in():
    assert twin(find("segments", "drivers"), {}) == "workbench explain {run} --segment {segment}"
