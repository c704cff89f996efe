"""The contract that every explainer keeps: contributions of derived columns that add up to the estimator's margin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np
import pandas as pd

Matrix: TypeAlias = Any
"""What a pipeline hands its estimator: a frame, a float array or a sparse matrix, shape (rows, derived columns)."""

ADDITIVITY_LIMIT = 1e-6
"""Largest allowed |base + Σ contributions − margin|, as a share of the largest |margin|."""


@dataclass(frozen=True)
class Contributions:
    """What an explainer gives.

    Attributes:
        values: shape (rows, derived columns, outputs).
        base: what the estimator says on average over the explainer's reference, shape (outputs,).
    """

    values: np.ndarray
    base: np.ndarray


class Explainer(ABC):
    """Explains one kind of estimator on the columns that it was fitted on.

    A new kind is one subclass in one file and one line in ``dispatch.KINDS``; the conformance suite in
    ``tests/explain`` runs over all of them.

    Args:
        estimator: fitted.
        groups: for each derived column the number of its owner (see ``Grouping``), shape (derived columns,); most kinds
            explain derived columns one by one and need it not.
        reference: what contributions are measured from, shape (reference rows, derived columns), as
            ``reference_from`` made it; ``None`` for kinds that carry their reference themselves.
    """

    method: str
    """How the values are computed, for the report."""
    notice: str = ""
    """What the analyst should know of this way of explaining; empty if there is nothing."""
    additive: bool = False
    """Whether no column's contribution depends on another column, so that there are no interactions at all."""
    untimed_rows: ClassVar[int] = 20_000
    """Rows that are explained at most where no clock says how many fit: the same on every machine."""

    def __init__(self, estimator: Any, groups: np.ndarray, reference: np.ndarray | None = None) -> None:
        self.estimator = estimator
        self.groups = groups
        self.reference = reference

    @classmethod
    @abstractmethod
    def supports(cls, estimator: Any) -> bool:
        """Whether this kind can explain ``estimator``."""

    @classmethod
    def reference_from(cls, matrix: Matrix, seed: int) -> np.ndarray | None:
        """The reference made of prepared rows; ``None`` for kinds that need none."""
        return None

    @abstractmethod
    def space(self, target: str) -> str:
        """``log-odds``, ``probability`` or ``units of <target>``."""

    @abstractmethod
    def margin(self, matrix: Matrix) -> np.ndarray:
        """The estimator's own output in ``space``, shape (rows, outputs); two classes give one output, the second.

        Computed by the estimator and not from contributions: it is what additivity is checked against.
        """

    @abstractmethod
    def contributions(self, matrix: Matrix) -> Contributions:
        """Contributions of the derived columns; each row's values depend on that row alone."""

    def interactions(self, matrix: Matrix, groups: np.ndarray) -> np.ndarray | None:
        """Shapley interaction values of groups of derived columns, in which contributions add up; ``None`` if unknown.

        Args:
            groups: number of each derived column's group, −1 where its interactions are not asked for.

        Returns:
            shape (rows, groups, groups, outputs): half of a pair's on each side of the diagonal, the rest on it.
        """
        return None


def dense(matrix: Matrix) -> np.ndarray:
    """The numbers of ``matrix`` as float64, shape (rows, derived columns)."""
    if hasattr(matrix, "toarray"):
        matrix = matrix.toarray()
    if isinstance(matrix, pd.DataFrame):
        return matrix.to_numpy(dtype=np.float64)
    return np.asarray(matrix, dtype=np.float64)


def take(matrix: Matrix, positions: np.ndarray) -> Matrix:
    """Some rows of ``matrix``, in the order of ``positions``."""
    return matrix.iloc[positions] if isinstance(matrix, pd.DataFrame) else matrix[positions]


def second_of_two(shares: np.ndarray) -> np.ndarray:
    """Two complementary columns become one, the second; anything else stays as it is."""
    return shares[:, 1:] if shares.shape[1] == 2 else shares
