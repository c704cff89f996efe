"""Drawings of how a contribution goes with a column's value, and of one customer's way to the prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.contracts import Explanation
from workbench.explain import Dependence, Waterfall, dependence
from workbench.report.bins import known_bins
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import (
    ACCENT,
    GRID,
    INK,
    SECOND,
    SOFT,
    as_block,
    bars,
    canvas,
    dots,
    label,
    line,
    name_rows,
    rows_at,
    tall,
)
from workbench.report.numbers import FEWEST, counted, figure, signed
from workbench.report.text import short

DEPENDENCES = 4
POINTS = 300


def top_dependences(explanation: Explanation) -> list[Dependence]:
    """Of the most important columns; of several outputs the one that is moved most."""
    important = explanation.importance[explanation.importance["importance"] > 0]
    made = []
    for name in important["column"].head(DEPENDENCES):
        place = explanation.columns.index(name)
        output = int(np.abs(explanation.values[:, place, :]).mean(axis=0).argmax())
        made.append(dependence(explanation, name, output))
    return made


def dependence_figures(explanation: Explanation, shown: Sequence[Dependence]) -> list[Figure]:
    """Contribution against value, a drawing a column."""
    return [_dependence_figure(one, explanation, number) for number, one in enumerate(shown)]


def _dependence_figure(shown: Dependence, explanation: Explanation, number: int) -> Figure:
    about = f" towards “{short(shown.output, 40)}”" if len(explanation.outputs) > 1 else ""
    name, title = f"dependence-{number + 1}", f"Contribution by value of {short(shown.column, 60)}{about}"
    unit = f"in {short(shown.output_space)}"
    if shown.kind == "category":
        return _levels(shown, name, title, unit)
    return _curve(shown, name, title, unit)


def _levels(shown: Dependence, name: str, title: str, unit: str) -> Figure:
    """A bar for each level that enough customers share."""
    rows = known_bins(shown)
    left_out = len(shown.levels) - int(rows["x"].notna().sum())
    labels = [label(text) for text in rows["label"]]
    values = [float(value) for value in rows["contribution"]]
    with canvas(tall(labels or [""])) as (drawing, axes):
        if labels:
            spans = [(float(low), float(high)) for low, high in zip(rows["low"], rows["high"], strict=True)]
            bars(axes, labels, values, spans)
            axes.axvline(0, color=SOFT, linewidth=0.8)
        note = f"Mean contribution of each level with its 95 % interval, {unit}."
        if left_out:
            verb = "is" if left_out == 1 else "are"
            note += f" {counted(left_out, 'further level')}, rarer or under {FEWEST} customers, {verb} not shown."
        alt = "; ".join(f"{short(text, 40)} {figure(value)}" for text, value in zip(rows["label"], values, strict=True))
        return as_block(drawing, name, title, alt or "no level is shared by enough customers", note)


def _curve(shown: Dependence, name: str, title: str, unit: str) -> Figure:
    """Customers as faint dots, and the mean of those with like values as a line."""
    x, y = np.asarray(shown.x, dtype=float), np.asarray(shown.contribution, dtype=float)
    present, known = np.flatnonzero(np.isfinite(x)), known_bins(shown)
    with canvas(2.0) as (drawing, axes):
        axes.axhline(0, color=SOFT, linewidth=0.8)
        if len(present):
            left, right = np.quantile(x[present], [0.01, 0.99])
            inside = present[(x[present] >= left) & (x[present] <= right)]
            taken = inside[:: max(1, len(inside) // POINTS)]
            dots(axes, x[taken], y[taken], ACCENT, size=2.4, alpha=0.45)
            bins = known[known["x"].between(left, right)]
            axes.plot(bins["x"], bins["contribution"], color=INK, linewidth=1.4)
            if shown.kind == "date":
                _date_ticks(axes)
        axes.grid(color=GRID, linewidth=0.7)
        axes.set_xlabel(line(shown.column))
        note = f"Across: the column's value, its outermost 2 % left out. Up: the contribution, {unit}. Line: the mean."
        alt = "; ".join(
            f"{text} {figure(value)}" for text, value in zip(known["label"], known["contribution"], strict=True)
        )
        return as_block(
            drawing, name, title, f"mean contribution by value: {alt}" if alt else "no value is known", note
        )


def _date_ticks(axes: Any) -> None:
    """Days since 1970 as dates."""
    start = pd.Timestamp("1970-01-01")
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda days, _: f"{start + pd.Timedelta(days=days):%Y-%m-%d}")


def waterfall_figure(shown: Waterfall, shared: frozenset[str], name: str, title: str) -> Figure:
    """One customer: from the average to the prediction, step by step.

    Args:
        shared: columns whose value many customers share or that is a number; the values of others are not shown.
        name: of the drawing.
        title: which customer it is, without an id.
    """
    rows = [
        (short(step.column, 60) + (f" = {rounded(step.value)}" if step.column in shared else ""), step.contribution)
        for step in shown.steps
    ]
    if shown.rest_columns:
        rows.append((counted(shown.rest_columns, "other column"), shown.rest))
    labels = [label(text) for text, _ in rows]
    places = rows_at(labels or [""])
    with canvas(tall(labels or [""])) as (drawing, axes):
        start = shown.base
        for place, (_, value) in zip(places, rows, strict=False):
            axes.barh(place, value, left=start, height=0.6, color=SECOND if value >= 0 else ACCENT)
            start += value
        axes.axvline(shown.base, color=SOFT, linewidth=0.8, linestyle=":")
        axes.axvline(shown.total, color=INK, linewidth=0.9)
        axes.use_sticky_edges = False  # room beside the outermost bar
        axes.margins(x=0.06)
        axes.update_datalim([(shown.base, 0), (shown.total, 0)])
        name_rows(axes, labels or [""], places)
        note = (
            f"From the average {figure(shown.base)} (dotted) down the rows to this customer's {figure(shown.total)} "
            f"(line), in {short(shown.output_space)}. Orange bars move the prediction up, blue ones down. "
            "Values are rounded."
        )
        alt = "; ".join(f"{text} {signed(value)}" for text, value in rows)
        return as_block(drawing, name, title, alt, note)


def rounded(text: str) -> str:
    """A number to three digits, so that an exact value leads to nobody."""
    try:
        value = float(text)
    except ValueError:
        return short(text, 24)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1_000 else figure(value)
