"""Raw rows through every step but the last, and which source column each derived column comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.contracts import Model
from workbench.errors import DefectError, InputError
from workbench.explain.explainers._base import Matrix
from workbench.explain.grouping import Grouping
from workbench.pipelines import inner_model, prepared_matrix, source_columns


@dataclass(frozen=True)
class Prepared:
    """Rows as the final estimator sees them.

    Attributes:
        estimator: the last step of the pipeline, without what is done to its output.
        matrix: shape (rows, derived columns).
        grouping: which of ``Model.columns`` each derived column is made of.
    """

    estimator: Any
    matrix: Matrix
    grouping: Grouping


def prepare(model: Model, frame: pd.DataFrame) -> Prepared:
    """Transform raw rows once.

    Raises:
        InputError: ``frame`` lacks a column of the model.
        DefectError: the pipeline does not say where a derived column comes from.
    """
    absent = [name for name in model.columns if name not in frame.columns]
    if absent:
        raise InputError(f"The rows have no column '{absent[0]}', which the model needs; add it, empty if unknown.")
    matrix = prepared_matrix(model.pipeline, frame.loc[:, list(model.columns)])
    return Prepared(inner_model(model.pipeline[-1]), matrix, _grouping(model, matrix.shape[1]))


def _grouping(model: Model, derived: int) -> Grouping:
    """Every derived column belongs to one or more source columns."""
    places = {name: place for place, name in enumerate(model.columns)}
    sources = source_columns(model.pipeline)
    unknown = [source for each in sources for source in each if source not in places]
    if unknown or len(sources) != derived:
        what = f"'{unknown[0]}' is no column of the model" if unknown else f"{len(sources)} are told of {derived}"
        raise DefectError(f"The pipeline does not say where every derived column comes from: {what}.")
    return Grouping.of([tuple(places[source] for source in each) for each in sources], len(model.columns))
