"""Raw rows through every step but the last, and which source column each derived column comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.contracts import Model
from workbench.errors import DefectError, InputError
from workbench.explain.explainers._base import Matrix
from workbench.explain.grouping import Grouping
from workbench.explain.members import Members
from workbench.pipelines import inner_model, prepared_matrix, source_columns
from workbench.pipelines.blend import BlendClassifier, BlendRegressor


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
    rows, estimator = frame.loc[:, list(model.columns)], inner_model(model.pipeline[-1])
    if isinstance(estimator, BlendClassifier | BlendRegressor):
        matrix, sources = _members(model, estimator, rows)
        return Prepared(estimator, matrix, _grouping(model, sources, matrix.shape[1]))
    own = prepared_matrix(model.pipeline, rows)
    return Prepared(estimator, own, _grouping(model, source_columns(model.pipeline), own.shape[1]))


def _members(
    model: Model, blend: BlendClassifier | BlendRegressor, rows: pd.DataFrame
) -> tuple[Members, tuple[tuple[str, ...], ...]]:
    """What each member of a blend sees, and the source columns of the derived columns of all."""
    prepared = model.pipeline[:-1].transform(rows)
    models = tuple((each, voice.speech) for voice in blend.voices for each in voice.models)
    parts = tuple(np.asarray(each.encoder.transform(prepared)) for each, _ in models)
    sources = tuple(source for each, _ in models for source in each.encoder.sources_out_)
    return Members(models, parts), sources


def _grouping(model: Model, sources: tuple[tuple[str, ...], ...], derived: int) -> Grouping:
    """Every derived column belongs to one or more source columns."""
    places = {name: place for place, name in enumerate(model.columns)}
    unknown = [source for each in sources for source in each if source not in places]
    if unknown or len(sources) != derived:
        what = f"'{unknown[0]}' is no column of the model" if unknown else f"{len(sources)} are told of {derived}"
        raise DefectError(f"The pipeline does not say where every derived column comes from: {what}.")
    return Grouping.of([tuple(places[source] for source in each) for each in sources], len(model.columns))
