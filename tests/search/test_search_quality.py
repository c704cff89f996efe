"""Predicted against seen: groups of enough rows, intervals that hold, and nothing where nothing was held out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.contracts import Column, Kind, Model, Role, Table, Task
from workbench.search.evaluation.quality import FEWEST, model_quality


@dataclasses.dataclass
class Found:
    """The parts of a search's result that are looked at."""

    task: Task
    out_of_fold: np.ndarray
    champion: Model


def table(values, task):
    return Table("t", pd.DataFrame({"y": values}), (), (), (), task, "y", "f")


def found(task, predictions, classes=()):
    return Found(task, np.asarray(predictions, dtype=float), Model(None, task, "y", (), classes, "linear", {}))


def test_honest_shares_are_seen_as_they_were_predicted():
    rng = np.random.default_rng(1)
    share = rng.uniform(size=5000)
    truth = np.where(rng.uniform(size=5000) < share, "yes", "no")
    quality = model_quality(
        found(Task.BINARY, np.column_stack([1 - share, share]), ("no", "yes")), table(truth, Task.BINARY)
    )
    assert quality.output == "yes" and quality.shares and len(quality.bins) == 10 and quality.rows == 5000
    assert sum(one.low <= one.predicted <= one.high for one in quality.bins) >= 8
    assert quality.off_by < 0.03
    assert [one.predicted for one in quality.bins] == sorted(one.predicted for one in quality.bins)


def test_each_of_several_classes_has_its_own_and_labels_may_be_numbers():
    truth = np.repeat([1, 2, 3], 100)
    shares = np.eye(3)[truth - 1] * 0.7 + 0.1
    for output in range(3):
        quality = model_quality(found(Task.MULTICLASS, shares, (1, 2, 3)), table(truth, Task.MULTICLASS), output)
        assert quality.output == str(output + 1)
        assert [(round(one.predicted, 1), one.actual) for one in quality.bins] == [(0.1, 0.0), (0.8, 1.0)]
        assert quality.bins[0].low >= 0.0 and quality.bins[1].high <= 1.0


def test_rows_that_were_never_held_out_or_have_no_target_do_not_count():
    truth = pd.Series(np.arange(100.0))
    truth[:10] = np.nan
    predictions = np.arange(100.0)
    predictions[90:] = np.nan
    quality = model_quality(found(Task.REGRESSION, predictions), table(truth, Task.REGRESSION))
    assert quality.rows == 80 and quality.off_by == 0.0 and not quality.shares
    assert model_quality(found(Task.REGRESSION, np.full(100, np.nan)), table(truth, Task.REGRESSION)) is None


@given(st.integers(0, 300), st.integers(1, 30))
def test_no_group_is_smaller_than_a_group_may_be(rows, distinct):
    predictions = np.random.default_rng(rows).integers(0, distinct, rows).astype(float)
    quality = model_quality(found(Task.REGRESSION, predictions), table(predictions * 2, Task.REGRESSION))
    if rows < FEWEST:
        assert quality is None
    else:
        assert sum(one.rows for one in quality.bins) == rows and min(one.rows for one in quality.bins) >= FEWEST


def test_a_table_without_a_target_has_none():
    without = dataclasses.replace(table([1.0] * 20, Task.SEGMENTS), target=None)
    assert model_quality(found(Task.REGRESSION, np.ones(20)), without) is None


@pytest.mark.parametrize("kind", ["bool", "string", "Int64"])
def test_classes_are_found_whatever_their_type(kind):
    truth = pd.Series([0, 1] * 50).astype({"bool": bool, "string": "string", "Int64": "Int64"}[kind])
    classes = tuple(np.unique(truth.astype(object).to_numpy()).tolist())
    shares = np.column_stack([[1.0, 0.0] * 50, [0.0, 1.0] * 50])
    quality = model_quality(found(Task.BINARY, shares, classes), table(truth, Task.BINARY))
    assert [one.actual for one in quality.bins] == [0.0, 1.0]


def test_rows_count_by_their_weight():
    """Half of the rows are positive as drawn; by their weights one in ten is, and so it was predicted."""
    rng = np.random.default_rng(5)
    truth = rng.random(4_000) < 0.5
    weight = np.where(truth, 1.0, 9.0)
    share = np.full(4_000, 0.1) + rng.normal(0, 1e-3, 4_000)
    frame = pd.DataFrame({"y": np.where(truth, "yes", "no"), "w": weight})
    columns = (Column("w", Kind.NUMBER, Role.WEIGHT, "made", 0, 2),)
    weighted = Table("t", frame, columns, (), (), Task.BINARY, "y", "f")
    quality = model_quality(found(Task.BINARY, np.column_stack([1 - share, share]), ("no", "yes")), weighted)
    assert quality.off_by < 0.02
    assert all(one.low < one.actual < one.high and abs(one.actual - 0.1) < 0.03 for one in quality.bins)
    plain = model_quality(
        found(Task.BINARY, np.column_stack([1 - share, share]), ("no", "yes")), table(frame["y"], Task.BINARY)
    )
    assert plain.off_by > 0.3
    # rows that count ninefold are not nine rows
    assert quality.bins[0].high - quality.bins[0].low > plain.bins[0].high - plain.bins[0].low - 0.1
