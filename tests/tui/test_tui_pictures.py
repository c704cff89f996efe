"""The pictures in the terminal: readable by their signs alone, each a table as well, none wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from question_fakes import effect_view
from rich.cells import cell_len
from test_tui_screens import at_each_size, picture, settle
from tui_fakes import HOSTILE, explanation_view, make_app, map_view, quality_view, result_view, swarm_view

from workbench.tui.widgets.drawing import table_lines
from workbench.tui.widgets.effect import EffectLines
from workbench.tui.widgets.plot import Plot
from workbench.tui.widgets.quality import QualityLines
from workbench.tui.widgets.segment_map import SegmentMap
from workbench.tui.widgets.spans import ImportanceBars
from workbench.tui.widgets.swarm import Beeswarm, swarm_cells
from workbench.worker.client import WorkerFailure


def hostile_drawings():
    """Each kind of picture with hostile names."""
    swarm, importance = swarm_view(), explanation_view()["importance"]
    for column, row, cell in zip(swarm["columns"], importance, HOSTILE, strict=False):
        column["column"] = row["column"] = cell
    found = map_view(1)
    for segment, cell in zip(found["segments"], HOSTILE[4:], strict=False):
        segment["name"] = cell
    bars = ImportanceBars(importance, HOSTILE[2], "x")
    effects = [EffectLines(effect_view(name)) for name in ("visits", "region")]
    for effect in effects:
        effect.view["note"], effect.view["column"] = HOSTILE[6] + HOSTILE[3], HOSTILE[5]
        for point, cell in zip(effect.view["points"], HOSTILE, strict=False):
            point["label"] = cell
    return [Beeswarm(swarm, HOSTILE[2]), bars, QualityLines(quality_view()), SegmentMap(found, 3), *effects]


def text_of(drawing, width, height):
    return ["".join(piece for piece, _ in line) for line in drawing.lines(width, height)]


def test_a_reason_that_is_longer_than_its_room_says_so():
    effect = EffectLines(effect_view("visits"))
    effect.view["note"] = "Accumulated local effects are shown because this goes together with that. " * 3
    lines = text_of(effect, 60, 20)
    assert lines[1].rstrip().endswith(" …") and cell_len(lines[1]) <= 60
    effect.view["note"] = "Short."
    assert text_of(effect, 60, 20)[0] == "Short."


@given(st.integers(1, 160), st.integers(1, 50))
def test_a_picture_fits_its_room_whatever_the_names_are(width, height):
    for drawing in hostile_drawings():
        lines = text_of(drawing, width, height)
        assert len(lines) <= max(1, height)
        assert all(cell_len(line) <= width for line in lines) or len(lines) == 1
        assert all("\n" not in line and "\t" not in line and "\x1b" not in line for line in lines)
        table = table_lines(drawing.heads(), drawing.rows(), width)
        assert len(table) == len(drawing.rows()) + 1
        assert all(cell_len(line) <= max(width, 10) for line in table)


def test_a_beeswarm_says_by_signs_whether_values_are_low_or_high():
    points = [[-1.0, 0.1], [-1.0, 0.0], [0.0, 0.5], [1.0, 0.9], [0.5, None]]
    cells = swarm_cells(points, 9, -1.0, 1.0)
    assert "".join(sign for sign, _ in cells) == "-   = o +"
    # the same in one column of a table: what low and high values do
    assert Beeswarm(swarm_view()).rows()[0] == ["visits", "-3.00", "0.100", "3.00", "0.200", "-5.00", "5.00"]


def test_predictions_that_come_true_are_one_sign_and_others_are_two():
    same = {
        **quality_view(),
        "bins": [{"rows": 50, "predicted": v, "actual": v, "low": v - 1, "high": v + 1} for v in (1.0, 9.0)],
    }
    assert all(
        "*" in line and "x" not in line for line in (text[33:] for text in text_of(QualityLines(same), 80, 6)[:2])
    )
    shown = text_of(QualityLines(quality_view()), 100, 12)
    assert any("o" in line[33:] and "x" in line[33:] for line in shown)


def test_no_customers_and_no_room_are_said():
    empty = {"unit": "", "rows": 0, "columns": []}
    assert text_of(Beeswarm(empty), 80, 10) == ["(nothing to draw)"]
    assert text_of(Beeswarm(swarm_view()), 10, 10) == ["(too small to draw)"]
    assert text_of(QualityLines({**quality_view(), "bins": []}), 80, 10) == ["(nothing to draw)"]


@at_each_size
async def test_b_goes_through_the_pictures_and_v_shows_each_as_a_table(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        plot = app.query_one("#dependence", Plot)
        for kind, words in (
            (EffectLines, "EFFECT  visits on yes [/]: partial dependence"),
            (Beeswarm, "BEESWARM  800"),
            (ImportanceBars, "IMPORTANCE"),
            (QualityLines, "1,000 held out"),
        ):
            await pilot.press("b")
            await settle(app, pilot)
            assert isinstance(plot.drawing, kind) and words in picture(app)
            await pilot.press("v")
            await pilot.pause()
            assert plot.drawing.heads()[1] in picture(app)
            await pilot.press("v")
        await pilot.press("b")
        await settle(app, pilot)
        assert plot.drawing is None and plot.series.points


async def test_the_picture_follows_the_feature_and_a_table_scrolls(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        await pilot.press("b", "b", "j")
        await settle(app, pilot)
        plot = app.query_one("#dependence", Plot)
        assert plot.drawing.chosen == "recency_days" and ">recency_days" in picture(app)
        assert [call[0] for call in app.link.calls].count("explain.beeswarm") == 1
        plot.focus()
        await pilot.resize_terminal(100, 22)
        await pilot.press("v", *"jjjjjjjjjj")
        await pilot.pause()
        assert plot.top == max(0, 8 - plot.size.height)


async def test_a_run_without_held_out_predictions_says_so_in_the_picture(tmp_path):
    app = make_app(tmp_path, {"explain.quality": WorkerFailure("input", "It keeps no [/] predictions.")})
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        await pilot.press("b", "b", "b", "b")
        await settle(app, pilot)
        assert "It keeps no [/] predictions." in picture(app)


@pytest.mark.parametrize("ascii", [True, False])
async def test_signs_are_told_without_colour(tmp_path, monkeypatch, ascii):
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(tmp_path, ascii=ascii)
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view())
        await pilot.press("3")
        await settle(app, pilot)
        await pilot.press("b", "b")
        await settle(app, pilot)
        shown = picture(app)
        assert "---" in shown and "+++" in shown and "- low value" in shown


def test_segments_are_told_apart_by_their_number_where_most_customers_are_theirs():
    points = [[0, 0, 0], [0, 0, 2], [0, 0, 2], [9, 9, 1], [9, 0, 12]]
    names = [
        {"id": at, "name": f"n{at}", "size": 9, "x": None, "y": 1.0, "spread": 0.5, "nearest": None}
        for at in (0, 1, 2, 12)
    ]
    drawn = text_of(SegmentMap({"kind": "descriptive", "rows": 5, "points": points, "segments": names}, 1), 10, 3)
    assert drawn == ["         1", "          ", "2        c"]
    told = SegmentMap({"kind": "descriptive", "rows": 5, "points": points, "segments": names}).rows()
    assert told[3] == ["c n12", "9", "-", "1.00", "0.500", "-"]


@at_each_size
async def test_the_map_comes_and_goes_and_is_a_table(tmp_path, size):
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        app.take_result(result_view())
        await pilot.press("4")
        await settle(app, pilot)
        assert not app.query_one("#map-box").display
        await pilot.press("b")
        await settle(app, pilot)
        plot = app.query_one("#map", Plot)
        assert app.query_one("#map-box").display and "MAP  goal-guided" in picture(app)
        assert app.query_one("#strategy-box").display == (size[0] >= 140)
        await pilot.press("v")
        await settle(app, pilot)
        assert "nearest" in picture(app) and plot.as_table
        await pilot.press("v", "m")
        await settle(app, pilot)
        assert ("segments.map", {"index": 0}) in app.link.calls and "MAP  descriptive" in picture(app)
        reached = set()
        for _ in range(5):
            await pilot.press("tab")
            await settle(app, pilot)
            reached.add(app.focused.id)
        assert "map" in reached and ("segment" in reached) == (size[0] < 96)
        await pilot.press("b")
        await settle(app, pilot)
        assert not app.query_one("#map-box").display and app.focused.id == "segments-grid"


async def test_v_shows_the_map_as_a_table_at_once_and_no_map_is_said(tmp_path):
    app = make_app(tmp_path, {"segments.map": WorkerFailure("input", "They come without a map [/].")})
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view())
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("v")
        await settle(app, pilot)
        assert "They come without a map [/]." in picture(app)


async def test_w_writes_the_segments_beside_what_the_worker_draws(tmp_path):
    folder = tmp_path / "out"
    app = make_app(tmp_path, {"report.segment_figures": {"folder": str(folder), "files": ["map.csv"]}})
    async with app.run_test(size=(100, 30)) as pilot:
        app.take_result(result_view())
        await pilot.press("4")
        await settle(app, pilot)
        await pilot.press("w")
        await settle(app, pilot)
        await pilot.press("enter")
        for _ in range(50):
            await pilot.pause(0.02)
            if (folder / "segments.csv").exists():
                break
        assert (folder / "segments.csv").read_text(encoding="utf-8").count("\n") == 6
