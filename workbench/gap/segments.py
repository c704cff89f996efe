"""Gaps summed up by segment, each with its interval."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.contracts import Gap, GapKind, GapReport
from workbench.gap.bootstrap import total_interval


def by_segment(report: GapReport, labels: pd.Series, *, seed: int = 0) -> GapReport:
    """The same report with ``per_segment`` filled for every gap that is available.

    The totals of all segments add up to the total over the customers that have a label and a gap. Potential and
    whitespace overlap and are never added to each other.

    Args:
        report: of ``find_gaps``.
        labels: segment id per table row, index as ``Gap.per_customer``; rows without a label belong to no segment.
        seed: of the bootstrap (customers are drawn again within their segment).

    Returns:
        ``per_segment`` with ``segment``, ``customers`` (with a gap), ``gap_total``, ``low`` and ``high`` (95 %
        bootstrap interval of the total) and ``gap_mean``, one row per segment in the order of their ids; for potential
        also
        ``potential_total``, ``observed_total`` and ``coverage`` (share of customers at or below their potential: it
        should be within 0.04 of ``figures["level"]``); for whitespace ``top_category``, the one with the most money
        among the customers' own top categories.
    """
    return GapReport(tuple(_with_segments(gap, labels, seed) if gap.available else gap for gap in report.gaps))


def _with_segments(gap: Gap, labels: pd.Series, seed: int) -> Gap:
    aligned = labels.reindex(gap.per_customer.index)
    rows = []
    for segment in sorted(aligned.dropna().unique()):
        inside = gap.per_customer[(aligned == segment).to_numpy(dtype=bool, na_value=False)]
        inside = inside[inside["gap"].notna()]
        values = inside["gap"].to_numpy(dtype=np.float64)
        rng = np.random.default_rng([seed, zlib.crc32(f"{gap.kind.value} {segment}".encode())])
        low, high = total_interval(values, rng)
        row: dict[str, object] = {
            "segment": int(segment),
            "customers": len(values),
            "gap_total": float(values.sum()),
            "low": low,
            "high": high,
            "gap_mean": float(values.mean()) if len(values) else 0.0,
        }
        if gap.kind is GapKind.POTENTIAL:
            row |= _potential(inside)
        elif gap.kind is GapKind.WHITESPACE:
            row["top_category"] = _top_category(inside)
        rows.append(row)
    return replace(gap, per_segment=pd.DataFrame(rows) if rows else gap.per_segment)


def _potential(inside: pd.DataFrame) -> dict[str, object]:
    covered = inside["spend"] <= inside["potential"] + 1e-9 * inside["potential"].abs()
    return {
        "potential_total": float(inside["potential"].sum()),
        "observed_total": float(inside["observed"].sum()),
        "coverage": float(covered.mean()) if len(inside) else float("nan"),
    }


def _top_category(inside: pd.DataFrame) -> str | None:
    money = inside.groupby("top_category", observed=True)["top_category_value"].sum()
    return None if money.empty else str(money.idxmax())
