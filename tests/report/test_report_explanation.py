"""The explanation in the report: pairs of columns, single customers and segments, each as a drawing and as a table."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from report_parts import SMALL
from report_results import NAMES, ROWS, explanation, frame, result

from workbench.contracts import Explanation, JourneyResult, Segmentation, Task
from workbench.explain import segment_drivers
from workbench.report import render_html, render_markdown
from workbench.report.blocks import Block, Bullets, Figure, Grid, Heading, Paragraph
from workbench.report.content import build_sections
from workbench.report.figures.canvas import ACCENT, SECOND
from workbench.report.figures.heat import fits
from workbench.report.numbers import FEWEST, signed
from workbench.report.sections.drivers import MOST_ROWS, comparable, members, sampled

_BUILT: dict[tuple[int, str], tuple[JourneyResult, tuple[Block, ...]]] = {}
"""What was built already, with its result, so that no other one gets the same id."""


def blocks_of(found: JourneyResult, language: str = "en") -> tuple[Block, ...]:
    """The blocks of the explanation."""
    kept = _BUILT.get((id(found), language))
    if kept is None:
        (section,) = build_sections(found, ("explanation",), language)  # type: ignore[arg-type]
        kept = _BUILT[id(found), language] = (found, section.blocks)
    return kept[1]


def drawn(found: JourneyResult) -> dict[str, Figure]:
    """The drawings by name."""
    return {block.name: block for block in blocks_of(found) if isinstance(block, Figure)}


def grid(found: JourneyResult, caption: str) -> Grid:
    """The table with this beginning of its caption."""
    grids = [block for block in blocks_of(found) if isinstance(block, Grid)]
    return next(block for block in grids if block.caption.startswith(caption))


def with_explanation(found: JourneyResult, **changed: object) -> JourneyResult:
    """The same with another explanation."""
    assert found.explanation is not None
    return dataclasses.replace(found, explanation=dataclasses.replace(found.explanation, **changed))


def rows_of(whole: Explanation, kept: np.ndarray) -> Explanation:
    """The explanation of some of its rows, by flags or positions."""
    return dataclasses.replace(
        whole, values=whole.values[kept], margin=whole.margin[kept], rows=whole.rows[kept], data=whole.data.iloc[kept]
    )


def test_pairs_stand_as_a_drawing_and_as_a_table() -> None:
    found = result()
    assert drawn(found)["interactions"].alt.startswith(f"{NAMES[0]} with {NAMES[1]} 1.50; visits with region 0.500")
    table = grid(found, "Strength of the pairs")
    assert table.rows[0] == (NAMES[0], NAMES[1], "1.50", "1.25 to 1.75", "15.0\u00a0%")
    assert table.collapsed
    assert f"| {NAMES[0]} | {NAMES[1]} | 1.50 |" in render_markdown(found)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [(None, "was not measured"), (pd.DataFrame(columns=["first", "second", "strength"]), "contributes by itself")],
)
def test_what_is_not_known_of_pairs_is_said(pairs: pd.DataFrame | None, said: str) -> None:
    found = with_explanation(result(), interactions=pairs)
    assert "interactions" not in drawn(found)
    assert any(isinstance(block, Paragraph) and said in block.text for block in blocks_of(found))
    assert render_html(found)


def test_a_low_a_middle_and_a_high_customer_are_none_from_the_edge() -> None:
    found = result()
    assert found.explanation is not None
    names = [name for name in drawn(found) if name.startswith("one-customer")]
    assert names == ["one-customer-low", "one-customer", "one-customer-high"]
    table = grid(found, "The same customers")
    totals = [float(row[3].replace(",", "")) for row in table.rows if row[1] == "this customer"]
    assert totals == sorted(totals)
    margin = np.sort(found.explanation.margin[:, 0])
    assert margin[FEWEST] < totals[0] and totals[-1] < margin[-FEWEST - 1]
    steps = [row for row in table.rows if row[1] not in ("this customer", "the average of all")]
    assert any(row[1] == "note" and row[2] == "not shown" for row in steps)  # a text of its own in every row
    assert not any("private" in cell for row in steps for cell in row)


def test_the_table_of_customers_adds_up() -> None:
    rows = grid(result(), "The same customers").rows
    figures = [float(row[3].replace(",", "")) for row in rows[: 1 + [row[1] for row in rows].index("this customer")]]
    assert math.isclose(sum(figures[:-1]), figures[-1], abs_tol=0.1)


def test_of_few_customers_only_one_from_the_middle_is_shown() -> None:
    few = rows_of(explanation(Task.REGRESSION), np.arange(9 * FEWEST))
    found = dataclasses.replace(result(), explanation=few)
    assert [name for name in drawn(found) if name.startswith("one-customer")] == ["one-customer"]
    assert any(
        isinstance(block, Paragraph) and "either edge would be a person" in block.text for block in blocks_of(found)
    )


def test_of_classes_there_is_one_customer_each() -> None:
    figures = drawn(result(Task.MULTICLASS))
    titles = [figure.title for name, figure in figures.items() if name.startswith("one-customer")]
    assert titles == [f"One customer who leans to “{name}”" for name in ("gold", "silver", "wood")]


def test_segments_are_told_by_what_the_model_sees_in_them() -> None:
    found = result()
    assert found.explanation is not None
    figures = drawn(found)
    assert {"drivers-descriptive", "drivers-goal-guided"} <= set(figures)
    table = grid(found, "Mean contributions in the goal-guided")
    labels = found.segmentations[1].labels.to_numpy()
    shown = labels != 2  # the seven of the small segment are in no comparison
    expected = segment_drivers(rows_of(found.explanation, shown), labels[shown] == 0, seed=found.seed).table
    assert table.rows[0][1] == expected["column"].iloc[0]
    assert table.rows[0][2] == signed(expected["difference"].iloc[0])
    bullets = [block for block in blocks_of(found) if isinstance(block, Bullets)][-1]
    assert len(bullets.items) == 2 and all("against all others (" in item for item in bullets.items)
    assert not any("“" in item for item in bullets.items)  # columns are quoted as in the sentences above


def test_every_cell_of_the_drawing_of_segments_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each segment has other columns first: one that is small in a segment is as well known as one that is large."""
    asked = []

    def heat_map(axes: Any, rows: Any, columns: Any, cells: Any, steps: Any, texts: Any) -> None:
        asked.append((len(rows), len(columns), len(cells)))

    monkeypatch.setattr("workbench.report.figures.drivers.heat_map", heat_map)
    drawn(dataclasses.replace(result()))  # not the one that was drawn before
    assert asked and all(rows * columns == cells for rows, columns, cells in asked)


def test_up_is_orange_and_down_is_blue_in_every_drawing() -> None:
    figures = drawn(result())
    assert "Orange bars move the prediction up, blue ones down" in figures["one-customer-high"].note
    assert "blue is lower, orange higher" in figures["drivers-descriptive"].note
    steps = figures["one-customer-high"].alt.split("; ")
    up, down = (sum(sign in step for step in steps) for sign in (" +", " −"))
    assert up + down == len(steps)
    assert figures["one-customer-high"].svg.count(SECOND) == up
    assert figures["one-customer-high"].svg.count(ACCENT) == down


def test_tiny_segments_are_not_told_and_counted() -> None:
    for task in (Task.REGRESSION, Task.MULTICLASS):
        blocks = blocks_of(result(task))
        assert SMALL not in " ".join(map(str, blocks))
        told = [
            block.text for block in blocks if isinstance(block, Paragraph) and "not shown, to protect" in block.text
        ]
        assert [text.split(" not")[0] for text in told] == ["1 descriptive segment", "1 goal-guided segment"]


def test_the_means_of_a_small_segment_do_not_follow_from_those_that_are_shown() -> None:
    """However far the seven are moved, no figure of the others moves with them."""
    found = result()
    assert found.explanation is not None
    seven = found.segmentations[1].labels.to_numpy() == 2
    moved = found.explanation.values + 1_000.0 * seven[:, None, None]
    other = with_explanation(found, values=moved, margin=found.explanation.base + moved.sum(axis=1))
    for kind in ("descriptive", "goal-guided"):
        assert grid(found, f"Mean contributions in the {kind}") == grid(other, f"Mean contributions in the {kind}")
    told = [block.text for block in blocks_of(found) if isinstance(block, Paragraph)]
    assert any("segments that are not shown are left out of all these comparisons" in text for text in told)


def test_customers_without_a_segment_are_compared_where_they_are_many() -> None:
    found = result()
    assert found.explanation is not None
    division = found.segmentations[0]
    for few, kept in ((FEWEST - 1, ROWS - FEWEST + 1 - 7), (FEWEST, ROWS - 7)):
        labels = division.labels.astype(float)
        labels.iloc[:few] = np.nan
        part = dataclasses.replace(division, labels=labels)
        compared = comparable(dataclasses.replace(found, segmentations=(part,)), found.explanation)
        inside = members(part, compared, found.table)
        assert [segment.id for segment, _ in inside] == [0, 1]
        assert len(compared.rows) == kept and all(len(own) == kept for _, own in inside)


def test_who_is_hidden_in_one_division_is_in_no_comparison_of_another() -> None:
    """Else the hidden ones' mean follows from the two together."""
    found = result()
    assert found.explanation is not None
    first, second = found.segmentations
    merged = dataclasses.replace(
        first, labels=first.labels.replace({2: 1}),
        segments=tuple(dataclasses.replace(one, size=120) for one in first.segments[:2]),
    )  # fmt: skip
    compared = comparable(dataclasses.replace(found, segmentations=(merged, second)), found.explanation)
    assert not (second.labels.to_numpy()[compared.rows] == 2).any()
    assert (merged.labels.to_numpy()[compared.rows] == 1).sum() == 113


def test_classes_are_told_towards_the_one_that_differs_most() -> None:
    found = result(Task.MULTICLASS)
    assert not [name for name in drawn(found) if name.startswith("drivers")]
    table = grid(found, "Mean contributions in the descriptive")
    assert all(row[0].rpartition(" → ")[2] in ("gold", "silver", "wood") for row in table.rows if row[0])


def test_without_segments_nothing_is_said_of_them() -> None:
    found = dataclasses.replace(result(), segmentations=(), strategy_segmentation=None, strategies=())
    headings = [block.text for block in blocks_of(found) if isinstance(block, Heading)]
    assert headings == ["Columns that work together", "Single customers"]


def test_labels_are_matched_by_row_and_not_by_place() -> None:
    """The explained rows are a sample, in an order of their own as far as anybody knows."""
    found = result()
    part = dataclasses.replace(found, explanation=rows_of(explanation(Task.REGRESSION), np.arange(ROWS - 1, 0, -2)))
    shuffled = tuple(
        dataclasses.replace(one, labels=one.labels.sample(frac=1.0, random_state=1)) for one in found.segmentations
    )
    again = dataclasses.replace(part, segmentations=shuffled)
    caption = "Mean contributions in the descriptive"
    assert grid(part, caption).rows == grid(again, caption).rows


def test_many_rows_are_sampled_and_said() -> None:
    found = result()
    times = 8
    whole = explanation(Task.REGRESSION)
    assert times * ROWS > MOST_ROWS
    rows = np.arange(times * ROWS)
    frame = pd.concat([found.table.frame] * times, ignore_index=True)
    labels = [pd.Series(np.tile(one.labels.to_numpy(), times), index=rows) for one in found.segmentations]
    divisions: tuple[Segmentation, ...] = tuple(
        dataclasses.replace(one, labels=own, coordinates=pd.DataFrame())
        for one, own in zip(found.segmentations, labels, strict=True)
    )
    many = dataclasses.replace(
        whole, values=np.tile(whole.values, (times, 1, 1)), margin=np.tile(whole.margin, (times, 1)), rows=rows,
        data=pd.concat([whole.data] * times, ignore_index=True), total_rows=len(rows),
    )  # fmt: skip
    part = sampled(many)
    assert len(part.rows) == MOST_ROWS == len(part.data)
    assert np.array_equal(part.values[:, 0, 0], many.values[part.rows, 0, 0])
    table = dataclasses.replace(found.table, frame=frame)
    large = dataclasses.replace(found, table=table, search=None, segmentations=divisions, explanation=many)
    told = " ".join(block.text for block in blocks_of(large) if isinstance(block, Paragraph))
    hidden = np.isin(part.rows, np.flatnonzero(divisions[0].labels.to_numpy() == 2)).sum()
    assert 0 < hidden < MOST_ROWS / 10
    assert f"Compared were {MOST_ROWS - hidden:,} of the explained customers" in told


def test_every_drawing_has_its_table() -> None:
    for task in (Task.BINARY, Task.MULTICLASS, Task.REGRESSION):
        captions = [block.caption for block in blocks_of(result(task)) if isinstance(block, Grid)]
        for begins in ("Importance", "Contribution by value", "Strength of the pairs", "The same customers",
                       "Mean contributions in"):  # fmt: skip
            assert any(caption.startswith(begins) for caption in captions), (task, begins)


def test_rare_values_are_in_no_table() -> None:
    table = grid(result(), "Contribution by value")
    assert {"north", "south"} <= {row[1] for row in table.rows}
    values = frame()[NAMES[0]]
    ends = {f"{end:.{digits}g}" for end in (values.min(), values.max()) for digits in range(3, 7)}
    named = {word for row in table.rows for word in row[1].split()}
    assert "over" in named and not ends & named
    assert all(f"{row[1]} {row[2]}" in drawn(result())["dependence-1"].alt for row in table.rows[:3])
    assert all(int(row[4].replace(",", "")) >= FEWEST for row in table.rows)
    assert not any("lone" in cell or "private" in cell for row in table.rows for cell in row)


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION])
def test_the_sentences_come_in_chinese(task: Task) -> None:
    found = result(task)
    bullets = next(block for block in blocks_of(found, "zh") if isinstance(block, Bullets))
    assert bullets.language == "zh"
    assert any("\u4e00" <= sign <= "\u9fff" for sign in bullets.items[-1])
    assert found.explanation is not None
    english = next(block for block in blocks_of(found) if isinstance(block, Bullets)).items
    assert english == found.explanation.words and not set(english) & set(bullets.items)


def test_a_report_in_chinese_says_so_and_is_not_the_one_that_is_kept() -> None:
    found = with_explanation(result(Task.BINARY))  # another result, so that none of the same is kept
    page, text = render_html(found, "zh"), render_markdown(found, "zh")
    assert '<ul lang="zh">' in page and "关联" in page and "关联" in text
    assert 'lang="zh"' not in render_html(found)


def test_figures_are_written_into_cells_where_there_is_room() -> None:
    texts = {(0, place): "+0.12" for place in range(7)}
    assert fits(texts, 7) and not fits({**texts, (0, 0): "+12345"}, 7)
