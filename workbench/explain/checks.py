"""What is verified on every explanation: it adds up, also in source columns, is finite, and repeats itself."""

from __future__ import annotations

import numpy as np

from workbench.contracts import ExplanationCheck
from workbench.explain.explainers._base import ADDITIVITY_LIMIT, Explainer, Matrix, take
from workbench.explain.grouping import Grouping, to_sources
from workbench.explain.language import Field, Language, Said, say

REPEATED_ROWS = 8
REPEAT_LIMIT = 1e-9
FINITE, REPEATS = "finite", "equal rows are equal"
_WHERE = {"additivity": "checks.model_columns", "additivity in source columns": "checks.source_columns"}


def scale_of(margin: np.ndarray) -> float:
    """The largest |margin|, or 1 where all are zero: what differences are compared with."""
    largest = float(np.abs(margin).max(initial=0.0))
    return largest if largest > 0 else 1.0


def additivity(name: str, where: str, worst: float, scale: float) -> ExplanationCheck:
    """Whether base and contributions add up to the model's output.

    Args:
        where: in words, for English.
    """
    relative = worst / scale
    passed = bool(relative <= ADDITIVITY_LIMIT)
    return ExplanationCheck(
        name=name,
        value=relative,
        limit=ADDITIVITY_LIMIT,
        passed=passed,
        message=_adds_up(passed, where, relative).told(),
    )


def finite(values: np.ndarray) -> ExplanationCheck:
    """Whether every contribution is a number."""
    bad = int((~np.isfinite(values)).sum())
    return ExplanationCheck(FINITE, float(bad), 0.0, bad == 0, _finite(bad).told())


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
    return ExplanationCheck(REPEATS, relative, REPEAT_LIMIT, passed, _repeats(len(chosen), relative).told())


def check_words(check: ExplanationCheck, rows: int, language: Language = "en") -> str:
    """The message of a check in ``language``; of a kind that is not known here, the message that it has.

    Args:
        rows: that were explained.
    """
    if language == "en":
        return check.message
    if check.name in _WHERE:
        return _adds_up(check.passed, Said(_WHERE[check.name]), check.value).told(language)
    if check.name == FINITE:
        return _finite(int(check.value)).told(language)
    if check.name == REPEATS:
        return _repeats(min(REPEATED_ROWS, rows), check.value).told(language)
    return check.message


def _adds_up(passed: bool, where: Field, relative: float) -> Said:
    return say("checks.adds_up" if passed else "checks.misses", where=where, size=f"{relative:.1e}")


def _finite(bad: int) -> Said:
    return say("checks.not_finite", count=bad) if bad else Said("checks.finite")


def _repeats(rows: int, relative: float) -> Said:
    return say("checks.repeats", rows=rows, size=f"{relative:.1e}")
