"""Category whitespace: what customers would spend in categories that they never bought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Gap, GapKind, PurchaseHistory
from workbench.gap._base import SEGMENT_COLUMNS, Work, empty_frame, out_of_time, rows_of_history, unavailable
from workbench.gap.baskets import Baskets, baskets_of
from workbench.gap.expected_value import VALUE, Calibration, calibrate
from workbench.gap.rankers import Rankers, fit_rankers
from workbench.gap.verdict import judge_whitespace
from workbench.gap.whitespace_backtest import judge_rankings

MINIMUM_CATEGORIES = 3
MINIMUM_CUSTOMERS = 100
_JUDGED = (5_000, 2_000)
"""Customers in one back-test, with plenty of time and without."""
_CHUNK_CELLS = 1_000_000
ASSUMPTION = (
    "What goes together for other customers goes together for this one, and the category was on offer to her:"
    " not bought is not always not wanted, and not wanted is not always not offered."
)
NO_HISTORY = (
    "purchases with customer, date, category and amount, over at least two windows of equal length before the cut-off"
)


class Whitespace:
    """G2: EASE on log spend, made into money by an earlier cut-off, judged beside popularity."""

    kind = GapKind.WHITESPACE

    def find(self, work: Work) -> Gap:
        """Expected spend in never-bought categories at the last origin, judged at every origin with a future."""
        history = work.table.history
        if history is None or not history.origins:
            return unavailable(self.kind, unit="", assumption=ASSUMPTION, missing=NO_HISTORY)
        unit = work.currency_per_window(history.window_days, history.currency)
        if work.budget.expired:
            return out_of_time(work, self.kind, unit=unit, assumption=ASSUMPTION)
        shots = [baskets_of(origin) for origin in history.origins]
        last = shots[-1]
        if len(last.categories) < MINIMUM_CATEGORIES or len(last.customers) < MINIMUM_CUSTOMERS:
            missing = (
                f"at least {MINIMUM_CUSTOMERS} customers and {MINIMUM_CATEGORIES} categories with enough buyers; here"
                f" are {len(last.customers):,} customers and {len(last.categories)} such categories"
            )
            return unavailable(self.kind, unit=unit, assumption=ASSUMPTION, missing=missing)
        if last.dropped:
            work.notice(f"Category whitespace leaves out the {last.dropped:,} least bought of its categories.")
        walk = _walk(work, history, shots)
        if walk.calibration is None:
            missing = (
                f"an earlier cut-off, {history.window_days} days or more before this one, after which customers bought"
                " categories that were new to them: without it a score can't be made into money"
            )
            return unavailable(self.kind, unit=unit, assumption=ASSUMPTION, missing=missing)
        per_customer, per_category = _values(work, last, walk.rankers, walk.calibration)
        holds, verdict = judge_whitespace(walk.backtest, unit)
        return Gap(
            kind=self.kind,
            available=True,
            unit=unit,
            assumption=ASSUMPTION,
            per_customer=per_customer,
            per_segment=empty_frame(SEGMENT_COLUMNS),
            per_category=per_category,
            backtest=walk.backtest,
            verdict=verdict,
            holds=holds,
            figures=walk.figures | {"categories": float(len(last.categories))},
        )


@dataclass(frozen=True)
class _Walk:
    """What was learnt on the way from the oldest origin to the last: its rankers, and a calibration from before it."""

    backtest: pd.DataFrame
    rankers: Rankers
    calibration: Calibration | None
    figures: dict[str, float]


def _walk(work: Work, history: PurchaseHistory, shots: list[Baskets]) -> _Walk:
    """Judge each origin that has a future, with money learnt only from windows that had elapsed by then."""
    window = pd.Timedelta(days=history.window_days)
    learnt: list[tuple[pd.Timestamp, Calibration]] = []
    tables, ratios, skipped = [], [], 0
    for done, shot in enumerate(shots):
        work.tick()
        rankers = fit_rankers(shot.past)
        known = [calibration for as_of, calibration in learnt if as_of + window <= shot.as_of]
        if shot.future is None:
            continue
        if work.budget.expired:
            skipped += 1
        elif len(shot.categories) >= MINIMUM_CATEGORIES:
            work.events.progress("gap", f"Back-test of category whitespace at {shot.name}", done, len(shots))
            table, ratio = _judge(work, shot, rankers, known[-1] if known else None)
            tables += [table] if len(table) else []
            ratios += ratio
        if (
            shot is not shots[-1]
            and (found := calibrate(shot, rankers, work.rng(f"calibrate {shot.name}"))) is not None
        ):
            learnt.append((shot.as_of, found))
    if skipped:
        work.notice(f"The back-test of category whitespace ended with the budget: {skipped} origins were not judged.")
    backtest = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    figures = {} if not ratios else {"expected_to_actual": ratios[-1]}
    return _Walk(backtest, rankers, known[-1] if known else None, figures)


def _judge(
    work: Work, shot: Baskets, rankers: Rankers, calibration: Calibration | None
) -> tuple[pd.DataFrame, list[float]]:
    """Back-test rows of one origin, and expected over actual spend in new categories where money was known."""
    assert shot.future is not None
    rng = work.rng(f"whitespace {shot.name}")
    rows = np.arange(len(shot.customers))
    most = work.at_most(*_JUDGED, of=len(rows), what=f"Category whitespace is judged as of {shot.name}")
    if most < len(rows):
        rows = np.sort(rng.choice(rows, most, replace=False))
    past, future = shot.past[rows], shot.future[rows]
    scores = {name: score(past) for name, score in rankers.score.items()}
    ratio: list[float] = []
    if calibration is not None:
        value = calibration.value(rankers, shot.categories, past)
        actual = float(future[past <= 0].sum())
        ratio = [float(value.sum()) / actual] if actual > 0 else []
        scores = {VALUE: value} | scores
    return judge_rankings(shot.name, scores, past, future, rng), ratio


def _values(work: Work, last: Baskets, rankers: Rankers, calibration: Calibration) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Expected spend in new categories per table row, and per category over the same rows: the totals are equal."""
    positions = rows_of_history(work, last.customers, what="category whitespace")
    found = np.flatnonzero(positions >= 0)
    names = np.array(last.categories, dtype=object)
    gap = np.full(len(positions), np.nan)
    best_value = np.full(len(positions), np.nan)
    best = np.full(len(positions), None, dtype=object)
    total, customers, first = (np.zeros(len(names)) for _ in range(3))
    chunk = max(1, _CHUNK_CELLS // len(names))
    for start in range(0, len(found), chunk):
        work.tick()
        rows = found[start : start + chunk]
        past = last.past[positions[rows]]
        value = calibration.value(rankers, last.categories, past)
        top = value.argmax(axis=1)
        highest = value[np.arange(len(rows)), top]
        gap[rows] = value.sum(axis=1)
        best_value[rows] = highest
        best[rows] = np.where(highest > 0, names[top], None)
        total += value.sum(axis=0)
        customers += (past <= 0).sum(axis=0)
        first += np.bincount(top[highest > 0], minlength=len(names))
    per_customer = pd.DataFrame(
        {"gap": gap, "top_category": pd.Series(best, dtype="str"), "top_category_value": best_value}
    )
    per_customer.index = work.table.frame.index
    per_category = pd.DataFrame(
        {
            "category": pd.Series(last.categories, dtype="str"),
            "gap_total": total,
            "customers": customers.astype(np.int64),
            "top_for": first.astype(np.int64),
        }
    )
    return per_customer, per_category.sort_values("gap_total", ascending=False, kind="stable", ignore_index=True)
