"""Goal-guided segments: what a tree can vouch for on customers it has not seen, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from segment_tables import driven, noise, table_of

from workbench.budget import Budget
from workbench.contracts import Segmentation, SegmentationKind, Task
from workbench.events import Events
from workbench.segments import assign, find_segments

ONE = (SegmentationKind.GOAL_GUIDED,)


def _find(table, **options) -> Segmentation:
    return find_segments(table, budget=Budget.unlimited(), events=Events(), kinds=ONE, **options)[0]


@pytest.fixture(scope="module")
def grown() -> tuple[pd.DataFrame, Segmentation]:
    frame = driven()
    return frame, _find(table_of(frame, target="spend", outcome="spend", task=Task.REGRESSION))


def test_the_planted_cuts_are_found_and_read_well(grown):
    _, result = grown
    assert result.found
    assert len(result.segments) == 4
    assert result.quality["outcome_eta2"] > 0.9
    texts = [segment.rule.text for segment in result.segments]
    assert texts[0] in ("tier is gold and recency_days < 30", "recency_days < 30 and tier is gold")
    assert not any("shoe_size" in text for text in texts)


def test_leaves_are_their_own_rules(grown):
    frame, result = grown
    held = result.labels.iloc[result.assigner.held_out]
    for segment in result.segments:
        assert segment.rule.precision == segment.rule.coverage == 1.0
        assert segment.rule.rows == int((held == segment.id).sum())
        assert (result.assigner.fulfils(segment.id, frame) == (result.labels == segment.id).to_numpy()).all()


def test_worth_is_measured_on_customers_that_did_not_shape_the_tree(grown):
    frame, result = grown
    held = frame.iloc[result.assigner.held_out]
    for segment in result.segments:
        mine = held.loc[result.labels.iloc[result.assigner.held_out] == segment.id, "spend"]
        assert segment.outcome_mean == pytest.approx(mine.mean())
        assert segment.outcome_low <= segment.outcome_mean <= segment.outcome_high
        assert segment.size >= 0.04 * len(frame)


def test_labels_follow_the_table_and_new_gaps_are_assigned(grown):
    frame, result = grown
    assert result.labels.index.equals(frame.index)
    assert assign(result, frame).equals(result.labels)
    gaps = frame.head(5).assign(recency_days=np.nan, tier=None)
    assert assign(result, gaps).between(0, len(result.segments) - 1).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_goal_that_nothing_tells_has_no_segments(seed):
    frame = noise(rows=300, columns=5, seed=seed)
    frame["y"] = np.random.default_rng(100 + seed).exponential(size=300)
    result = _find(table_of(frame, target="y", task=Task.REGRESSION), seed=seed)
    assert not result.found
    assert result.chosen_because.startswith("No segment structure beyond the average of y")
    assert len(result.segments) == 1


def test_two_classes_get_skill_auc_and_rates():
    generator = np.random.default_rng(0)
    visits = generator.integers(0, 20, 800)
    buys = np.where(generator.random(800) < np.where(visits >= 10, 0.7, 0.1), "yes", "no")
    frame = pd.DataFrame({"visits": visits, "noise": generator.normal(size=800), "buys": pd.Series(buys, dtype="str")})
    result = _find(table_of(frame, target="buys", task=Task.BINARY))
    assert result.found
    assert [segment.rule.text for segment in result.segments] == ["visits ≥ 10", "visits < 10"]
    assert result.quality["auc"] > 0.7 and result.quality["log_loss_gain"] > 0.2
    top = result.segments[0]
    assert top.outcome_mean == pytest.approx(0.7, abs=0.08)
    assert {goal.level for goal in top.goals} == {"yes", "no"}
    assert "high buys" in top.name


def test_several_classes_are_told_apart():
    generator = np.random.default_rng(1)
    age = generator.integers(18, 80, 900)
    plan = np.select([age < 30, age < 60], ["basic", "plus"], "senior")
    flipped = generator.random(900) < 0.1
    plan = np.where(flipped, generator.choice(["basic", "plus", "senior"], 900), plan)
    frame = pd.DataFrame({"age": age, "plan": pd.Series(plan, dtype="str")})
    result = _find(table_of(frame, target="plan", task=Task.MULTICLASS))
    assert {segment.rule.text for segment in result.segments} == {"age < 30", "30 ≤ age < 60", "age ≥ 60"}
    assert all(segment.outcome_mean is None for segment in result.segments)


def test_categories_are_grouped_by_what_they_do():
    generator = np.random.default_rng(4)
    city = generator.choice(list("ABCDEFGH"), 800)
    spend = np.where(np.isin(city, ["B", "E", "G"]), 100, 10) + generator.normal(0, 5, 800)
    frame = pd.DataFrame({"city": pd.Series(city, dtype="str"), "spend": spend})
    result = _find(table_of(frame, target="spend", task=Task.REGRESSION))
    assert len(result.segments) == 2
    levels = set(result.segments[0].rule.text.removeprefix("city is one of ").split(", "))
    assert levels == {"B", "E", "G"}


def test_without_a_goal_the_kind_is_left_out_with_a_notice():
    events = Events()
    found = find_segments(table_of(noise()), budget=Budget.unlimited(), events=events, kinds=ONE)
    assert found == ()
    assert any("need a target or an outcome" in notice.message for notice in events.notices)


def test_customers_without_the_goal_are_still_assigned():
    frame = driven()
    frame.loc[frame.index[:100], "spend"] = np.nan
    events = Events()
    table = table_of(frame, target="spend", task=Task.REGRESSION)
    result = find_segments(table, budget=Budget.unlimited(), events=events, kinds=ONE)[0]
    assert result.found and len(result.labels) == len(frame)
    assert any("100 customers without spend" in notice.message for notice in events.notices)


def test_a_fixed_number_of_leaves_is_given():
    frame = driven()
    result = _find(table_of(frame, target="spend", task=Task.REGRESSION), segments=3)
    assert len(result.segments) == 3
    assert "3 leaves, as asked" in result.chosen_because
