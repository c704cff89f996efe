"""Search space, playbook and project file in place: saved when the worker takes them, nothing lost by escape."""

from __future__ import annotations

from test_tui_screens import at_each_size, open_table, picture, settle
from textual.widgets import Input, Static, TextArea
from tui_fakes import make_app

from workbench.tui.widgets.dialogs import ChoiceDialog, ConfirmDialog, ErrorDialog
from workbench.tui.widgets.edit_text import EditDialog
from workbench.tui.widgets.start import StartDialog
from workbench.worker.client import WorkerFailure

TEXT = 'version = 1\nfamily = "linear"\n# [bold]x[/] \x1b[31m 東京\n'


def text_view(name="space:linear", *, own=False, text=TEXT):
    title = f"search space of {name.partition(':')[2]}" if ":" in name else name
    return {"name": name, "title": title, "text": text, "path": "/w/[b]/x.toml", "source": "/s/x.toml", "own": own}


def answers(**changes):
    return {
        "texts.list": [text_view("space:linear"), text_view("space:lightgbm", own=True), text_view("playbook")],
        "texts.read": lambda name: text_view(name),
        "texts.save": lambda name, text: text_view(name, own=True, text=text),
        "texts.reset": lambda name: text_view(name),
        **changes,
    }


async def open_space(app, pilot):
    await pilot.press("2")
    await settle(app, pilot)
    await pilot.press("E")
    await pilot.pause(0.1)
    assert isinstance(app.screen, ChoiceDialog)
    assert "lightgbm   yours" in picture(app)
    await pilot.press("enter")
    await pilot.pause(0.1)
    assert isinstance(app.screen, EditDialog)


@at_each_size
async def test_a_space_is_edited_saved_and_left(tmp_path, size):
    app = make_app(tmp_path, answers())
    async with app.run_test(size=size) as pilot:
        await open_space(app, pilot)
        assert "as it comes with workbench" in picture(app) and "[bold]x[/]" in picture(app)
        await pilot.press(*"q=1", "enter", "ctrl+s")
        await pilot.pause(0.1)
        method, params = app.link.calls[-1]
        assert method == "texts.save" and params["name"] == "space:linear" and params["text"].startswith("q=1\nversion")
        assert not app.screen.edited and app.screen.changed
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert len(app.screen_stack) == 1 and app.current_screen == "search"


async def test_a_mistake_is_a_sentence_and_the_cursor_goes_to_its_line(tmp_path):
    problem = WorkerFailure("input", "x.toml can't be read as TOML: Invalid [/] value (at line 3, column 9).")
    app = make_app(tmp_path, answers(**{"texts.save": problem}))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_space(app, pilot)
        await pilot.press("z", "ctrl+s")
        await pilot.pause(0.1)
        assert "Invalid [/] value" in str(app.screen.query_one("#edit-problem", Static).render())
        assert app.screen.query_one(TextArea).cursor_location == (2, 0) and app.screen.edited


async def test_escape_asks_before_it_loses_what_was_typed(tmp_path):
    app = make_app(tmp_path, answers())
    async with app.run_test(size=(80, 24)) as pilot:
        await open_space(app, pilot)
        await pilot.press("z", "escape")
        await pilot.pause(0.1)
        assert isinstance(app.screen, ConfirmDialog)
        shown = picture(app)
        assert "Throw it away (y)" in shown and "No (n)" in shown
        assert app.screen.query_one(".box").size.height <= 5
        await pilot.press("n")
        await pilot.pause(0.1)
        assert isinstance(app.screen, EditDialog) and app.screen.query_one(TextArea).text.startswith("z")
        await pilot.press("escape")
        await pilot.pause(0.1)
        await pilot.press("y")
        await pilot.pause(0.1)
        assert len(app.screen_stack) == 1 and "texts.save" not in [call[0] for call in app.link.calls]


async def test_reset_asks_and_brings_back_what_comes_with_the_program(tmp_path):
    app = make_app(tmp_path, answers(**{"texts.read": lambda name: text_view(name, own=True, text="# mine\n")}))
    async with app.run_test(size=(100, 30)) as pilot:
        await open_space(app, pilot)
        await pilot.press("ctrl+r")
        await pilot.pause(0.1)
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("y")
        await pilot.pause(0.1)
        assert app.link.calls[-1] == ("texts.reset", {"name": "space:linear"})
        assert app.screen.query_one(TextArea).text.startswith("version = 1")


async def test_the_start_dialogue_says_what_is_own_and_opens_the_spaces(tmp_path):
    app = make_app(tmp_path, answers())
    async with app.run_test(size=(80, 24)) as pilot:
        await open_table(app, pilot)
        await pilot.press("g")
        await settle(app, pilot)
        assert "search space of lightgbm" in picture(app)
        app.screen.query_one("#start-families", Input).focus()
        await settle(app, pilot)
        hint = str(app.screen.query_one("#start-problem").render())
        assert hint == "Empty means linear, random_forest, lightgbm; also hist_gradient_boosting."
        await pilot.press("ctrl+e")
        await pilot.pause(0.1)
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert isinstance(app.screen, StartDialog)


async def test_a_project_file_is_opened_anew_after_it_was_saved(tmp_path):
    app = make_app(tmp_path, answers())
    async with app.run_test(size=(100, 30)) as pilot:
        await open_table(app, pilot)
        app.action_edit_project()
        await pilot.pause(0.1)
        assert isinstance(app.screen, ErrorDialog) and "No project file is open." in picture(app)
        await pilot.press("enter")
        app.table["location"] = "/w/project.toml"
        app.action_edit_project()
        await pilot.pause(0.1)
        await pilot.press("#", "ctrl+s")
        await pilot.pause(0.1)
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert ("data.open", {"path": "/w/project.toml"}) in app.link.calls
