"""Whether predictions come true, in the report; and its drawings as PNG, which show what the SVG shows."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from report_results import CLASSES, TARGET, hostile_result, result

from workbench.contracts import JourneyResult, Task
from workbench.report import build_report, render_html, write_figures, write_pictures
from workbench.report.blocks import Figure, Grid, Paragraph, Section


def honest(task: Task) -> JourneyResult:
    """A result whose out-of-fold predictions come true."""
    found = result(task)
    assert found.search is not None
    rows = len(found.table.frame)
    rng = np.random.default_rng(2)
    frame = found.table.frame.copy()
    classes = CLASSES[task]
    if classes:
        shares = rng.dirichlet(np.ones(len(classes)), rows)
        frame[TARGET] = [classes[rng.choice(len(classes), p=share)] for share in shares]
    else:
        shares = frame[TARGET].to_numpy() + rng.normal(size=rows)
    search = dataclasses.replace(found.search, out_of_fold=shares)
    return dataclasses.replace(found, search=search, table=dataclasses.replace(found.table, frame=frame))


def models_of(found: JourneyResult) -> Section:
    """The section of the models."""
    return next(section for section in build_report(found).sections if section.id == "models")


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION])
def test_predictions_are_held_against_what_came(task: Task) -> None:
    found = honest(task)
    blocks = models_of(found).blocks
    drawn = next(block for block in blocks if isinstance(block, Figure) and block.name == "model-quality")
    table = next(block for block in blocks if isinstance(block, Grid) and block.caption.startswith("Predicted and"))
    outputs = max(1, len(CLASSES[task]) if task is Task.MULTICLASS else 1)
    assert len(table.rows) == 10 * outputs
    assert {row[1] for row in table.rows} == {"24"}
    assert drawn.alt.count("predicted") == 10 * outputs
    told = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert ("percentage points off what came" in told) == (task is not Task.REGRESSION)
    assert "model-quality" not in render_html(result(task, constant=True))


def test_png_is_written_beside_svg_and_shows_the_dots(tmp_path: Path) -> None:
    found = honest(Task.BINARY)
    paths = write_pictures(found, tmp_path, ("explanation", "segments"))
    names = {path.name for path in paths}
    assert {"beeswarm.svg", "beeswarm.png", "map-descriptive.png"} <= names
    assert "leaderboard.png" not in names
    assert all(path.exists() for path in paths)
    # lowest and highest fifth of the values, drawn in blue and red
    pixels = (matplotlib.image.imread(tmp_path / "beeswarm.png")[:, :, :3] * 255).round().astype(int)
    for colour in ((0x21, 0x66, 0xAC), (0xB2, 0x18, 0x2B)):
        assert (np.abs(pixels - colour).max(axis=2) < 12).sum() > 500


def test_what_is_only_for_a_png_stays_out_of_the_svg(tmp_path: Path) -> None:
    found = honest(Task.REGRESSION)
    write_figures(found, tmp_path / "svg")
    write_pictures(found, tmp_path / "both")
    for path in (tmp_path / "svg").iterdir():
        other = tmp_path / "both" / path.name
        assert abs(path.stat().st_size - other.stat().st_size) < 400, path.name


@pytest.mark.parametrize("task", [Task.MULTICLASS, Task.REGRESSION])
def test_hostile_names_are_drawn(tmp_path: Path, task: Task) -> None:
    paths = write_pictures(hostile_result(task), tmp_path)
    assert len(paths) > 20
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths if path.suffix == ".png")
