"""The champion as a plain pipeline over the raw table, and the way back from its columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from workbench.pipelines.encoders import Encoder, ExpandedEncoder
from workbench.pipelines.preparation import Preparer


def assemble(prepare: Preparer, encode: Encoder, model: BaseEstimator) -> Pipeline:
    """One pipeline of three steps, ``prepare``, ``encode`` and ``model``; fitted if the steps are.

    It takes the raw frame. ``clone(pipeline).fit(frame, target)`` fits all of it anew.
    """
    return Pipeline([("prepare", prepare), ("encode", encode), ("model", model)])


def prepared_matrix(pipeline: Pipeline, frame: Any) -> np.ndarray:
    """What the model step sees for raw rows: float, shape (rows, columns), aligned with ``source_columns``."""
    return np.asarray(pipeline[:-1].transform(frame))


def source_columns(pipeline: Pipeline) -> tuple[tuple[str, ...], ...]:
    """For each column that the model step sees, the raw columns that it is made of, mostly one.

    Summing contributions over sources, in equal parts where there are several, keeps what added up adding up.
    """
    return tuple(pipeline.named_steps["encode"].sources_out().values())


def model_columns(pipeline: Pipeline) -> tuple[str, ...]:
    """Readable names of the columns that the model step sees, aligned with ``source_columns``."""
    return tuple(str(name) for name in pipeline.named_steps["encode"].get_feature_names_out())


def block_columns(pipeline: Pipeline) -> tuple[str, ...]:
    """Names of the columns that feature blocks have made, such as ``income ÷ age``."""
    encode = pipeline.named_steps["encode"]
    made = encode.expansion.derived_ if isinstance(encode, ExpandedEncoder) else ()
    return tuple(column.name for column in made)
