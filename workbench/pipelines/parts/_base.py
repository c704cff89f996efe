"""The contract of a part: it learns from one raw column, without the target, and turns it into derived columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import pandas as pd

from workbench.pipelines import cleaning
from workbench.pipelines.derived import Derived
from workbench.pipelines.terms import Terms


class Part(ABC):
    """What one raw column becomes.

    Args:
        source: name of the raw column.

    Attributes:
        derived: descriptions of the columns that ``transform`` gives; empty when the column says nothing.
        notices: sentences on what was capped, repaired or left out.
        lacking: what is wrong with cells that can't be read.
    """

    lacking: ClassVar[str] = "can't be read"

    def __init__(self, source: str) -> None:
        self.source = source
        self.derived: tuple[Derived, ...] = ()
        self.notices: list[str] = []

    @abstractmethod
    def fit(self, series: pd.Series, seed: int) -> Part:
        """Learn from the raw cells; never looks at a target."""

    @abstractmethod
    def transform(self, series: pd.Series) -> np.ndarray:
        """Float32, shape (rows, len(self.derived)); NaN where there is no value. Never fails on a cell."""

    def unread(self, series: pd.Series) -> tuple[int, int]:
        """How many cells that hold something are missing to the model, and how many hold something."""
        present = cleaning.texts(series).notna().to_numpy()
        missing = np.isnan(self.transform(series)[:, 0])
        return int((present & missing).sum()), int(present.sum())

    def read(self, series: pd.Series) -> tuple[np.ndarray, Terms | None]:
        """What ``transform`` gives, and the terms of a text that has some."""
        return self.transform(series), None


def varies(values: np.ndarray) -> bool:
    """Whether there is more to learn than one value; missing or not counts as a difference."""
    present = values[~np.isnan(values)]
    if present.size == 0:
        return False
    return bool(present.size < values.size or present.min() != present.max())
