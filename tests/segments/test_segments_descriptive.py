"""Descriptive segments: planted groups are found, noise is not, and nothing leaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from segment_tables import blobs, noise, table_of
from sklearn.metrics import adjusted_rand_score

from workbench.budget import Budget
from workbench.contracts import Role, Segmentation, SegmentationKind, TrialState
from workbench.events import Events
from workbench.segments import assign, find_segments

ONE = (SegmentationKind.DESCRIPTIVE,)


def _find(table, **options) -> Segmentation:
    return find_segments(table, budget=Budget.unlimited(), events=Events(), kinds=ONE, **options)[0]


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, np.ndarray, Segmentation]:
    frame, truth = blobs()
    return frame, truth, _find(table_of(frame))


def test_planted_groups_are_recovered(planted):
    _, truth, result = planted
    assert result.found
    assert adjusted_rand_score(truth, result.labels) > 0.95
    assert len(result.segments) == 4
    assert result.quality["stability_min"] > 0.9
    assert result.quality["null_p_value"] <= 0.05


def test_labels_and_map_are_aligned_with_the_table(planted):
    frame, _, result = planted
    assert result.labels.index.equals(frame.index)
    assert list(result.coordinates.columns) == ["x", "y"]
    assert result.coordinates.index.equals(frame.index)
    assert np.isfinite(result.coordinates.to_numpy()).all()


def test_sizes_shares_ids_and_names_fit_the_labels(planted):
    frame, _, result = planted
    assert [segment.id for segment in result.segments] == list(range(len(result.segments)))
    for segment in result.segments:
        assert segment.size == int((result.labels == segment.id).sum())
        assert segment.share == pytest.approx(segment.size / len(frame))
        assert 0 <= segment.stability <= 1
    names = [segment.name.casefold() for segment in result.segments]
    assert len(set(names)) == len(names) and all(names)


def test_rule_figures_are_those_of_the_held_out_customers(planted):
    frame, _, result = planted
    held = frame.iloc[result.assigner.held_out]
    inside = result.labels.iloc[result.assigner.held_out]
    assert 0.3 * len(frame) < len(held) < 0.5 * len(frame)
    for segment in result.segments:
        holds = _read_rule(segment.rule.text, held)
        member = (inside == segment.id).to_numpy()
        assert segment.rule.rows == int(holds.sum())
        assert segment.rule.precision == pytest.approx((holds & member).sum() / holds.sum())
        assert segment.rule.coverage == pytest.approx((holds & member).sum() / member.sum())
        assert segment.rule.lift == pytest.approx(segment.rule.precision / member.mean())
        assert segment.rule.precision > 0.9
        assert segment.rule.text.count(" and ") <= 2


def _read_rule(text: str, frame: pd.DataFrame) -> np.ndarray:
    """Reads the words again, independently of the program: numbers and single levels are all that blobs need."""
    holds = np.ones(len(frame), dtype=bool)
    for part in text.split(" and "):
        if " ≤ " in part:
            low, name, high = part.replace(" < ", " ≤ ").split(" ≤ ")
            holds &= ((frame[name] >= float(low)) & (frame[name] < float(high))).to_numpy()
        elif " < " in part:
            name, high = part.split(" < ")
            holds &= (frame[name] < float(high)).to_numpy()
        elif " ≥ " in part:
            name, low = part.split(" ≥ ")
            holds &= (frame[name] >= float(low)).to_numpy()
        elif " is not " in part:
            name, level = part.split(" is not ")
            holds &= (frame[name] != level).to_numpy()
        else:
            name, level = part.split(" is ")
            holds &= (frame[name] == level).to_numpy()
    return holds


def test_profile_effects_are_cohens_d_and_share_differences(planted):
    frame, _, result = planted
    segment = result.segments[0]
    inside = (result.labels == 0).to_numpy()
    row = next(row for row in segment.profile if row.feature == "visits")
    here, rest = frame.loc[inside, "visits"], frame.loc[~inside, "visits"]
    pooled = np.sqrt(((here - here.mean()) ** 2).sum() + ((rest - rest.mean()) ** 2).sum()) / np.sqrt(len(frame) - 2)
    assert row.segment_value == pytest.approx(here.mean())
    assert row.effect == pytest.approx((here.mean() - rest.mean()) / pooled)
    level = next(row for row in segment.profile if row.feature == "region")
    assert level.segment_value == pytest.approx((frame.loc[inside, "region"] == level.level).mean())
    effects = [abs(row.effect) for row in segment.profile]
    assert effects == sorted(effects, reverse=True)
    assert all(0 <= row.q_value <= 1 for row in segment.profile)


def test_new_customers_go_where_their_like_are(planted):
    frame, _, result = planted
    assert assign(result, frame).equals(result.labels)
    fresh, truth = blobs(seed=9)
    fresh.index = fresh.index + 1_000
    labels = assign(result, fresh[::-1])
    assert labels.index.equals(fresh.index[::-1])
    assert adjusted_rand_score(truth[::-1], labels) > 0.95


def test_trials_say_what_was_tried_and_why_not(planted):
    _, _, result = planted
    assert [trial.number for trial in result.trials] == list(range(len(result.trials)))
    assert any(trial.state is TrialState.DONE for trial in result.trials)
    for trial in result.trials:
        assert set(trial.params) == {"algorithm", "clusters", "scaling", "reduce"}
        assert (trial.score is None) == (trial.state is TrialState.PRUNED) == bool(trial.reason)


@pytest.mark.parametrize("seed", range(4))
def test_independent_columns_have_no_segments(seed):
    frame = noise(rows=300, columns=5, seed=seed)
    result = _find(table_of(frame), seed=seed)
    assert not result.found
    assert result.chosen_because.startswith("No segment structure beyond")
    assert [segment.name for segment in result.segments] == ["All customers"]
    assert (result.labels == 0).all() and result.labels.index.equals(frame.index)


def test_shuffled_columns_of_planted_groups_have_no_segments():
    frame, _ = blobs()
    generator = np.random.default_rng(3)
    mixed = pd.DataFrame({name: generator.permutation(frame[name].to_numpy()) for name in frame.columns})
    assert not _find(table_of(mixed)).found


def test_independent_noise_is_still_none_when_a_column_tells_the_outcome():
    frame = noise(rows=300)
    frame["worth"] = frame["noise_0"] * 3 + 10
    assert not _find(table_of(frame, outcome="worth")).found


def test_the_same_seed_gives_the_same_segments():
    frame, _ = blobs(rows=200)
    one, other = (_find(table_of(frame), seed=5) for _ in range(2))
    assert one.labels.equals(other.labels)
    assert one.segments == other.segments
    assert one.quality == other.quality


def test_neither_target_nor_outcome_is_a_feature():
    frame, truth = blobs(rows=300)
    frame["worth"] = truth * 10.0
    frame["later"] = truth * 5.0
    first = _find(table_of(frame, outcome="worth", roles={"later": Role.OUTCOME}))
    frame["worth"] = np.random.default_rng(1).permutation(frame["worth"].to_numpy())
    frame["later"] = 0.0
    second = _find(table_of(frame, outcome="worth", roles={"later": Role.OUTCOME}))
    for result in (first, second):
        assert set(result.assigner.columns) == {"visits", "basket_value", "discount_share", "region"}
        assert {row.feature for segment in result.segments for row in segment.profile} <= set(result.assigner.columns)
        assert not any("worth" in segment.rule.text or "later" in segment.rule.text for segment in result.segments)
    assert first.quality["outcome_eta2"] > 0.9 > 0.2 > second.quality["outcome_eta2"]


def test_outcome_means_have_intervals_and_order_the_segments():
    frame, truth = blobs(rows=300)
    frame["worth"] = truth * 10.0 + np.random.default_rng(0).normal(size=300)
    result = _find(table_of(frame, outcome="worth"))
    means = [segment.outcome_mean for segment in result.segments]
    assert means == sorted(means, reverse=True)
    for segment in result.segments:
        assert segment.outcome_mean == pytest.approx(frame.loc[result.labels == segment.id, "worth"].mean())
        assert segment.outcome_low < segment.outcome_mean < segment.outcome_high
    assert [goal.feature for goal in result.segments[0].goals] == ["worth"]


def test_five_variants_of_one_column_do_not_outvote_the_others():
    frame, truth = blobs(rows=400)
    generator = np.random.default_rng(2)
    level = generator.normal(size=400)
    for number in range(8):
        frame[f"spend_{number}"] = level + generator.normal(0, 0.05, 400)
    result = _find(table_of(frame))
    assert adjusted_rand_score(truth, result.labels) > 0.9


def test_a_fixed_number_is_kept_even_where_nothing_is_found():
    result = _find(table_of(noise()), segments=4)
    assert not result.found
    assert len(result.segments) == 4
    assert "4 segments, as asked" in result.chosen_because and "no segment structure beyond" in result.chosen_because
