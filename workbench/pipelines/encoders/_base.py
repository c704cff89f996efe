"""The contract of an encoder: fitted inside each fold, it gives a float matrix and says where its columns come from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from workbench.pipelines.derived import Prepared, unique_names


class Encoder(TransformerMixin, BaseEstimator):
    """From ``Prepared`` to a float matrix.

    Args:
        names: derived columns to use, in this order, whatever else the preparation gives; ``None`` takes them all.
            A pipeline pins them so that a clone fitted on other rows keeps the model's column positions.

    Attributes:
        names_out_: name of each output column, unique.
        sources_out_: source columns of each output column, same length.
    """

    names: Sequence[str] | None

    def fit(self, X: Prepared, y: Any = None) -> Self:
        """Learn from prepared rows (and, where a kind says so, from the target)."""
        prepared = self._pinned(X)
        self.names_in_ = tuple(column.name for column in prepared.derived)
        pairs = self._learn(prepared, y)
        self.names_out_ = tuple(unique_names(name for name, _ in pairs))
        self.sources_out_ = tuple(sources for _, sources in pairs)
        return self

    def transform(self, X: Prepared) -> np.ndarray:
        """Float matrix, shape (rows, output columns)."""
        check_is_fitted(self, "names_out_")
        return self._encode(X.select(self.names_in_))

    def rows_to_learn_from(self, rows: int) -> np.ndarray | None:
        """Positions of those of so many rows to learn from, ``None`` for all: fewer where memory is the limit."""
        return None

    def to_learn_from(self, X: Prepared) -> np.ndarray:
        """What ``transform`` gives, in less memory where a kind knows how."""
        return self.transform(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the output columns."""
        check_is_fitted(self, "names_out_")
        return np.array(self.names_out_, dtype=object)

    def sources_out(self) -> dict[str, tuple[str, ...]]:
        """The source columns of each output column, in their order."""
        check_is_fitted(self, "names_out_")
        return dict(zip(self.names_out_, self.sources_out_, strict=True))

    def _pinned(self, prepared: Prepared) -> Prepared:
        return prepared if self.names is None else prepared.select(self.names)

    @abstractmethod
    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        """Learn, and give name and sources of each output column."""

    @abstractmethod
    def _encode(self, prepared: Prepared) -> np.ndarray:
        """The output matrix for rows with the columns that were learnt from."""
