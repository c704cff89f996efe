"""The terms of a text column, sparse: what topics are made of and a text's leaning is learnt from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

_ARRAYS = ("data", "indices", "indptr")


@dataclass(frozen=True, eq=False)
class Terms:
    """How much of which term is in each text.

    Attributes:
        source: the raw column.
        weights: tf-idf, float32 CSR of shape (rows, terms); rows without a text are empty.
        vocabulary: the terms, shape (terms,).
    """

    source: str
    weights: Any
    vocabulary: np.ndarray

    def take(self, rows: np.ndarray) -> Terms:
        """Some rows, in the order of ``rows``."""
        return Terms(self.source, self.weights[rows], self.vocabulary)

    def save(self, folder: Path, number: int) -> None:
        """Write them so that ``open`` can map them into memory. Raises ``OSError``."""
        for name in _ARRAYS:
            np.save(folder / f"terms-{number}-{name}.npy", getattr(self.weights, name))
        about = {"source": self.source, "vocabulary": self.vocabulary.tolist()}
        (folder / f"terms-{number}.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path, number: int) -> Self:
        """What ``save`` wrote."""
        from scipy.sparse import csr_matrix

        about = json.loads((folder / f"terms-{number}.json").read_text(encoding="utf-8"))
        vocabulary = np.array(about["vocabulary"], dtype=object)
        data, indices, indptr = (np.load(folder / f"terms-{number}-{name}.npy", mmap_mode="r") for name in _ARRAYS)
        weights = csr_matrix((data, indices, indptr), shape=(indptr.size - 1, vocabulary.size), copy=False)
        return cls(about["source"], weights, vocabulary)
