"""Actions, footer, menus, palette, help, themes, ASCII, session: what is around the screens."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from test_tui_screens import open_table, picture, settle
from tui_fakes import job_push, make_app, result_view

from workbench.tui import session
from workbench.tui.actions import ACTIONS, FOOTERS, MENUS, SCREENS, bindings, find, footer, twin
from workbench.tui.exports import to_csv
from workbench.tui.screens.making import make_view
from workbench.tui.widgets.link_line import LinkLine
from workbench.tui.widgets.plot import Series
from workbench.tui.widgets.plot import picture as plot_lines
from workbench.tui.widgets.text import clean, fit, number
from workbench.worker.protocol import Push


def test_every_action_exists_and_every_screen_fits_its_footer():
    from workbench.tui.app import WorkbenchApp

    for action in ACTIONS:
        owner = WorkbenchApp if action.where == "app" else type(make_view(action.where))
        assert hasattr(owner, f"action_{action.id}"), action
        assert action.menu in MENUS
    for screen in SCREENS:
        assert len(footer(screen)) + 2 <= 8 and all(find(screen, name).short for name in FOOTERS[screen])
        assert len({binding.id for binding in bindings(screen)}) == len(bindings(screen))


def test_no_key_means_two_things_on_a_screen():
    for screen in SCREENS:
        keys = [key for action in ACTIONS if action.where == screen for key in action.key.split(",")]
        assert len(keys) == len(set(keys)), screen


def test_twins_are_quoted_for_a_shell():
    line = twin(find("data", "set_target"), {"table": "my $(rm) file.csv", "column": "a'b; x"})
    assert shlex.split(line) == ["workbench", "check", "my $(rm) file.csv", "--target", "a'b; x"]


@given(st.text(max_size=80), st.integers(1, 40), st.booleans())
def test_text_fits_its_cells_whatever_it_holds(text, width, right):
    fitted = fit(text, width, right=right)
    assert cell_len(fitted) == width and "\n" not in fitted and "\x1b" not in fitted and "\t" not in fitted


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12))
def test_numbers_stay_readable(value):
    assert 0 < len(number(value)) <= 20 and number(None) == "-"


@given(
    st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), max_size=50),
    st.integers(0, 120),
    st.integers(0, 40),
)
def test_a_plot_fits_its_room(points, width, height):
    lines = plot_lines(Series(points, "steps"), width, height, "x", "y")
    if points and width >= 16 and height >= 4 and len(lines) > 1:
        assert len(lines) <= height


def test_csv_cells_are_no_formulas():
    assert to_csv([{"a": "=1+1", "b": -3, "c": 'x,"y"'}]).splitlines()[1] == '\'=1+1,-3,"x,""y"""'


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
async def test_themes(tmp_path, theme):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.theme = theme
        await open_table(app, pilot)
        app.take_push(Push("job", job_push()))
        app.take_result(result_view())
        for key in "12345":
            await pilot.press(key)
            await settle(app, pilot)
            picture(app)


async def test_all_themes_load(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
        assert app.theme == theme


async def test_no_color_still_says_every_state(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(Push("job", job_push()))
        await pilot.press("2")
        await settle(app, pilot)
        shown = picture(app)
        assert "FAILED" in shown and "running" in shown and "RUNNING" in shown


async def test_ascii_draws_ascii(tmp_path):
    app = make_app(tmp_path, ascii=True)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_push(Push("job", job_push()))
        app.take_result(result_view())
        for key in "234":
            await pilot.press(key)
            await settle(app, pilot)
            lines = [app.screen._compositor.render_strips()[y] for y in range(30)]
            drawn = "".join(
                s.text for strip in lines for s in strip.apply_filter(app._filters[-1], app.screen.background_colors[0])
            )
            assert not [sign for sign in drawn if 0x2500 <= ord(sign) <= 0x28FF]


async def test_palette_help_and_menu_name_the_actions(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(140, 40)) as pilot:
        await open_table(app, pilot)
        await pilot.press("ctrl+p")
        await pilot.pause(0.3)
        await pilot.press(*"start")
        await pilot.pause(0.5)
        assert "$ workbench run /data/customers.parquet" in picture(app)
        await pilot.press("escape", "escape", "question_mark")
        await pilot.pause(0.1)
        assert "Make the selected column the target" in picture(app)
        await pilot.press("escape", "f10")
        await pilot.pause(0.1)
        assert "Open a table" in picture(app)
        await pilot.press("right", "right", "right", "enter")
        await pilot.pause(0.3)
        assert app.current_screen == "explain"


async def test_the_mouse_reaches_tabs_and_footer(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        tabs = app.query_one("#tabs", LinkLine)
        at = tabs.text.index("5 Runs")
        await pilot.click("#tabs", offset=(at + 1, 0))
        await settle(app, pilot)
        assert app.current_screen == "runs"


async def test_keys_can_be_rebound_by_id(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keys.toml").write_text('"app.screen_runs" = "z"\n')
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("z")
        await settle(app, pilot)
        assert app.current_screen == "runs"


async def test_a_session_comes_back_and_a_broken_one_is_no_harm(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await open_table(app, pilot)
        await pilot.press("q")
        await pilot.pause(0.1)
    kept = session.read_session()
    assert kept["table"] == "/data/customers.parquet" and kept["screen"] == "data"
    assert json.loads(session.session_path().read_text())["version"] == session.VERSION
    session.session_path().write_text("{nonsense")
    assert session.read_session() == {}


def test_no_file_is_a_god_file():
    package = Path(__file__).resolve().parents[2] / "workbench"
    lengths = {
        path.relative_to(package): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("tui", "worker")
        for path in (package / folder).rglob("*.py")
    }
    assert not {path: length for path, length in lengths.items() if length > 400}
    assert lengths[Path("tui/app.py")] <= 250 and lengths[Path("tui/frame.py")] <= 300


def test_clean_drops_what_moves_the_cursor_or_turns_the_text():
    assert clean("a\x1b[2Jb\u202ec\r\nd\x9be") == "a [2Jb c  d e"


async def test_the_footer_follows_the_size_at_once(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await open_table(app, pilot)
        assert "filter" in _last_line(app)
        await pilot.resize_terminal(80, 24)
        await settle(app, pilot)
        assert "filter" not in _last_line(app) and "palette" in _last_line(app)
        await pilot.resize_terminal(120, 40)
        await settle(app, pilot)
        assert "filter" in _last_line(app)


def _last_line(app):
    """The words of the footer."""
    return "".join(item.text for item in app.query_one("#foot", LinkLine)._items)
