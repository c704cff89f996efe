"""The what-if dialogue: several changes at once, one clear sentence for a wrong one, never cause and effect."""

from __future__ import annotations

import re

from test_tui_screens import at_each_size, picture, settle
from textual.widgets import Input, Static
from tui_fakes import HOSTILE, make_app, result_view, what_if_view

from workbench.tui.widgets.what_if import NOT_CAUSAL, WhatIfDialog, what_if_text
from workbench.worker.client import WorkerFailure


async def open_dialogue(app, pilot):
    app.take_result(result_view())
    await pilot.press("3")
    await settle(app, pilot)
    await pilot.press("e")
    await settle(app, pilot)
    assert isinstance(app.screen, WhatIfDialog)


def answer(app):
    return str(app.screen.query_one("#what-if-answer", Static).render())


@at_each_size
async def test_changes_add_up_and_can_be_started_over(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_dialogue(app, pilot)
        await pilot.press(*"visits=3", "enter")
        await settle(app, pilot)
        await pilot.press(*"region=[/]", "enter")
        await settle(app, pilot)
        assert app.link.calls[-1] == (
            "explain.what_if", {"row": 17, "changes": ["visits=3", "region=[/]"], "output": 0}
        )  # fmt: skip
        shown = picture(app)
        assert "with region = [/], not 27" in shown and "no explained customer has this value" in shown
        assert "would predict 188.0 spend_90d instead of 402.1" in shown and "not what would happen" in shown
        assert "--row '[b]100003' --what-if visits=3 --what-if 'region=[/]'" in answer(app)
        await pilot.press("ctrl+r")
        await settle(app, pilot)
        assert app.screen.changes == [] and "No changes" in picture(app)
        await pilot.press("escape")
        await settle(app, pilot)
        assert app.current_screen == "explain" and not isinstance(app.screen, WhatIfDialog)


async def test_a_wrong_change_is_a_sentence_and_the_good_ones_stay(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_dialogue(app, pilot)
        await pilot.press(*"visits=3", "enter")
        await settle(app, pilot)
        app.link.answers["explain.what_if"] = WorkerFailure("input", "The model uses no column 'x'; [/] was meant.")
        await pilot.press(*"x=1", "enter")
        await settle(app, pilot)
        told = str(app.screen.query_one("#what-if-problem", Static).render())
        assert told == "! The model uses no column 'x'; [/] was meant."
        assert app.screen.changes == ["visits=3"] and app.screen.query_one(Input).value == "x=1"


def test_no_text_of_a_table_breaks_the_answer_and_none_of_ours_speaks_of_causes():
    for cell in HOSTILE:
        view = what_if_view(0, [f"{cell}={cell}"])
        view.update(output=cell, target=cell, unit=cell)
        view["predictions"][0]["name"] = cell
        assert "\x1b" not in what_if_text(view)
    told = what_if_text(what_if_view(0, ["visits=3"])) + NOT_CAUSAL
    assert not re.search(r"\b(cause|effect|because|leads? to|due to)", told)


def test_of_two_classes_one_is_told_and_of_more_each():
    view = what_if_view(0, ["a=1"])
    view["shares"] = True
    view["predictions"] = [{"name": name, "before": 0.4, "after": 0.25} for name in ("no", "yes")]
    assert what_if_text(view).count("would predict") == 1 and "yes: 25.0% instead of 40.0%" in what_if_text(view)
    view["predictions"].append({"name": "perhaps", "before": 0.2, "after": 0.5})
    assert what_if_text(view).count("would predict") == 3
