"""What the report says: every part of a whole journey, what is absent, and nothing that would single out a customer."""

from __future__ import annotations

import dataclasses

import pytest
from report_parts import SMALL, not_found
from report_results import ID, TARGET, explanation, result

from workbench.contracts import (
    Calibration,
    Check,
    Decision,
    Forecast,
    GapReport,
    Influence,
    JourneyResult,
    Score,
    Severity,
    Task,
    Trial,
    TrialState,
)  # fmt: skip
from workbench.report import build_report, render_html, render_markdown
from workbench.report.blocks import Bullets, Card, Figure, Grid, Paragraph, Report

SECTIONS = ["summary", "data", "models", "explanation", "segments", "gaps", "strategies", "limits", "reproduce"]


def words_of(report: Report) -> str:
    """All words of a report, by section and block."""
    return "\n".join(f"{section.title} {block}" for section in report.sections for block in section.blocks)


def section_ids(found: JourneyResult) -> list[str]:
    """Which sections a result gets."""
    return [section.id for section in build_report(found).sections]


def first_step(found: JourneyResult) -> str:
    """The advice of the summary."""
    blocks = build_report(found).sections[0].blocks
    return next(block.text for block in blocks if isinstance(block, Paragraph) and block.tone == "first")


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION])
def test_a_whole_journey_has_every_section(task: Task) -> None:
    found = result(task)
    assert section_ids(found) == SECTIONS
    names = [
        block.name for section in build_report(found).sections for block in section.blocks if isinstance(block, Figure)
    ]
    assert len(names) == len(set(names))
    assert {"importance", "interactions", "leaderboard", "map-descriptive", "profiles-goal-guided"} <= set(names)
    assert any(name.startswith("one-customer") for name in names)


def test_segments_without_a_search_say_so() -> None:
    found = result(Task.SEGMENTS)
    assert section_ids(found) == [name for name in SECTIONS if name not in ("models", "explanation")]
    assert "There is no model and no explanation: the task is segments only." in words_of(build_report(found))


@pytest.mark.parametrize(
    ("missing", "gone", "said"),
    [
        ({"search": None, "explanation": None}, {"models", "explanation"}, "no search was made"),
        ({"explanation": None}, {"explanation"}, "The model was not explained"),
        ({"gaps": None}, {"gaps"}, "The information gap was not measured"),
        ({"strategies": ()}, {"strategies"}, "There are no strategies"),
        ({"segmentations": (), "strategy_segmentation": None, "strategies": ()}, {"segments", "strategies"},
         "No segments were looked for"),
    ],
)  # fmt: skip
def test_a_part_that_is_missing_is_left_out_and_said(missing: dict[str, object], gone: set[str], said: str) -> None:
    found = dataclasses.replace(result(), **missing)
    assert section_ids(found) == [name for name in SECTIONS if name not in gone]
    assert said in words_of(build_report(found))
    assert render_html(found)
    assert render_markdown(found)


def test_everything_may_be_missing() -> None:
    found = dataclasses.replace(
        result(), search=None, explanation=None, segmentations=(), strategy_segmentation=None, gaps=None, strategies=(),
        notices=(), timings={}, environment={}, command="", run_id="", budget_seconds=None,
    )  # fmt: skip
    bare = dataclasses.replace(found, table=dataclasses.replace(found.table, sources=(), checks=(), cut_off=None))
    assert section_ids(bare) == ["summary", "data", "limits", "reproduce"]
    assert "Nothing was skipped" in words_of(build_report(bare))
    assert render_html(bare)


def test_segments_that_are_not_there_are_an_answer() -> None:
    found = result()
    none = tuple(not_found(division) for division in found.segmentations)
    found = dataclasses.replace(found, segmentations=none, strategy_segmentation=None, strategies=())
    text = words_of(build_report(found))
    assert "do not fall into groups" in text
    assert "No segments were found, so there is nothing to make strategies for." in text
    assert "alike" in first_step(found)


def test_a_baseline_champion_and_a_stopped_search_are_said() -> None:
    text = words_of(build_report(result(constant=True, stopped=True)))
    assert "so the baseline is the champion" in text
    assert "Do not act on single predictions" in text
    assert "The search was stopped by the user" in text
    assert "No column moves any prediction" in text


@pytest.mark.parametrize("weight", [0.6, -0.6])
def test_weights_below_zero_are_explained(weight: float) -> None:
    found = result()
    assert found.search is not None
    weights = {"trial 1 (lightgbm)": 1.2, "trial 2 (linear)": weight}
    blend = dataclasses.replace(found.search.champion, family="ensemble", params=weights)
    search = dataclasses.replace(found.search, champion=blend, single=found.search.champion)
    text = words_of(build_report(dataclasses.replace(found, search=search)))
    assert ("One below zero is no mistake" in text) == (weight < 0)


def test_no_gap_could_be_measured() -> None:
    found = result()
    assert found.gaps is not None
    found = dataclasses.replace(found, gaps=GapReport(found.gaps.gaps[1:]))
    assert "No gap could be measured" in words_of(build_report(found))


def test_classes_are_explained_one_by_one() -> None:
    found = result(Task.MULTICLASS)
    blocks = next(section for section in build_report(found).sections if section.id == "explanation").blocks
    grid = next(block for block in blocks if isinstance(block, Grid) and block.headings[0] == "class")
    assert {row[0] for row in grid.rows if row[0]} == {"gold", "silver", "wood"}
    assert len(grid.rows) == 15


def test_the_first_step_is_the_test_that_can_be_run_unless_the_data_raise_an_alarm() -> None:
    found = result()
    assert first_step(found).startswith("What to do first. Begin with a test of “Send a coupon”")
    assert "24 customers" in first_step(found)
    alarm = Check("leakage-suspected", Severity.ALARM, "visits", 240, "'visits' tells the target by itself.", "drop it")
    found = dataclasses.replace(found, table=dataclasses.replace(found.table, checks=(alarm,)))
    assert "look at the data: 'visits' tells the target by itself." in first_step(found)


def test_strategies_stand_with_value_grade_and_their_own_assumptions() -> None:
    blocks = next(section for section in build_report(result()).sections if section.id == "strategies").blocks
    best, alone = (block for block in blocks if isinstance(block, Card))
    assert best.badge == "E1 · predictive only"
    assert ("expected value", "120 USD", "over 63 days, if the assumptions hold") in best.facts
    assert best.details is not None
    assert best.details.collapsed
    assert "leave alone" in alone.title
    legend = next(block for block in blocks if isinstance(block, Grid))
    assert [row[0] for row in legend.rows] == ["E0", "E1", "E2", "E3", "E4"]


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION, Task.SEGMENTS])
def test_no_customer_and_no_small_group_is_shown(task: Task) -> None:
    found = result(task)
    for text in (render_html(found), render_markdown(found)):
        assert "CUST-" not in text
        assert "private words" not in text
        assert SMALL not in text
        assert "RARE SECRET" not in text
        assert "lone-" not in text  # levels of three customers each
        assert "/home/ann" not in text
        assert "not shown, to protect them" in text
    assert ID in render_html(found)


def test_a_rare_cell_of_the_one_customer_is_not_shown() -> None:
    whole = explanation(Task.REGRESSION)
    data = whole.data.copy()
    data["region"] = [f"only here {place}" for place in range(len(data))]
    found = dataclasses.replace(result(), explanation=dataclasses.replace(whole, data=data))
    assert "only here" not in render_html(found)


def test_figures_have_names_and_meanings() -> None:
    text = render_markdown(result())
    assert "eta²" in text
    for name in ("outcome_eta2", "stability_min", "expected_to_actual", "money_at_10"):
        assert name not in text
        assert name.replace("_", "\\_") not in text
    assert "own figure" in text  # a figure that nobody described keeps its name
    assert "1 trial was" not in text
    assert "2 trials were begun: 1 finished, 1 failed." in text


def test_every_list_is_of_sentences() -> None:
    for section in build_report(result()).sections:
        for block in section.blocks:
            if isinstance(block, Bullets):
                assert all(item.strip() for item in block.items)


def test_chinese_names_stay_text() -> None:
    for text in (render_html(result()), render_markdown(result())):
        assert "购买频率" in text
        assert TARGET in text


def test_rare_levels_are_counted_but_not_drawn() -> None:
    blocks = next(section for section in build_report(result()).sections if section.id == "explanation").blocks
    drawn = next(block for block in blocks if isinstance(block, Figure) and block.title.endswith("region"))
    assert "north" in drawn.svg
    assert "other levels" not in drawn.svg
    assert "27 further levels" in drawn.note


def test_a_gap_that_nothing_tested_is_not_said_to_have_failed() -> None:
    found = result(Task.REGRESSION)
    assert found.gaps is not None
    gaps = tuple(
        dataclasses.replace(gap, holds=False, backtest=gap.backtest.iloc[:0], verdict="No back-test is possible.")
        for gap in found.gaps.gaps
    )
    page = words_of(build_report(dataclasses.replace(found, gaps=GapReport(gaps))))
    assert "did not stand the comparison" not in page
    assert "nothing that came after is there to compare it with" in page


def test_every_trial_is_told_with_why_it_ended():
    from workbench.report.sections.models import models_section

    found = result(Task.REGRESSION).search
    section = models_section(found, result(Task.REGRESSION).table)
    (grid,) = [block for block in section.blocks if getattr(block, "caption", "") == "Trials"]
    assert [row[0] for row in grid.rows] == ["1", "2"]
    assert grid.rows[1][2] == "failed" and grid.rows[1][-1] == "singular <matrix>"
    assert grid.rows[0][-1] == "–"


def test_a_decision_by_cost_stands_beside_what_else_would_cost() -> None:
    found = result(Task.BINARY)
    assert found.search is not None
    costs = {"true positive": 0.0, "false positive": 1.0, "true negative": 0.0, "false negative": 5.0}
    others = (("always no", Score("cost", 1.25, 1.2, 1.3)), ("at 0.5", Score("cost", 0.75, 0.7, 0.8)))
    decision = Decision(
        "yes <b>", "no", costs, 1 / 6, "It follows.", 0.31, Score("cost", 0.5, 0.4, 0.6), others,
        Score("cost", 0.25, 0.1, 0.4),
    )  # fmt: skip
    calibration = Calibration("platt", "Shares are calibrated.", 240, 0.5, 0.4, 0.07, 0.02, 0.01, 0.15, 0.25)
    search = dataclasses.replace(found.search, decision=decision, calibration=calibration)
    decided = dataclasses.replace(found, search=search)
    report, words = build_report(decided), words_of(build_report(decided))
    assert "Where the decision costs least" in words and "Shares are calibrated." in words
    assert "from a chance of 0.167 on costs 0.500 a customer (0.400 to 0.600)" in words
    grid = next(block for block in report.sections[2].blocks if isinstance(block, Grid) and block.headings[1] == "cost")
    assert [row[1] for row in grid.rows] == ["0.500", "1.25", "0.750"]
    assert "yes <b>" not in render_html(decided)
    assert "Where the decision" not in words_of(build_report(found))


def test_what_the_search_learnt_about_itself_is_told() -> None:
    """What more time is worth, which settings mattered, why a trial was stopped, and what explaining costs."""
    found = result(Task.BINARY)
    assert found.search is not None
    stopped = Trial(3, "lightgbm", TrialState.PRUNED, {}, None, (0.6,), 1.0, "sampler", "after 1 fold(s) worse than it")
    search = dataclasses.replace(
        found.search,
        trials=(*found.search.trials, stopped),
        forecast=Forecast("roc_auc", 20.0, 60.0, 0.002, 0.0, 0.006, 0.7),
        influence=(
            Influence("lightgbm", 12, (("num_leaves", 0.8, True), ("lambda_l2", 0.2, False))),
            Influence("linear", 3, reason="only 3 trials were finished and 10 are needed"),
        ),
        single=dataclasses.replace(found.search.champion, family="lightgbm"),
        single_score=Score("roc_auc", 0.79, 0.72, 0.86),
        price=Score("roc_auc", 0.01, -0.002, 0.02),
    )
    told = dataclasses.replace(found, search=search)
    for words in (render_markdown(told).replace("\\", ""), words_of(build_report(told))):
        assert "Another minute is likely worth 0.002 ROC AUC (0 to 0.006)." in words
        assert "Which settings mattered" in words and "num_leaves" in words
        assert "only 3 trials were finished" in words
        assert "after 1 fold(s) worse than it" in words
        assert "The explainable champion is lightgbm: 0.790 (0.720 to 0.860)" in words
        assert "the price of explainability is 0.0100 (" in words and "which is not certain to be anything" in words
        assert "no better" not in words
    worse = dataclasses.replace(search, price=Score("roc_auc", -0.01, -0.03, 0.002))
    words = words_of(build_report(dataclasses.replace(found, search=worse)))
    assert "(on these rows the ensemble is no better; on new ones averages of models mostly are)" in words
    assert "best model" not in words, "the champion may look worse than the single model beside it"
