"""A pipeline that is loaded when it is first used: most readers of a result never need it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from workbench.errors import StoreError


class LazyPipeline:
    """Stands for a fitted pipeline and hands everything on to it.

    Args:
        loader: gives the pipeline; ``None`` where the archive lies apart from its run.
    """

    def __init__(self, loader: Callable[[], Any] | None = None) -> None:
        self._loader = loader
        self._pipeline: Any = None
        self._lock = threading.Lock()

    def load(self) -> Any:
        """The pipeline itself, read now if nobody has needed it yet.

        Raises:
            StoreError: the archive lies apart from its run.
        """
        with self._lock:  # several questions may be the first at once, and a model may take seconds
            if self._pipeline is None:
                if self._loader is None:
                    raise StoreError("This archive holds results without a model; load the model from its run instead.")
                self._pipeline = self._loader()
        return self._pipeline

    def __sklearn_clone__(self) -> Any:
        from sklearn.base import clone

        return clone(self.load())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # copying and pickling must not load anything
        return getattr(self.load(), name)

    def __getitem__(self, key: Any) -> Any:
        return self.load()[key]

    def __len__(self) -> int:
        return len(self.load())

    def __repr__(self) -> str:
        return "LazyPipeline(loaded)" if self._pipeline is not None else "LazyPipeline()"

    def __getstate__(self) -> dict[str, Any]:
        return {"_loader": None, "_pipeline": self.load()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()
