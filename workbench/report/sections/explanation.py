"""Explanation: what the champion looks at, for all customers and for one."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Explanation
from workbench.explain import waterfall
from workbench.report.blocks import Block, Bullets, Grid, Paragraph, Section
from workbench.report.figures import beeswarm_figure, dependence_figures, importance_figure, waterfall_figure
from workbench.report.numbers import count, figure, percent, short, span

TOP = 15


def explanation_section(explanation: Explanation | None) -> Section | None:
    """Importance, beeswarm, dependence, one customer, and the checks; ``None`` without an explanation."""
    if explanation is None:
        return None
    blocks: list[Block] = [Bullets(explanation.words)] if explanation.words else []
    blocks.append(
        Paragraph(
            f"Explained {count(len(explanation.rows))} of {count(explanation.total_rows)} customers, in "
            f"{explanation.output_space}. {explanation.method}",
            "note",
        )
    )
    if np.abs(explanation.values).sum() > 0:
        position = _typical(explanation)
        blocks += [
            importance_figure(explanation),
            beeswarm_figure(explanation),
            *dependence_figures(explanation),
            waterfall_figure(waterfall(explanation, position)),
        ]
    rows = tuple(
        (short(str(row["column"])), figure(row["importance"]), span(row["low"], row["high"]), percent(row["share"]),
         _direction(row["direction"]), str(row["lever"]))
        for row in explanation.importance.head(TOP).to_dict("records")
    )  # fmt: skip
    headings = ("column", "mean |SHAP|", "95 % interval", "share", "direction", "lever")
    blocks.append(Grid(headings, rows, f"Importance in {explanation.output_space}", right=(1, 3)))
    checks = tuple(
        ("passed" if check.passed else "FAILED", check.name, f"{check.value:.2g}", f"{check.limit:.2g}", check.message)
        for check in explanation.checks
    )
    blocks.append(
        Grid(("", "check", "value", "limit", "meaning"), checks, "Checks on every explained row", right=(2, 3))
    )
    return Section("explanation", "Explanation", tuple(blocks))


def _typical(explanation: Explanation) -> int:
    """Position of the explained customer in the middle of the predictions: an example that singles nobody out."""
    order = np.argsort(explanation.margin[:, 0], kind="stable")
    return int(order[len(order) // 2])


def _direction(value: object) -> str:
    if not isinstance(value, float) or not np.isfinite(value):
        return "by level"
    if abs(value) < 0.3:
        return "mixed"
    return "more with more" if value > 0 else "less with more"
