"""Words on the screens: what is said of a champion, lines by cells, filters by what stands above the columns."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from test_tui_screens import settle
from tui_fakes import job_push, make_app, past_view

from workbench.tui.actions import find, twin
from workbench.tui.job_model import JobModel
from workbench.tui.screens.search_text import findings_text
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.reader import LABEL, labelled
from workbench.worker.protocol import Push


@pytest.mark.parametrize("width", [59, 60, 61])
@pytest.mark.parametrize(
    "text",
    ["客户消费金额高于平均" * 30, "a" + "客" * 200, "short words and 很长的中文句子 between them " * 9, "x" * 300],
)
def test_lines_beside_a_label_fit_their_cells(text, width):
    lines = labelled("RULE", text, width)
    assert len(lines) > 3 and all(cell_len(line) <= width for line in lines)
    assert "".join(line[LABEL + 1 :] for line in lines).replace(" ", "") == text.replace(" ", "")


def champion(**changes):
    view = past_view()
    view["summary"]["search"] |= changes
    job = JobModel()
    job.take(view)
    return findings_text(job)


def test_a_single_champion_is_corrected_and_a_blend_was_judged_on_other_rows():
    assert "corrected for having been chosen" in champion()
    figures = {"value": 38.0, "low": 36.0, "high": 40.0}
    other = {"champion": "lightgbm", "score": figures, "price": {"value": 1.1, "low": -0.2, "high": 2.0}}
    told = champion(explainable=other)
    assert "on rows that did not shape it" in told and "corrected" not in told
    assert "not certain to be anything" in told
    sure = {**other, "price": {"value": 1.1, "low": 0.2, "high": 2.0}}
    assert "not certain to be anything" not in champion(explainable=sure)


async def test_trials_are_filtered_by_the_titles_of_their_columns(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        app.take_push(Push("job", job_push()))
        await pilot.press("2")
        await settle(app, pilot)
        grid = app.query_one("#trials", Grid)
        for text, wanted in (("model = linear", 8), ("no > 20", 3), ("number > 20 and model = lightgbm", 1)):
            grid.set_filter(text)
            assert len(grid.rows) == wanted, text


async def test_command_lines_name_the_run_that_an_action_is_about(tmp_path):
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        app.take_push(Push("job", job_push()))
        await pilot.press("5")
        await settle(app, pilot)
        await pilot.press("space", "down", "space", "down")
        grid, facts = app.query_one("#runs-grid", Grid), app.facts("runs")
        marked = [row["name"] for row in grid.all_rows if row["run_id"] in grid.marks]
        assert len(marked) == 2 and grid.current["name"] not in marked
        assert twin(find("runs", "delete"), facts) == f"workbench runs delete {grid.current['name']}"
        assert twin(find("runs", "compare"), facts).split()[3:] == marked
        await pilot.press("2")
        await settle(app, pilot)
        assert twin(find("search", "resume"), app.facts("search")).split()[3] == "customers-0007"
