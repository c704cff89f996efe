"""Drawings of the explanation: importance, beeswarm, dependence and one customer."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Explanation
from workbench.explain import Dependence, Waterfall, beeswarm, dependence
from workbench.report.blocks import Figure
from workbench.report.figures.canvas import ACCENT, GRID, INK, SECOND, SOFT, as_block, bars, canvas, label

TOP = 12
DEPENDENCES = 3
POINTS = 350


def importance_figure(explanation: Explanation) -> Figure:
    """Mean |contribution| with interval, most important first."""
    rows = explanation.importance.head(TOP).to_dict("records")
    with canvas(0.55 + 0.24 * len(rows)) as (drawing, axes):
        bars(
            axes,
            [str(row["column"]) for row in rows],
            [float(row["importance"]) for row in rows],
            [(float(row["low"]), float(row["high"])) for row in rows],
        )
        axes.set_xlabel(f"mean |SHAP|, {explanation.output_space}")
        alt = "; ".join(f"{row['column']} {float(row['importance']):.3g}" for row in rows)
        return as_block(drawing, "importance", "What the model looks at", alt)


def beeswarm_figure(explanation: Explanation) -> Figure:
    """One dot a customer and column: how far it moves the prediction, coloured by the column's own value."""
    swarms = beeswarm(explanation, top=TOP)
    with canvas(0.6 + 0.27 * len(swarms)) as (drawing, axes):
        axes.axvline(0, color=SOFT, linewidth=0.8)
        for position, swarm in enumerate(swarms):
            keep = np.linspace(0, len(swarm.contribution) - 1, min(POINTS, len(swarm.contribution))).astype(int)
            level = swarm.colour[keep]
            grey = ~np.isfinite(level)
            x, y = swarm.contribution[keep], position + 0.36 * swarm.offset[keep]
            axes.scatter(x[grey], y[grey], s=4, color=SOFT, alpha=0.5, linewidths=0)
            axes.scatter(x[~grey], y[~grey], s=4, c=level[~grey], cmap="coolwarm", vmin=0, vmax=1, linewidths=0)
        axes.set_yticks(range(len(swarms)), [label(swarm.column) for swarm in swarms])
        axes.set_ylim(len(swarms) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(f"contribution, {explanation.output_space} (blue: low value, red: high, grey: no order)")
        return as_block(drawing, "beeswarm", "How it moves each prediction", "one dot a customer and column")


def dependence_figures(explanation: Explanation) -> list[Figure]:
    """Contribution against the column's value, for the most important columns."""
    names = [str(name) for name in explanation.importance["column"].head(DEPENDENCES)]
    return [_dependence_figure(dependence(explanation, name), explanation, i) for i, name in enumerate(names)]


def _dependence_figure(shown: Dependence, explanation: Explanation, number: int) -> Figure:
    name, title = f"dependence-{number + 1}", f"Contribution of {label(shown.column)}"
    with canvas(2.1) as (drawing, axes):
        axes.axhline(0, color=SOFT, linewidth=0.8)
        if shown.levels:
            levels = list(shown.levels)[:8]
            means = [float(np.mean(np.asarray(shown.contribution)[np.asarray(shown.x) == index]))
                     if (np.asarray(shown.x) == index).any() else 0.0 for index in range(len(levels))]  # fmt: skip
            axes.bar(range(len(levels)), means, color=ACCENT, width=0.6)
            axes.set_xticks(range(len(levels)), [label(level)[:12] for level in levels], rotation=30, ha="right")
        else:
            x, y = np.asarray(shown.x, dtype=float), np.asarray(shown.contribution)
            keep = np.flatnonzero(np.isfinite(x))[:: max(1, len(x) // 600)]
            axes.plot(x[keep], y[keep], ".", color=ACCENT, markersize=3, alpha=0.55, markeredgewidth=0)
            low, high = np.nanquantile(x, [0.005, 0.995]) if np.isfinite(x).any() else (0.0, 1.0)
            if high > low:
                axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
        axes.grid(color=GRID, linewidth=0.7)
        axes.set_xlabel(label(shown.column))
        axes.set_ylabel(label(explanation.output_space))
        return as_block(drawing, name, title, f"contribution against the value of {shown.column}")


def waterfall_figure(shown: Waterfall) -> Figure:
    """One customer: from the average to the prediction, step by step."""
    names = [f"{label(step.column)} = {label(step.value)[:14]}" for step in shown.steps]
    values = [step.contribution for step in shown.steps]
    if shown.rest_columns:
        names.append(f"{shown.rest_columns} other columns")
        values.append(shown.rest)
    with canvas(0.75 + 0.26 * len(names)) as (drawing, axes):
        start = shown.base
        for position, value in enumerate(values):
            axes.barh(position, value, left=start, height=0.6, color=ACCENT if value >= 0 else SECOND)
            start += value
        axes.axvline(shown.base, color=SOFT, linewidth=0.8)
        axes.axvline(shown.total, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(names)), [label(name) for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID, linewidth=0.7)
        axes.set_xlabel(f"{label(shown.output_space)}: average {shown.base:.4g}, this customer {shown.total:.4g}")
        alt = "; ".join(f"{name} {value:+.3g}" for name, value in zip(names, values, strict=True))
        return as_block(drawing, "one-customer", "One customer in the middle of the predictions", alt)
