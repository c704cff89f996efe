"""Raw rows through every step but the last, and which source column each derived column comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.contracts import Model
from workbench.errors import DefectError, InputError
from workbench.explain._base import Matrix


@dataclass(frozen=True)
class Prepared:
    """Rows as the final estimator sees them.

    Attributes:
        estimator: the last step of the pipeline.
        matrix: shape (rows, derived columns).
        groups: for each derived column the position of its source in ``Model.columns``, shape (derived columns,).
        sources: number of source columns.
    """

    estimator: Any
    matrix: Matrix
    groups: np.ndarray
    sources: int


def prepare(model: Model, frame: pd.DataFrame) -> Prepared:
    """Transform raw rows once.

    Raises:
        InputError: ``frame`` lacks a column of the model.
        DefectError: the pipeline does not say where a derived column comes from.
    """
    absent = [name for name in model.columns if name not in frame.columns]
    if absent:
        raise InputError(f"The rows have no column '{absent[0]}', which the model needs; add it, empty if unknown.")
    transform = model.pipeline[:-1]
    raw = frame.loc[:, list(model.columns)]
    matrix = transform.transform(raw) if len(transform) else raw
    return Prepared(model.pipeline[-1], matrix, _groups(model, matrix.shape[1]), len(model.columns))


def _groups(model: Model, derived: int) -> np.ndarray:
    """Every derived column belongs to exactly one source column."""
    names = [str(name) for name in model.pipeline[:-1].get_feature_names_out()]
    sources = _source_of(model)
    places = {name: place for place, name in enumerate(model.columns)}
    lost = [name for name in names if sources.get(name) not in places]
    if lost or len(names) != derived:
        raise DefectError(f"The pipeline does not say which source column '{(lost or names)[0]}' comes from.")
    return np.array([places[sources[name]] for name in names], dtype=int)


def _source_of(model: Model) -> Mapping[str, str]:
    for _, step in reversed(model.pipeline.steps[:-1]):
        if hasattr(step, "sources_"):
            sources: Mapping[str, str] = step.sources_
            return sources
    return {name: name for name in model.columns}
