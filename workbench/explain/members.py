"""Rows as each member of a blend sees them, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from workbench.pipelines.blend import FittedModel, Speech


@dataclass(frozen=True, eq=False)
class Members:
    """What a blend's explainer is given where others are given a matrix.

    Attributes:
        models: of all voices, in their order, each with how the blend has it speak.
        parts: the matrix that each model sees, of the same rows.
    """

    models: tuple[tuple[FittedModel, Speech], ...]
    parts: tuple[Any, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, and derived columns of all members together."""
        return int(self.parts[0].shape[0]), sum(int(part.shape[1]) for part in self.parts)

    @cached_property
    def columns(self) -> tuple[slice, ...]:
        """Where each member's derived columns stand among all."""
        ends = np.cumsum([0, *[part.shape[1] for part in self.parts]])
        return tuple(slice(int(first), int(last)) for first, last in pairwise(ends))

    def __getitem__(self, rows: Any) -> Members:
        return Members(self.models, tuple(part[rows] for part in self.parts))
