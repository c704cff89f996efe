"""The prepared matrix with the columns of some blocks behind its own."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block
from workbench.pipelines.blocks.arithmetic import Arithmetic
from workbench.pipelines.blocks.crosses import Crosses
from workbench.pipelines.blocks.group_means import GroupMeans
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.blocks.target_encoding import TargetEncoding
from workbench.pipelines.blocks.text_leaning import TextLeaning
from workbench.pipelines.derived import Derived, Prepared, unique_names
from workbench.pipelines.row_facts import NO_FACTS, RowFacts

BLOCKS: dict[str, type[Block]] = {
    block.name: block for block in (TextLeaning, Arithmetic, TargetEncoding, Crosses, GroupMeans)
}
"""By name, those that pay most often first."""
SEPARATOR = ", "
"""Between the names of blocks in a trial's parameters."""
BLOCK_COLUMNS = 8
"""Columns that a block makes, for forecasts of time."""

_FILLED_ROWS = 50_000


def blocks_for(prepared: Prepared, task: Task, classes: int) -> tuple[str, ...]:
    """Names of the blocks that have something to make of such columns."""
    return tuple(name for name, block in BLOCKS.items() if block.suits(prepared, task, classes))


class Expansion(BaseEstimator):
    """From ``Prepared`` to ``Prepared``: more columns, none changed.

    Args:
        blocks: their names, as a trial's parameters have them.
        task: what ``fit``'s target is.
        seed: of samples and of the parts that rows are held out in.

    Attributes:
        blocks_: fitted.
    """

    def __init__(self, blocks: str, task: Task, seed: int = 0) -> None:
        self.blocks = blocks
        self.task = task
        self.seed = seed

    def fit(self, X: Prepared, y: Any) -> Self:
        """Learn the columns from training rows and their target: numbers, class codes or labels."""
        self.learn(X, y)
        return self

    def fit_transform(self, X: Prepared, y: Any, facts: RowFacts = NO_FACTS) -> Prepared:
        """Learn, and give the training rows with values that don't know their own target, nor that of their group."""
        return self._joined(X.matrix, X.derived, self.learn(X, y, facts))

    def learn(self, X: Prepared, y: Any, facts: RowFacts = NO_FACTS) -> np.ndarray:
        """Learn, and give for the training rows only what is added, shape (rows, columns made)."""
        target = (
            np.asarray(y, dtype=np.float64) if self.task is Task.REGRESSION else np.unique(y, return_inverse=True)[1]
        )
        classes = 0 if self.task is Task.REGRESSION else int(target.max()) + 1
        scout = Scout(X, target, self.task, classes, self.seed, facts)
        self.blocks_ = [BLOCKS[name]() for name in self.blocks.split(SEPARATOR)]
        values = [block.fit_transform(X, scout).astype(np.float32, copy=False) for block in self.blocks_]
        names = unique_names(
            one.name for one in (*X.derived, *(one for block in self.blocks_ for one in block.derived))
        )
        made = [one for block in self.blocks_ for one in block.derived]
        self.derived_ = tuple(
            Derived(name, one.sources, one.kind) for name, one in zip(names[len(X.derived) :], made, strict=True)
        )
        return np.hstack(values)

    def added(self, X: Prepared) -> np.ndarray:
        """Only what is added to other rows, shape (rows, columns made)."""
        check_is_fitted(self, "derived_")
        return np.hstack([block.transform(X).astype(np.float32, copy=False) for block in self.blocks_])

    def transform(self, X: Prepared) -> Prepared:
        """Other rows, with the columns behind."""
        return self._joined(X.matrix, X.derived, self.added(X))

    def learnt_on(
        self, X: Prepared, y: np.ndarray, train: np.ndarray, others: np.ndarray, facts: RowFacts = NO_FACTS
    ) -> Prepared:
        """Learn from some rows, and give these and others with the columns behind.

        A large table is held once: what is learnt from is let go before the result is filled, block of rows by block.

        Args:
            y, facts: of all rows.
            train: positions of the rows to learn from; they get values that don't know their own target.
            others: positions of rows that only get the columns.

        Returns:
            the rows of ``train`` followed by those of ``others``.
        """
        values = self.learn(X.take(train), y[train], facts.take(train))
        width = len(X.derived)
        matrix = np.empty((train.size + others.size, width + values.shape[1]), dtype=np.float32)
        matrix[: train.size, width:] = values
        for start in range(0, train.size, _FILLED_ROWS):
            rows = train[start : start + _FILLED_ROWS]
            matrix[start : start + rows.size, :width] = X.matrix[rows]
        for start in range(0, others.size, _FILLED_ROWS):
            part = X.take(others[start : start + _FILLED_ROWS])
            at = slice(train.size + start, train.size + start + len(part))
            matrix[at, :width] = part.matrix
            matrix[at, width:] = self.added(part)
        return Prepared(matrix, (*X.derived, *self.derived_))

    def _joined(self, matrix: np.ndarray, derived: tuple[Derived, ...], values: np.ndarray) -> Prepared:
        return Prepared(np.hstack([matrix, values]).astype(np.float32, copy=False), (*derived, *self.derived_))
