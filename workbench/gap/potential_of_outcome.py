"""Potential of customers without a purchase history: the table's own money column, given its other columns."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from workbench.contracts import Column, Gap, GapKind, Kind, Role, Table
from workbench.gap._base import CATEGORY_COLUMNS, SEGMENT_COLUMNS, Work, empty_frame, out_of_time, unavailable
from workbench.gap.matrix import Ints, finite, to_matrix
from workbench.gap.origins import level_in_disguise
from workbench.gap.potential_of_history import MINIMUM_ROWS, coverage_figures, potential_frame
from workbench.gap.quantile import FEW_ROWS, LEVELS, TRAINING_ROWS, conditional_quantiles, folds_by

_DISTINCT = 20
_MONEY = re.compile(
    r"spen[dt]|amount|revenue|sales|turnover|income|charge|payment|purchases?\b|price|cost|premium|balance|profit"
    r"|margin|fee|value|bill|money|monetary|umsatz|betrag|montant|gasto|金额|消费|收入|销售|费用|支出|价格",
    re.IGNORECASE,
)
"""Words that tell money when neither unit nor currency does."""
ASSUMPTION = (
    "Customers who are alike in the other columns could reach what one in ten of them exceeds; without earlier windows"
    " nothing separates a lasting gap from chance."
)
NO_BACKTEST = (
    "No back-test is possible: the table holds one moment, not a before and an after, so nothing shows whether this gap"
    " predicts growth. Read it as a comparison with like customers."
)


class PotentialOfOutcome:
    """G1 where only one table is there."""

    kind = GapKind.POTENTIAL

    def find(self, work: Work) -> Gap:
        """Potential of the table's outcome; ``holds`` is never true here."""
        table = work.table
        column = money_outcome(table)
        if column is None:
            named = f"; '{table.outcome}' does not look like money" if table.outcome else ""
            missing = f"a numeric outcome in money (spend, revenue, charges), or purchases by customer and date{named}"
            return unavailable(self.kind, unit="", assumption=ASSUMPTION, missing=missing)
        unit = f"{table.currency or 'currency units'} of {column.name}"
        if work.budget.expired:
            return out_of_time(work, self.kind, unit=unit, assumption=ASSUMPTION)
        y = finite(table.frame[column.name])
        known = np.isfinite(y)
        matrix = to_matrix(_drivers(table, column.name))
        disguised = level_in_disguise(matrix.rows(known), y[known])
        if disguised:
            names = ", ".join(sorted(disguised))
            work.notice(f"Left out of the potential, because they all but tell the outcome itself: {names}.")
            matrix = matrix.without(disguised)
        if known.sum() < MINIMUM_ROWS or matrix.width == 0:
            missing = f"at least {MINIMUM_ROWS} rows with a value in '{column.name}' and columns that may explain it"
            return unavailable(self.kind, unit=unit, assumption=ASSUMPTION, missing=missing)
        if not known.all():
            work.notice(f"{int((~known).sum()):,} rows without a value in '{column.name}' have no potential.")
        folds = folds_by(_customers(table)[known], work.rng("folds"))
        most = work.at_most(TRAINING_ROWS, FEW_ROWS, of=int(known.sum()), what="The potential is learnt")
        found = conditional_quantiles(
            matrix.rows(known), y[known], LEVELS, folds, seed=work.seed, tick=work.tick, most_rows=most
        )
        frame = potential_frame(found.values, y[known], y[known])
        frame.index = table.frame.index[known]
        return Gap(
            kind=self.kind,
            available=True,
            unit=unit,
            assumption=ASSUMPTION,
            per_customer=frame.reindex(table.frame.index),
            per_segment=empty_frame(SEGMENT_COLUMNS),
            per_category=empty_frame(CATEGORY_COLUMNS),
            backtest=pd.DataFrame(),
            verdict=NO_BACKTEST,
            holds=False,
            figures=coverage_figures(found),
        )


def money_outcome(table: Table) -> Column | None:
    """The table's outcome if it counts money: its unit decides, else the table's currency or the column's name."""
    if table.outcome is None:
        return None
    column = table.column(table.outcome)
    if column.kind not in (Kind.INTEGER, Kind.NUMBER) or column.distinct < _DISTINCT:
        return None
    if column.unit:
        money = "currency" in column.unit.lower() or column.unit == table.currency
    else:
        money = bool(table.currency) or _MONEY.search(column.name) is not None
    return column if money else None


def _drivers(table: Table, outcome: str) -> pd.DataFrame:
    """Features and dates other than the outcome; free text says too little for its width and is left out."""
    names = [
        name
        for name in table.names(Role.FEATURE, Role.DATE)
        if name not in (outcome, table.target) and table.column(name).kind is not Kind.TEXT
    ]
    return table.frame[names]


def _customers(table: Table) -> Ints:
    """A number for each customer: rows of one id, or of one group, stay in one fold."""
    name = next(iter(table.names(Role.GROUP)), None) or table.id_column
    if name is None:
        return np.arange(len(table.frame), dtype=np.int64)
    codes = pd.factorize(table.frame[name], use_na_sentinel=False)[0]
    return codes.astype(np.int64)
