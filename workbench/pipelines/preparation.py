"""From raw columns to one compact matrix, once and without the target: the first step of every pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from workbench.contracts.table import Column, Kind, Role
from workbench.errors import InputError
from workbench.pipelines.derived import Derived, Prepared, unique_names
from workbench.pipelines.parts import BooleanPart, CategoryPart, DatePart, NumberPart, Part, TextPart

TOPICS = 20
"""That a text is reduced to."""
_STRANGE = 0.5
"""Share of a column's values beyond which it is told that they say nothing."""


class Preparer(TransformerMixin, BaseEstimator):
    """Cleans raw columns and derives numbers and category codes from them.

    Args:
        columns: descriptions of the raw columns to use; others in the frame are ignored.
        max_levels: levels that a category keeps; the others are taken together.
        topics: topics that a text column is reduced to; with none only its length and number of words are told.
        seed: of the topics and of samples.

    Attributes:
        derived_: one description per column of the prepared matrix, which leads back to its source column.
        notices_: sentences on what was capped, repaired or left out.
    """

    def __init__(
        self, columns: Sequence[Column] = (), *, max_levels: int = 1_000, topics: int = TOPICS, seed: int = 0
    ) -> None:
        self.columns = columns
        self.max_levels = max_levels
        self.topics = topics
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn levels, formats and topics from the raw frame; ``y`` is never looked at.

        Raises:
            InputError: a described column is not in the frame.
        """
        self.parts_: list[Part] = []
        self.notices_: list[str] = []
        silent = []
        for column in self.columns:
            part = self._part(column, _series(X, column.name)).fit(_series(X, column.name), self.seed)
            self.notices_ += part.notices
            if part.derived:
                self.parts_.append(part)
            elif not part.notices:
                silent.append(column.name)
        if silent:
            listed = ", ".join(f"'{name}'" for name in silent[:5]) + (" …" if len(silent) > 5 else "")
            self.notices_.append(f"{len(silent)} column(s) hold a single value or none and were left out: {listed}.")
        derived = [described for part in self.parts_ for described in part.derived]
        names = unique_names(described.name for described in derived)
        self.derived_ = tuple(
            Derived(name, described.sources, described.kind, described.levels)
            for name, described in zip(names, derived, strict=True)
        )
        return self

    def _part(self, column: Column, series: pd.Series) -> Part:
        if column.role is Role.TEXT or column.kind is Kind.TEXT:
            return TextPart(column.name, self.topics)
        if column.kind in (Kind.INTEGER, Kind.NUMBER):
            return NumberPart(column.name)
        if column.kind is Kind.DATE or column.role is Role.DATE:
            return DatePart(column.name)
        if column.kind is Kind.BOOLEAN and BooleanPart.suits(series):
            return BooleanPart(column.name)
        return CategoryPart(column.name, self.max_levels)

    def transform(self, X: pd.DataFrame) -> Prepared:
        """The prepared matrix, float32 of shape (rows, derived columns).

        Raises:
            InputError: a column that is needed is not in the frame.
        """
        check_is_fitted(self, "derived_")
        matrix = np.empty((len(X), len(self.derived_)), dtype=np.float32)
        start, texts = 0, []
        for part in self.parts_:
            stop = start + len(part.derived)
            matrix[:, start:stop], terms = part.read(_series(X, part.source))
            texts += [terms] if terms is not None else []
            start = stop
        return Prepared(matrix, self.derived_, tuple(texts))

    def unread(self, X: pd.DataFrame) -> tuple[str, ...]:
        """Sentences on columns most of whose values mean nothing to what was learnt, as where two were mixed up."""
        check_is_fitted(self, "derived_")
        told = []
        for part in self.parts_:
            strange, present = part.unread(_series(X, part.source))
            if strange > _STRANGE * present:
                told.append(f"'{part.source}': {strange / present:.0%} of the values {part.lacking}; they are missing.")
        return tuple(told)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the derived columns."""
        check_is_fitted(self, "derived_")
        return np.array([described.name for described in self.derived_], dtype=object)

    def sources_out(self) -> dict[str, tuple[str, ...]]:
        """The source columns of each derived column, in their order."""
        check_is_fitted(self, "derived_")
        return {described.name: described.sources for described in self.derived_}


def _series(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        raise InputError(f"The table has no column '{name}', which the model needs; add it or leave it blank.")
    return frame[name]
