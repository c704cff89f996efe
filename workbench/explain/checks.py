"""What is verified on every explanation: it adds up, also in source columns, is finite, and repeats itself."""

from __future__ import annotations

import numpy as np

from workbench.contracts import ExplanationCheck
from workbench.explain.explainers._base import ADDITIVITY_LIMIT, Explainer, Matrix, take
from workbench.explain.grouping import Grouping, to_sources

REPEATED_ROWS = 8
REPEAT_LIMIT = 1e-9


def scale_of(margin: np.ndarray) -> float:
    """The largest |margin|, or 1 where all are zero: what differences are compared with."""
    largest = float(np.abs(margin).max(initial=0.0))
    return largest if largest > 0 else 1.0


def additivity(name: str, where: str, worst: float, scale: float) -> ExplanationCheck:
    """Whether base and contributions add up to the model's output."""
    relative = worst / scale
    passed = bool(relative <= ADDITIVITY_LIMIT)
    says = "adds up to" if passed else "misses"
    return ExplanationCheck(
        name=name,
        value=relative,
        limit=ADDITIVITY_LIMIT,
        passed=passed,
        message=f"base + contributions {says} the model's output {where}: largest relative difference {relative:.1e}.",
    )


def finite(values: np.ndarray) -> ExplanationCheck:
    """Whether every contribution is a number."""
    bad = int((~np.isfinite(values)).sum())
    message = "every contribution is a finite number." if bad == 0 else f"{bad:,} contributions are not finite."
    return ExplanationCheck("finite", float(bad), 0.0, bad == 0, message)


def repeats(
    explainer: Explainer, grouping: Grouping, matrix: Matrix, positions: np.ndarray, values: np.ndarray
) -> ExplanationCheck:
    """Whether the same rows, explained again in another order and company, get the same contributions.

    Args:
        positions: rows of ``matrix`` that ``values`` belong to.
        values: by source column, shape (rows, source columns, outputs).
    """
    chosen = np.linspace(0, len(positions) - 1, min(REPEATED_ROWS, len(positions))).astype(int)[::-1]
    again = explainer.contributions(take(matrix, positions[chosen])).values
    difference = np.abs(to_sources(again, grouping) - values[chosen])
    largest = float(np.abs(values).max(initial=0.0)) or 1.0
    relative = float(difference.max(initial=0.0)) / largest
    passed = bool(relative <= REPEAT_LIMIT)
    message = f"{len(chosen)} rows explained twice differ by at most {relative:.1e} of the largest contribution."
    return ExplanationCheck("equal rows are equal", relative, REPEAT_LIMIT, passed, message)
