"""Questions beyond importance: pairs, look-alikes, groups, trust, drivers; each a dialogue that never waits."""

from __future__ import annotations

import asyncio

import pytest
from question_fakes import (
    NASTY,
    pairs_view,
    trust_found,
    trust_view,
    work_view,
)
from test_tui_screens import at_each_size, picture, settle
from textual.widgets import Button, OptionList, Static
from tui_fakes import explanation_view, job_push, make_app, result_view

from workbench.tui.widgets.choose_column import ColumnDialog
from workbench.tui.widgets.dialogs import ChoiceDialog, TextDialog
from workbench.tui.widgets.drivers import DriversDialog
from workbench.tui.widgets.effect import EffectLines
from workbench.tui.widgets.fairness import FairnessDialog
from workbench.tui.widgets.otherwise import OtherwiseDialog
from workbench.tui.widgets.pairs import PairsDialog
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.reader import Reader
from workbench.tui.widgets.swarm import Beeswarm
from workbench.tui.widgets.trust import TrustDialog
from workbench.tui.widgets.what_if import WhatIfDialog
from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import Push


async def look(app, pilot):
    app.take_result(result_view())
    await pilot.press("3")
    await settle(app, pilot)


async def press(app, pilot, *keys):
    await pilot.press(*keys)
    for _ in range(2):  # a dialogue that ends may open the next
        await settle(app, pilot)


def called(app, method):
    return [params for name, params in app.link.calls if name == method]


@at_each_size
async def test_the_list_of_views_offers_pictures_and_questions(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        await press(app, pilot, "a")
        assert isinstance(app.screen, ChoiceDialog)
        offered = [name for name, _ in app.screen.options]
        assert {"show_effect", "show_pairs", "otherwise", "fairness", "trust"} <= set(offered)
        assert "next_model" not in offered and "next_output" not in offered  # there is one of each
        shown = picture(app)
        assert "How far the importance can be trusted" in shown and "Model quality" in shown
        await press(app, pilot, "down", "enter")
        assert isinstance(app.query_one("#dependence", Plot).drawing, EffectLines)
        await press(app, pilot, "a", "up", "enter")
        assert app.query_one("#dependence", Plot).series.points
        await press(app, pilot, "a", *["down"] * 9, "enter")
        assert isinstance(app.screen, TrustDialog)


async def test_an_effect_that_can_not_be_told_says_why(tmp_path):
    app = make_app(tmp_path, {"probe.effect": WorkerFailure("input", "'x' holds no value [/].")})
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "b")
        assert "'x' holds no value [/]." in picture(app).replace("&#x27;", "'")


async def test_while_the_model_is_asked_the_picture_says_so_and_one_may_go_on(tmp_path):
    gate = asyncio.Event()
    app = make_app(tmp_path)
    call = app.link.call

    async def slow(method, **params):
        if method == "probe.effect":
            await gate.wait()
        return await call(method, **params)

    app.link.call = slow
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await pilot.press("b")
        await pilot.pause()
        assert "Asking the model about visits" in picture(app)
        await pilot.press("n")
        await pilot.pause(0.05)
        assert app.view("explain").index == 1
        await pilot.press("b")  # another picture; the answer to the one before is no longer wanted
        gate.set()
        await settle(app, pilot)
        assert len(called(app, "probe.effect")) == 1  # it was answered, and is not drawn over what came after
        assert isinstance(app.query_one("#dependence", Plot).drawing, Beeswarm)


@at_each_size
async def test_pairs_are_split_and_lead_to_their_feature(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        await press(app, pilot, "p")
        assert isinstance(app.screen, PairsDialog)
        assert called(app, "explain.split")[-1] == {"first": "visits", "second": NASTY, "output": 0}
        text = app.screen.query_one("#split", Reader).text
        assert "by its value (down)" in text and "+1.00" in text and NASTY in text
        await press(app, pilot, "j", "j")
        assert called(app, "explain.split")[-1]["first"] == "age"
        picture(app)
        await press(app, pilot, "enter")
        assert app.view("explain").chosen_feature() == "age" and not isinstance(app.screen, PairsDialog)


async def test_no_pairs_is_a_sentence(tmp_path):
    app = make_app(tmp_path, {"explain.pairs": {**pairs_view(), "pairs": [], "note": "No columns act together [/]."}})
    async with app.run_test(size=(80, 24)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "p")
        assert isinstance(app.screen, TextDialog) and app.screen.text == "No columns act together [/]."


@at_each_size
async def test_the_smallest_change_is_handed_to_what_if(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        await press(app, pilot, "l")
        assert isinstance(app.screen, OtherwiseDialog)
        assert called(app, "probe.changes") == [{"row": 17, "aim": "", "columns": ""}]
        assert called(app, "probe.lookalikes") == [{"row": 17}]
        shown = picture(app)
        assert "visits = 9, not 27" in shown and "no (51.0%) instead of yes" in shown
        assert "known as no" in shown and "not what would happen" in shown
        await press(app, pilot, *"no", "tab", *"age,visits", "enter")
        assert called(app, "probe.changes")[-1] == {"row": 17, "aim": "no", "columns": "age,visits"}
        await press(app, pilot, "down", "down", "enter")
        assert isinstance(app.screen, WhatIfDialog)
        asked = called(app, "explain.what_if")[-1]
        assert asked["changes"] == ["visits=9", f"{NASTY}=[/]"] and asked["row"] == 17
        assert app.screen.changes and "with visits = 9" in picture(app)


async def test_a_lookalike_is_shown_as_the_customer(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "l")
        await press(app, pilot, "down", "down", "down", "enter")
        assert called(app, "explain.customer")[-1] == {"row": 500, "output": 0}


async def test_what_can_not_be_looked_for_is_a_sentence_and_the_rest_stays(tmp_path):
    app = make_app(tmp_path, {"probe.changes": WorkerFailure("input", "'[/]' is no class.")})
    async with app.run_test(size=(80, 24)) as pilot:
        app.take_result(result_view(task="binary"))
        await press(app, pilot, "3")
        await press(app, pilot, "l")
        shown = picture(app).replace("&#x27;", "'")
        assert "! '[/]' is no class." in shown and "known as no" in shown
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, OtherwiseDialog)


@at_each_size
async def test_groups_are_chosen_from_all_columns_and_clear_differences_come_first(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        await press(app, pilot, "f")
        dialog = app.screen
        assert isinstance(dialog, ColumnDialog) and len(dialog.shown) == 5
        await press(app, pilot, *"feature")
        assert dialog.shown == ["age", NASTY, "购买频率"] and "3 of 5 columns" in picture(app)
        await press(app, pilot, "down", "enter")
        assert isinstance(app.screen, FairnessDialog)
        assert called(app, "probe.fairness") == [{"column": NASTY, "output": 0}]
        text = app.screen.query_one("#page", Reader).text
        assert text.index("! demographic parity") < text.index("  equal opportunity")
        assert "IN WORDS" in text and NASTY in text and "selection rate" in text
        await press(app, pilot, "escape", "f")
        assert app.screen.shown[app.screen.query_one(OptionList).highlighted] == NASTY  # where one was before
        await press(app, pilot, *"nothing like it", "enter")
        assert isinstance(app.screen, ColumnDialog) and app.screen.shown == []


@at_each_size
async def test_refits_begin_at_once_are_followed_stopped_and_left(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        await look(app, pilot)
        await press(app, pilot, "t")
        page = app.screen
        assert isinstance(page, TrustDialog) and called(app, "explain.trust_start") == [{}]
        assert "1 of 4" in page.query_one("#page", Reader).text
        app.take_push(Push("work", work_view(done=3, message="with random columns")))
        await settle(app, pilot)
        assert "3 of 4" in picture(app) and "with random columns" in picture(app)
        assert page.query_one("#trust-again", Button).disabled
        await press(app, pilot, "x")
        assert called(app, "explain.trust_stop") == [{}]
        app.take_push(Push("work", work_view(state="stopped")))
        await settle(app, pilot)
        assert "Stopped. r begins anew." in picture(app) and page.query_one("#trust-stop", Button).disabled
        await press(app, pilot, "r", "escape")
        assert len(called(app, "explain.trust_start")) == 2 and not isinstance(app.screen, TrustDialog)
        app.link.answers["explain.trust"] = trust_view(work_view(state="done"), trust_found())
        app.take_push(Push("work", work_view(state="done")))
        await settle(app, pilot)
        assert any("t on screen 3 shows" in told.message for told in app._notifications)
        await press(app, pilot, "t")
        text = app.screen.query_one("#page", Reader).text
        assert "the order is the same [/]" in text and "no more than those: 购买频率" in text and "PERMUTATION" in text
        assert len(called(app, "explain.trust_start")) == 2  # what there is is shown, and not made again


async def test_refits_wait_for_a_wish_while_a_search_runs(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        app.take_push(Push("job", job_push()))
        await press(app, pilot, "t")
        assert not called(app, "explain.trust_start") and "r begins" in picture(app)
        await press(app, pilot, "r")
        assert called(app, "explain.trust_start")
        app.take_push(Push("work", work_view(state="failed", error="It broke [/].")))
        await settle(app, pilot)
        assert "It broke [/]." in picture(app)


async def test_a_page_is_copied_and_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "f", "enter")
        await press(app, pilot, "y")
        assert "DIFFERENCES" in app.clipboard
        await press(app, pilot, "w", "enter")
        await pilot.pause(0.05)
        assert "DIFFERENCES" in (tmp_path / "groups-of-customer_id.txt").read_text(encoding="utf-8")


@at_each_size
async def test_a_segment_is_told_apart_by_what_drives_it(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_result(result_view())
        await press(app, pilot, "4")
        await press(app, pilot, "j", "e")
        assert isinstance(app.screen, DriversDialog)
        assert called(app, "segments.drivers") == [{"index": 1, "segment": 1, "output": 0}]
        assert "In 100 rows of the segment [/] it is lower." in picture(app)
        await press(app, pilot, "C")
        assert called(app, "segments.drivers")[-1]["output"] == 1
        await press(app, pilot, "escape")
        app.link.answers["segments.drivers"] = WorkerFailure("input", "It holds no explanation [/].")
        await press(app, pilot, "e")
        assert "It holds no explanation [/]." in picture(app)


async def test_every_question_needs_an_explanation(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, "3")
        for key in "aplfteimCnvcw":
            await press(app, pilot, key)
            assert len(app.screen_stack) == 1, key
        assert [name for name, _ in app.link.calls if name.partition(".")[0] in ("explain", "probe", "report")] == []


async def test_the_class_has_a_key_of_its_own(tmp_path):
    outputs = ["no", "yes", "perhaps"]
    app = make_app(tmp_path, {"explain.overview": lambda **_: {**explanation_view(), "outputs": outputs}})
    async with app.run_test(size=(100, 30)) as pilot:
        await look(app, pilot)
        await press(app, pilot, "C")
        assert called(app, "explain.overview")[-1] == {"output": 1}
        await press(app, pilot, "b")
        assert called(app, "probe.effect")[-1] == {"column": "visits", "output": 1}
        assert "class yes" in str(app.query_one("#explain-facts", Static).render())
        await press(app, pilot, "C", "C")
        assert called(app, "explain.overview")[-1] == {"output": 0}  # after the last comes the first


@pytest.mark.parametrize(("keys", "method"), [("p", "explain.split"), ("l", "probe.changes"), ("t", "explain.trust")])
async def test_a_question_that_is_left_is_dropped(tmp_path, keys, method):
    gate = asyncio.Event()
    app = make_app(tmp_path)
    call = app.link.call

    async def slow(asked, **params):
        if asked == method:
            await gate.wait()
        return await call(asked, **params)

    app.link.call = slow
    async with app.run_test(size=(80, 24)) as pilot:
        await look(app, pilot)
        await press(app, pilot, keys)
        assert len(app.screen_stack) == 2
        await press(app, pilot, "escape")
        assert len(app.screen_stack) == 1
        gate.set()
        await press(app, pilot, "n")
        assert app.view("explain").index == 1
        gate.clear()
        await press(app, pilot, keys)  # and the app may end while the model is asked
