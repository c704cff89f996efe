"""Potential of customers with a purchase history: what the best of their like spend, minus what they spend."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Gap, GapKind
from workbench.gap._base import (
    CATEGORY_COLUMNS,
    SEGMENT_COLUMNS,
    Work,
    empty_frame,
    out_of_time,
    rows_of_history,
    unavailable,
)
from workbench.gap.backtest import Tested, backtest_at
from workbench.gap.matrix import Floats, Ints
from workbench.gap.origins import Snapshot, snapshots
from workbench.gap.quantile import FEW_ROWS, LEVELS, MIDDLE, TRAINING_ROWS, Quantiles, conditional_quantiles, folds_by
from workbench.gap.shrink import shrink
from workbench.gap.verdict import judge_potential

MINIMUM_ROWS = 100
_JUDGED = (10_000, 3_000)
"""Customers in one back-test, with plenty of time and without."""
ASSUMPTION = (
    "Some customers of the same structure already give us nearly their full wallet; the spend that one in ten of them"
    " exceeds is taken as what the others could spend."
)


class PotentialOfHistory:
    """G1 with a back-test, after the quantile idea of Perlich, Rosset, Lawrence and Zadrozny (KDD 2007)."""

    kind = GapKind.POTENTIAL

    def find(self, work: Work) -> Gap:
        """Potential and gap at the last origin, judged at every origin that has a future."""
        history = work.table.history
        if history is None or not history.origins:
            return unavailable(self.kind, unit="", assumption=ASSUMPTION, missing="purchases by customer and date")
        unit = work.currency_per_window(history.window_days, history.currency)
        if work.budget.expired:
            return out_of_time(work, self.kind, unit=unit, assumption=ASSUMPTION)
        shots = snapshots(history, work)
        last = shots[-1]
        if len(last.customers) < MINIMUM_ROWS or last.structure.width == 0 or not (last.now > 0).any():
            return unavailable(
                self.kind,
                unit=unit,
                assumption=ASSUMPTION,
                missing=f"at least {MINIMUM_ROWS} customers with purchases, and features other than their spend level",
            )
        began = work.budget.elapsed
        folds = _folds(work, last)
        most = work.at_most(TRAINING_ROWS, FEW_ROWS, of=len(last.customers), what="The potential is learnt")
        found = conditional_quantiles(
            last.structure, last.now, LEVELS, folds, seed=work.seed, tick=work.tick, most_rows=most
        )
        # A back-test fits about twice as many models, on a sample.
        cost = 2 * (work.budget.elapsed - began) * min(1.0, _JUDGED[0] / len(last.customers))
        shrunk = shrink(last.before, last.now)
        frame = potential_frame(found.values, shrunk.spend, last.now)
        frame = frame.reindex(rows_of_history(work, last.customers, what="potential"))
        figures = coverage_figures(found) | {"reliability": shrunk.reliability}
        backtest, tested = _backtest(work, shots, cost)
        holds, verdict = judge_potential(backtest, unit)
        return Gap(
            kind=self.kind,
            available=True,
            unit=unit,
            assumption=ASSUMPTION,
            per_customer=frame.set_axis(work.table.frame.index, axis=0),
            per_segment=empty_frame(SEGMENT_COLUMNS),
            per_category=empty_frame(CATEGORY_COLUMNS),
            backtest=backtest,
            verdict=verdict,
            holds=holds,
            figures=figures | tested,
        )


def potential_frame(quantiles: Floats, observed: Floats, spend: Floats) -> pd.DataFrame:
    """``gap`` = max(0, potential - observed); ``low`` and ``high`` are the gap at the 80 % and the 95 % quantile.

    ``spend`` is what was seen before shrinking: coverage is counted on it.
    """
    gaps = np.maximum(0.0, quantiles - observed[:, None])
    return pd.DataFrame(
        {
            "gap": gaps[:, MIDDLE],
            "potential": quantiles[:, MIDDLE],
            "observed": observed,
            "low": gaps[:, 0],
            "high": gaps[:, -1],
            "spend": spend,
        }
    )


def coverage_figures(found: Quantiles) -> dict[str, float]:
    """Level and coverage of the three quantiles, before and after the correction."""
    return {
        "level": LEVELS[MIDDLE],
        "coverage": float(found.coverage[MIDDLE]),
        "coverage_uncorrected": float(found.raw_coverage[MIDDLE]),
        "coverage_low": float(found.coverage[0]),
        "coverage_high": float(found.coverage[-1]),
    }


def _folds(work: Work, shot: Snapshot) -> Ints:
    return folds_by(np.arange(len(shot.customers)), work.rng(f"folds {shot.name}"))


def _backtest(work: Work, shots: list[Snapshot], cost: float) -> tuple[pd.DataFrame, dict[str, float]]:
    """Rows of every origin with a future, oldest first, and the figures over all of them.

    The newest origins are worked on first, so that a short budget costs the oldest ones.

    Args:
        work: what to work with.
        shots: all origins.
        cost: seconds that one origin is expected to take.
    """
    tables: list[pd.DataFrame] = []
    tests: list[Tested] = []
    judged = [shot for shot in shots if shot.future is not None and len(shot.customers) >= MINIMUM_ROWS]
    for done, whole in enumerate(reversed(judged)):
        if work.budget.remaining <= cost:
            count = f"{done} of {len(judged)} origins were judged"
            work.notice(f"The back-test of the potential was cut short by the budget: {count}.")
            break
        work.events.progress("gap", f"Back-test of the potential at {whole.name}", done, len(judged))
        began = work.budget.elapsed
        rng = work.rng(f"back-test {whole.name}")
        shot = whole
        size = len(whole.customers)
        most = work.at_most(*_JUDGED, of=size, what=f"The potential is judged as of {whole.name}")
        if most < size:
            shot = whole.sample(np.sort(rng.choice(size, most, replace=False)).astype(np.int64))
        tested = backtest_at(shot, LEVELS[MIDDLE], _folds(work, shot), seed=work.seed, rng=rng, tick=work.tick)
        tables.insert(0, tested.rows)
        tests.append(tested)
        cost = work.budget.elapsed - began
    if not tests:
        return pd.DataFrame(), {}
    return pd.concat(tables, ignore_index=True), {
        "origins": float(len(tests)),
        "coverage_worst": max((test.coverage for test in tests), key=lambda value: abs(value - LEVELS[MIDDLE])),
        "forecast_r2": float(np.mean([test.r2_without for test in tests])),
        "forecast_r2_gain": float(np.mean([test.r2_with - test.r2_without for test in tests])),
    }
