"""Free text: how much was written, and what about."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from workbench.pipelines import cleaning
from workbench.pipelines.derived import Derived
from workbench.pipelines.parts._base import Part
from workbench.pipelines.terms import Terms

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that put no spaces between words."""
_FIT_ROWS = 20_000
_MOST_TERMS = 20_000
_FORECAST_ROWS = 2_000
_LEARNING, _TELLING = 7e-7, 3e-7
"""Seconds for each character, measured on 7.4 million of product reviews."""
_MOST_WEIGHTS = 60_000_000
"""Weights of terms that are kept with the rows to be learnt from, half a gigabyte; longer texts have topics only."""


def reading_seconds(series: pd.Series) -> float:
    """Forecast of what learning topics from a column and telling them for all of its rows takes, in seconds.

    Args:
        series: raw cells; what is missing costs nothing.
    """
    sample = series.dropna().head(_FORECAST_ROWS)
    mean = float(sample.astype(str).str.len().mean()) if len(sample) else 0.0
    texts = series.count()
    return mean * (_LEARNING * min(texts, _FIT_ROWS) + _TELLING * texts)


class TextPart(Part):
    """Length, number of words, and topics: tf-idf reduced by a truncated SVD (latent semantic analysis,
    Deerwester et al. 1990). A topic is named by its heaviest terms.
    """

    def __init__(self, source: str, topics: int) -> None:
        super().__init__(source)
        self.topics = topics

    def fit(self, series: pd.Series, seed: int) -> TextPart:
        """Learn vocabulary and topics from at most 20,000 rows."""
        cells = cleaning.texts(series)
        self._terms: Any = None
        self._svd: Any = None
        if cells.isna().all():
            return self
        self.derived = (
            Derived(f"{self.source} · length", (self.source,), "text"),
            Derived(f"{self.source} · words", (self.source,), "text"),
        )
        if self.topics < 1:
            return self
        sample = cells.dropna()
        if len(sample) > _FIT_ROWS:
            sample = sample.sample(_FIT_ROWS, random_state=seed)
            self.notices.append(f"'{self.source}': topics were learnt from {_FIT_ROWS:,} sampled texts.")
        self._learn(sample, len(cells), seed)
        return self

    def _learn(self, sample: pd.Series, rows: int, seed: int) -> None:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        unspaced = sample.head(500).str.contains(_UNSPACED).mean() > 0.3
        terms = TfidfVectorizer(
            analyzer="char" if unspaced else "word",
            ngram_range=(1, 2),
            min_df=3 if len(sample) >= 200 else 2,
            max_df=0.95,
            max_features=_MOST_TERMS,
            sublinear_tf=True,
            dtype=np.float32,
        )
        try:
            weights = terms.fit_transform(sample)
        except ValueError:  # no term is in enough texts: there are no topics
            self.notices.append(f"'{self.source}': the texts share no words, only their length is used.")
            return
        topics = min(self.topics, min(weights.shape) - 1)
        if topics < 1:
            return
        self._svd = TruncatedSVD(topics, random_state=seed, n_iter=3).fit(weights)
        self._terms = terms
        self._keeps_terms = weights.nnz / len(sample) * rows <= _MOST_WEIGHTS
        if not self._keeps_terms:
            self.notices.append(f"'{self.source}': the texts are so many and long that only their topics are used.")
        vocabulary = terms.get_feature_names_out()
        for topic, loads in enumerate(self._svd.components_, start=1):
            heavy = ", ".join(vocabulary[place] for place in np.argsort(-np.abs(loads))[:3])
            self.derived += (Derived(f"{self.source} · topic {topic} ({heavy})", (self.source,), "text"),)

    def unread(self, series: pd.Series) -> tuple[int, int]:
        """Whatever is there is text."""
        return 0, int(series.notna().sum())

    def transform(self, series: pd.Series) -> np.ndarray:
        """Shape (rows, 2 + topics); all missing where there is no text."""
        return self.read(series)[0]

    def read(self, series: pd.Series) -> tuple[np.ndarray, Terms | None]:
        """The columns, and the terms that they were made of."""
        if not self.derived:
            return np.empty((len(series), 0), dtype=np.float32), None
        cells = cleaning.texts(series)
        absent = cells.isna().to_numpy()
        filled = cells.where(~absent, "").astype(str)
        lengths = filled.str.len().to_numpy(dtype=np.float32)
        words = filled.map(lambda text: len(text.split())).to_numpy(dtype=np.float32)
        blocks, kept = [lengths.reshape(-1, 1), words.reshape(-1, 1)], None
        if self._terms is not None and self._svd is not None:
            weights = self._terms.transform(filled)
            blocks.append(self._svd.transform(weights).astype(np.float32))
            if self._keeps_terms:
                kept = Terms(self.source, weights, self._terms.get_feature_names_out())
        table = np.column_stack(blocks)
        table[absent] = np.nan
        return np.asarray(table, dtype=np.float32), kept
