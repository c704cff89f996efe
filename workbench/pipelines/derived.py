"""Derived columns: what the numbers that a model sees are made of, so that they can be led back to raw columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from workbench.pipelines.terms import Terms

DerivedKind = Literal["number", "boolean", "category", "date", "text"]


@dataclass(frozen=True)
class Derived:
    """One column of the prepared matrix.

    Attributes:
        name: readable and unique, such as ``signed up · month``; the source's own name where it is taken as it is.
        sources: raw columns that it is made of, mostly one.
        kind: ``category`` holds codes (positions in ``levels``), everything else holds numbers.
        levels: level names by code, for ``category``; empty otherwise.
    """

    name: str
    sources: tuple[str, ...]
    kind: DerivedKind
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Prepared:
    """The prepared matrix with a description of its columns; what ``Preparer`` hands to the encoders.

    Attributes:
        matrix: float32, shape (rows, len(derived)); NaN where there is no value.
        derived: one description per column.
        terms: of those text columns that have some, with as many rows as ``matrix``.
    """

    matrix: np.ndarray
    derived: tuple[Derived, ...]
    terms: tuple[Terms, ...] = ()

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or self.matrix.shape[1] != len(self.derived):
            raise ValueError(f"{len(self.derived)} derived columns describe a matrix of shape {self.matrix.shape}.")

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.matrix, dtype=dtype, copy=bool(copy)) if copy or dtype else self.matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and derived columns."""
        return (int(self.matrix.shape[0]), int(self.matrix.shape[1]))

    @property
    def bare(self) -> Prepared:
        """The matrix alone: terms are only of use to what makes columns."""
        return Prepared(self.matrix, self.derived)

    def take(self, rows: np.ndarray) -> Prepared:
        """Some rows, in the order of ``rows``."""
        return Prepared(np.asarray(self.matrix[rows]), self.derived, tuple(one.take(rows) for one in self.terms))

    def select(self, names: Sequence[str]) -> Prepared:
        """These columns in this order; a column that isn't there is all missing."""
        if tuple(names) == tuple(column.name for column in self.derived):
            return self
        at = {column.name: place for place, column in enumerate(self.derived)}
        matrix = np.full((len(self), len(names)), np.nan, dtype=np.float32)
        derived = []
        for place, name in enumerate(names):
            if name in at:
                matrix[:, place] = self.matrix[:, at[name]]
                derived.append(self.derived[at[name]])
            else:
                derived.append(Derived(name, (name,), "number"))
        return Prepared(matrix, tuple(derived), self.terms)


def categorical_places(derived: Iterable[Derived]) -> list[int]:
    """Positions of the columns that hold category codes."""
    return [place for place, column in enumerate(derived) if column.kind == "category"]


def unique_names(names: Iterable[str]) -> list[str]:
    """The names with a number behind each repetition, so that no two are the same."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name} ({count})"
        taken.add(candidate)
        result.append(candidate)
    return result
