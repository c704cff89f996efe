"""Bins of a column in a report: of enough customers each, and none named by a single customer's value."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from workbench.contracts import Explanation
from workbench.explain import Dependence, dependence, importance_table
from workbench.report.bins import known_bins
from workbench.report.numbers import FEWEST


def shown(values: pd.Series) -> Dependence:
    """The dependence of a model that uses this column alone."""
    rows = len(values)
    data = pd.DataFrame({"a": values})
    given = np.random.default_rng(0).normal(size=(rows, 1, 1))
    explanation = Explanation(
        given, np.zeros(1), given.sum(axis=1), ("a",), ("yes",), "log-odds", np.arange(rows), rows, data,
        importance_table(given, data, {}), "", (), (), "bought",
    )  # fmt: skip
    return dependence(explanation, "a")


def test_ranges_of_numbers_end_between_customers() -> None:
    values = pd.Series(np.random.default_rng(1).normal(100, 20, 400))
    labels = list(known_bins(shown(values))["label"])
    assert labels[0].startswith("up to ") and labels[-1].startswith("over ")
    edges = [float(edge) for edge in re.findall(r"[\d.]+", " ".join(labels))]
    assert len(labels) == 20 and edges == sorted(edges)
    assert values.min() < min(edges) and max(edges) < values.max()
    # of 400 customers about 20 are in each: the edges hold as many below them as they say
    assert int((values <= edges[0]).sum()) == known_bins(shown(values))["rows"].iloc[0]


def test_whole_numbers_have_whole_edges_that_hold() -> None:
    values = pd.Series(np.random.default_rng(2).integers(18, 90, 500))
    found = known_bins(shown(values))
    low, high = values.min(), values.max()
    assert not any(re.search(rf"\b({low}|{high})\b", label) for label in found["label"].iloc[[0, -1]])
    below = int(found["label"].iloc[0].removeprefix("up to "))
    assert (values <= below).sum() == found["rows"].iloc[0]
    over = int(found["label"].iloc[-1].removeprefix("over "))
    assert (values > over).sum() == found["rows"].iloc[-1]


def test_values_that_few_share_are_hidden_and_those_of_many_keep_their_name() -> None:
    values = pd.Series([1] * 40 + [2] * 9 + [3] * 60 + [1_234_567])
    found = known_bins(shown(values))
    assert list(found["label"]) == ["1", "3"] and found["rows"].min() >= FEWEST


def test_dates_have_days_as_edges() -> None:
    days = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(300), unit="D"))
    labels = list(known_bins(shown(days))["label"])
    assert labels[0].startswith("up to 2024-01-1") and labels[-1].startswith("after 2024-10-")
    assert not any("2024-01-01" in label or "2024-10-26" in label for label in labels)


@pytest.mark.parametrize("values", [[np.nan] * 30, [np.nan] * 12 + list(range(200)), [5.0] * 30, [1e-9, 2e-9] * 15])
def test_whatever_comes(values: list[float]) -> None:
    found = known_bins(shown(pd.Series(values, dtype=float)))
    assert (found["rows"] >= FEWEST).all()
    assert ("missing" in set(found["label"])) == bool(np.isnan(values).any())


def test_narrow_ranges_are_told_apart() -> None:
    values = pd.Series(100_000 + np.random.default_rng(3).random(400))
    labels = list(known_bins(shown(values))["label"])
    assert len(set(labels)) == len(labels) == 20
