"""The contract of a feature block: columns that a model would find hard to make for itself, each readable by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.derived import Derived, Prepared


class Block(ABC):
    """Some derived columns, learnt inside a fold from its training rows.

    Attributes:
        name: as in a trial's parameters.
        from_start: whether trials have it before it has shown its worth, as what no family finds for itself.
        derived: descriptions of the columns, known once it is fitted.
    """

    name: ClassVar[str]
    from_start: ClassVar[bool] = False

    def __init__(self) -> None:
        self.derived: tuple[Derived, ...] = ()

    @classmethod
    @abstractmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether there is something to make of such columns."""

    @abstractmethod
    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """Learn the columns and give them for the rows that they were learnt from.

        Whatever looks at the target must give these rows values that were learnt from other rows.

        Args:
            scout: knows the target of the rows, and what is useful for predicting it.

        Returns:
            shape (rows, len(derived)), NaN where there is no value.
        """

    @abstractmethod
    def transform(self, prepared: Prepared) -> np.ndarray:
        """The columns for other rows, shape (rows, len(derived))."""


def numeric_places(derived: tuple[Derived, ...]) -> list[int]:
    """Positions of the columns with which one may calculate."""
    return [place for place, column in enumerate(derived) if column.kind in ("number", "date")]
