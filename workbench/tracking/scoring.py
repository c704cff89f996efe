"""How MLflow uses a logged champion: the loader module that a model names, carried along with its code."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.contracts.model import Model


class Scorer:
    """A champion behind MLflow's interface.

    Args:
        model: takes raw tables.
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """What ``Model.predict`` gives for the rows of a raw table (or of what pandas makes a table of)."""
        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        return self.model.predict(frame)


def read(path: Path) -> Model:
    """The champion in a model's file; pickled, so only our own store is read."""
    with path.open("rb") as file:
        model: Model = pickle.load(file)
    return model


def _load_pyfunc(path: str) -> Scorer:
    return Scorer(read(Path(path)))
