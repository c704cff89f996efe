"""Fitted objects that put customers, known or new, into segments; they take raw frames and can be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from workbench.contracts import Segmentation
from workbench.errors import DefectError, InputError
from workbench.segments.clusterers import Clusterer, labels_of
from workbench.segments.conditions import Condition, all_hold
from workbench.segments.embedding import Embedding
from workbench.segments.reading import Flags, Integers, Reading, View
from workbench.segments.tree import Leaf, assign_leaves

CHUNK = 100_000


class Division(Protocol):
    """How raw rows become segment ids."""

    def of(self, frame: pd.DataFrame, reading: Reading) -> Integers:
        """Shape (rows,)."""
        ...


@dataclass(frozen=True)
class ByCluster:
    """Nearest cluster in an embedding.

    Attributes:
        order: the segment id of each cluster.
    """

    embedding: Embedding
    model: Clusterer
    order: tuple[int, ...]

    def of(self, frame: pd.DataFrame, reading: Reading) -> Integers:
        """Segment ids, shape (rows,)."""
        return np.array(self.order, dtype=np.int64)[labels_of(self.model, self.embedding.encode(frame))]


@dataclass(frozen=True)
class ByTree:
    """The rule that a customer fulfils; rule ``i`` is segment ``i``."""

    leaves: tuple[Leaf, ...]

    def of(self, frame: pd.DataFrame, reading: Reading) -> Integers:
        """Segment ids, shape (rows,)."""
        return assign_leaves(self.leaves, reading)


@dataclass(frozen=True)
class Together:
    """Everybody in one segment: the answer when nothing was found."""

    def of(self, frame: pd.DataFrame, reading: Reading) -> Integers:
        """Zeros, shape (rows,)."""
        return np.zeros(reading.rows, dtype=np.int64)


@dataclass(frozen=True)
class Assigner:
    """Puts customers into segments.

    Attributes:
        view: how raw columns are read.
        division: how readings become segment ids.
        rules: the conditions of each segment's rule, in the order of the ids.
        held_out: positions in the table of the customers that rules were measured on.
    """

    view: View
    division: Division
    rules: tuple[tuple[Condition, ...], ...]
    held_out: np.ndarray

    @property
    def columns(self) -> tuple[str, ...]:
        """Raw columns that must be there."""
        return tuple(column.name for column in self.view.columns)

    def assign(self, frame: pd.DataFrame) -> np.ndarray:
        """Segment ids of raw rows, shape (rows,).

        Raises:
            InputError: a needed column is not there.
        """
        parts = (frame.iloc[start : start + CHUNK] for start in range(0, len(frame), CHUNK))
        chunks = [self.division.of(part, self.view.read(part)) for part in parts]
        return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.int64)

    def fulfils(self, segment: int, frame: pd.DataFrame) -> Flags:
        """Which raw rows fulfil a segment's rule in words, shape (rows,)."""
        return all_hold(self.rules[segment], self.view.read(frame))


def assign(segmentation: Segmentation, frame: pd.DataFrame) -> pd.Series:
    """The segment of every row of a raw frame.

    Args:
        segmentation: as found in this session, or loaded with its assigner.
        frame: raw rows with the columns that the segments rest on.

    Returns:
        segment ids with the frame's index, named ``segment``.

    Raises:
        InputError: the segmentation came from an archive without its assigner, or a needed column is not there.
    """
    if segmentation.assigner is None:
        raise InputError("These segments were kept without what assigns new customers; find them again first.")
    if not isinstance(segmentation.assigner, Assigner):
        raise DefectError(f"The assigner is a {type(segmentation.assigner).__name__}, which is not known here.")
    return pd.Series(segmentation.assigner.assign(frame), index=frame.index, name="segment", dtype="int64")
