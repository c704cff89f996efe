"""SHAP values in the customer's own columns, apart from the model and from any drawing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ExplanationCheck:
    """A property that was checked on the explained rows: ``value`` must not exceed ``limit``."""

    name: str
    value: float
    limit: float
    passed: bool
    message: str


@dataclass(frozen=True)
class Explanation:
    """Additive contributions of source columns to a model's output.

    Attributes:
        values: contributions, shape (rows, columns, outputs), in ``output_space``.
        base: what the model says on average, shape (outputs,).
        margin: the model's own output for the explained rows, shape (rows, outputs):
            ``base + values.sum(axis=1)`` equals it.
        columns: source columns, in the order of ``values``.
        outputs: class labels as text, or the target's name for regression; for two classes
            one output, named as the second class.
        output_space: ``log-odds``, ``probability`` or ``units of <target>``.
        rows: positions of the explained rows in the table, shape (rows,).
        total_rows: rows of the table; fewer explained rows means a sample, and is said.
        data: raw values of the explained rows, shape (rows, columns).
        importance: a row per column, most important first: ``column``, ``importance`` (mean of |contribution|),
            ``low``, ``high`` (95 % bootstrap interval over rows), ``share`` (of the sum), ``direction``
            (rank correlation of value and contribution, NaN for categories), ``lever``.
        method: how the values were computed.
        checks: what was verified.
        words: plain sentences, association only.
        reference: prepared rows that contributions are measured from, shape (reference rows, derived columns), so
            that single rows can be explained later in the same terms; ``None`` for trees, which carry their own.
        interactions: pairs of columns, strongest first: ``first``, ``second``, ``strength`` (mean of what the pair
            contributes beyond the two alone), ``low``, ``high`` (95 % bootstrap interval over rows), ``share`` (of all
            that is attributed). Empty where the model has none; ``None`` where they are not known.
    """

    values: np.ndarray
    base: np.ndarray
    margin: np.ndarray
    columns: tuple[str, ...]
    outputs: tuple[str, ...]
    output_space: str
    rows: np.ndarray
    total_rows: int
    data: pd.DataFrame
    importance: pd.DataFrame
    method: str
    checks: tuple[ExplanationCheck, ...]
    words: tuple[str, ...]
    target: str = ""
    reference: np.ndarray | None = None
    interactions: pd.DataFrame | None = None
