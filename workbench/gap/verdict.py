"""The rule that decides whether a gap may be said to predict anything, and the sentence that says so."""

from __future__ import annotations

import math

import pandas as pd

from workbench.gap import rankers
from workbench.gap.backtest import BASELINES, GAP
from workbench.gap.expected_value import VALUE


def needed_origins(origins: int) -> int:
    """Two of three, in proportion, and never fewer than two."""
    return max(2, math.ceil(2 * origins / 3))


def judge_potential(backtest: pd.DataFrame, unit: str) -> tuple[bool, str]:
    """Whether the potential gap predicts growth, and why or why not.

    The rule: after adjustment for regression to the mean, the top fifth by gap lies above the rest with a 95 %
    bootstrap interval above zero in at least two of three origins, and on average further above than by any baseline.
    """
    if backtest.empty:
        return False, (
            "No back-test is possible: no past cut-off with a full window after it was judged, so nothing shows whether"
            " this gap predicts growth."
        )
    of_gap = backtest[backtest["score"] == GAP]
    origins, above = len(of_gap), int((of_gap["adjusted_low"] > 0).sum())
    means = {str(name): float(rows["adjusted_top20"].mean()) for name, rows in backtest.groupby("score")}
    naive, adjusted = float(of_gap["naive_top20"].mean()), means[GAP]
    best = max(BASELINES, key=lambda name: means[name])
    figures = (
        f"against the rest, growth of its top fifth is {naive:+,.2f} {unit} in the naive count and {adjusted:+,.2f}"
        f" once its own past is taken into account (interval above zero in {above} of {origins} origins)"
    )
    if origins < 2:
        return False, f"One origin is too few to say whether this gap predicts growth: {figures}."
    if above < needed_origins(origins):
        reason = f"{needed_origins(origins)} origins are needed"
    elif adjusted <= means[best]:
        reason = f"the baseline '{best}' reaches {means[best]:+,.2f}"
    else:
        return True, f"This gap predicts growth here: {figures}; the best baseline, {best}, {means[best]:+,.2f}."
    return False, (
        f"This gap does not predict growth here: {figures}; {reason}. Read it as potential, not as a forecast."
    )


def judge_whitespace(backtest: pd.DataFrame, unit: str) -> tuple[bool, str]:
    """Whether the ranking of new categories finds money that popularity does not, and why or why not.

    The rule: money in the ten highest new categories lies above that of popularity with a 95 % paired bootstrap
    interval above zero in at least two of three origins, and on average above every baseline. The ranking by expected
    value is judged where it exists at two origins or more (it needs an earlier one to learn from), else EASE's own.
    """
    if backtest.empty:
        return False, (
            "No back-test is possible: no past cut-off has a full window after it, so nothing shows whether customers"
            " buy what this gap points at."
        )
    judged = VALUE if (backtest["score"] == VALUE).sum() >= 2 else rankers.EASE
    mine = backtest[backtest["score"] == judged]
    rows = backtest[backtest["origin"].isin(mine["origin"])]
    money = {str(name): float(part["money_at_10"].mean()) for name, part in rows.groupby("score")}
    best = max(rankers.BASELINES, key=lambda name: money[name])
    origins, above = len(mine), int((mine["money_low"] > 0).sum())
    share = f" ({money[judged] / money[best] - 1:+.0%})" if money[best] > 0 else ""
    figures = (
        f"{judged} finds {money[judged]:,.2f} {unit} per customer in ten never-bought categories, {best} finds"
        f" {money[best]:,.2f}{share}; above popularity beyond chance in {above} of {origins} origins;"
        f" {mine['precision_at_10'].mean():.0%} of the ten are bought"
    )
    if origins >= 2 and above >= needed_origins(origins) and money[judged] > money[best]:
        return True, f"This gap points at money that popularity misses: {figures}."
    return False, f"This gap does no better than selling everybody what is popular: {figures}."
