"""Sums, differences, products and ratios of two numbers, such as "income ÷ age"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block, numeric_places
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.derived import Derived, Prepared

MOST_COLUMNS = 10
_NUMBERS = 8


@dataclass(frozen=True)
class _Step:
    left: int
    sign: str
    right: int

    def apply(self, matrix: np.ndarray) -> np.ndarray:
        return _SIGNS[self.sign](matrix[:, self.left].astype(np.float64), matrix[:, self.right].astype(np.float64))


def _ratio(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(right == 0, np.nan, left / right)


_SIGNS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": lambda left, right: left + right,
    "−": lambda left, right: left - right,
    "×": lambda left, right: left * right,
    "÷": _ratio,
}
_LARGEST = float(np.finfo(np.float32).max) / 8


class Arithmetic(Block):
    """The pairs among the most useful numbers that add most; dates are only subtracted from each other."""

    name = "arithmetic"

    @classmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether there are two numbers."""
        return len(numeric_places(prepared.derived)) > 1

    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """The columns; nothing in them looks at the target, only their choice does."""
        useful = sorted(scout.most_useful(numeric_places(prepared.derived), _NUMBERS))
        rows = prepared.matrix[scout.rows]
        steps = [step for pair in combinations(useful, 2) for step in _steps(prepared.derived, rows, *pair)]
        best = scout.best_of(_calculated(rows, steps), MOST_COLUMNS)
        self._steps = [steps[place] for place in best]
        self.derived = tuple(
            Derived(
                f"{prepared.derived[step.left].name} {step.sign} {prepared.derived[step.right].name}",
                tuple(
                    dict.fromkeys(
                        (*prepared.derived[step.left].sources, *prepared.derived[step.right].sources),
                    )
                ),
                "number",
            )
            for step in self._steps
        )
        return self.transform(prepared)

    def transform(self, prepared: Prepared) -> np.ndarray:
        """The columns for any rows; a ratio to 0 is missing."""
        return _calculated(prepared.matrix, self._steps)


def _steps(derived: tuple[Derived, ...], rows: np.ndarray, left: int, right: int) -> list[_Step]:
    """What two columns are worth trying for."""
    kinds = {derived[left].kind, derived[right].kind}
    if kinds == {"date"}:
        # days between two dates; parts of one and the same date say nothing together
        return [] if derived[left].sources == derived[right].sources else [_Step(left, "−", right)]
    if "date" in kinds:
        return []
    # what is never or seldom 0 goes below
    zeros = [int((rows[:, place] == 0).sum()) for place in (left, right)]
    above, below = (left, right) if zeros[1] <= zeros[0] else (right, left)
    return [_Step(above, "÷", below), *(_Step(left, sign, right) for sign in "+−×")]


def _calculated(matrix: np.ndarray, steps: list[_Step]) -> np.ndarray:
    table = np.empty((len(matrix), len(steps)), dtype=np.float32)
    for column, step in enumerate(steps):
        table[:, column] = np.clip(step.apply(matrix), -_LARGEST, _LARGEST)
    return table
