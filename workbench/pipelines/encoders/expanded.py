"""An encoder that sees the columns of feature blocks as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from workbench.pipelines.blocks import Expansion
from workbench.pipelines.derived import Prepared
from workbench.pipelines.encoders._base import Encoder


class ExpandedEncoder(Encoder):
    """A family's encoder behind an expansion.

    Args:
        expansion: makes the columns.
        encoder: of the family; it takes them all.
        names: prepared columns that are expanded, in this order; ``None`` for all.
    """

    def __init__(self, expansion: Expansion, encoder: Encoder, names: Sequence[str] | None = None) -> None:
        self.expansion = expansion
        self.encoder = encoder
        self.names = names

    @classmethod
    def of_fitted(cls, expansion: Expansion, encoder: Encoder, names: Sequence[str]) -> Self:
        """From steps that were fitted one behind the other."""
        made = cls(expansion, encoder, tuple(names))
        made._told(tuple(names))
        return made

    def fit(self, X: Prepared, y: Any = None) -> Self:
        """Learn both steps."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Prepared, y: Any = None, **fit_params: Any) -> np.ndarray:
        """The rows as they are to be learnt from: what looks at the target doesn't know a row's own."""
        prepared = self._pinned(X)
        expanded = self.expansion.fit_transform(prepared, y)
        matrix = np.asarray(self.encoder.fit(expanded, y).transform(expanded))
        self._told(tuple(column.name for column in prepared.derived))
        return matrix

    def rows_to_learn_from(self, rows: int) -> np.ndarray | None:
        """As the family's encoder has it."""
        return self.encoder.rows_to_learn_from(rows)

    def _told(self, names: tuple[str, ...]) -> None:
        self.names_in_ = names
        self.names_out_ = self.encoder.names_out_
        self.sources_out_ = self.encoder.sources_out_

    def _learn(self, prepared: Prepared, y: Any) -> list[tuple[str, tuple[str, ...]]]:
        raise NotImplementedError("``fit`` learns both steps at once.")

    def _encode(self, prepared: Prepared) -> np.ndarray:
        return self.encoder.transform(self.expansion.transform(prepared))
