"""Raw models that are sums of trees: explained by the compiled walk, whatever library grew them."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any

import numpy as np

from workbench.pipelines.raw_model import RawModel, numbers
from workbench.treeshap import TreeEnsemble, shapley_values


class TreeModel(RawModel):
    """A ``RawModel`` that says which trees it is."""

    explained_by = "exact path-dependent TreeSHAP"

    @cached_property
    def ensemble(self) -> TreeEnsemble:
        """The trees that predictions use, read once a fit."""
        return self._read()

    @abstractmethod
    def _read(self) -> TreeEnsemble:
        """The trees as arrays; their sum is ``scores``."""

    def seen(self, X: Any) -> np.ndarray:
        """Rows as the trees see them, shape (rows, columns)."""
        return np.asarray(numbers(X), dtype=np.float64)

    def contributions(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        """Shapes (rows, columns, outputs) and (outputs,)."""
        return shapley_values(self.ensemble, self.seen(X)), self.ensemble.base

    def _forget(self) -> None:
        """A new fit has other trees."""
        self.__dict__.pop("ensemble", None)

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "ensemble"}
