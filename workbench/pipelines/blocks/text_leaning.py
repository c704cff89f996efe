"""Texts as what their words together say of the target."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from workbench.contracts.table import Task
from workbench.pipelines.blocks._base import Block
from workbench.pipelines.blocks.parts import PARTS
from workbench.pipelines.blocks.scout import Scout
from workbench.pipelines.derived import Derived, Prepared
from workbench.pipelines.terms import Terms

MOST_TEXTS = 6
MOST_CLASSES = 5
"""With more classes than these, a column per class and text is too many columns."""
_MOST_ROWS = 50_000
_ITERATIONS = 200
_NAMED = 2


class TextLeaning(Block):
    """For each text: the score that a linear model of its terms gives it, learnt from other rows.

    A tree splits on one word at a time and topics know nothing of the target; a linear model weighs all words at
    once. Its score as a column is stacking (Wolpert 1992): the rows that are learnt from get scores of models of the
    four fifths that they are not in. A column is named by the terms that move it most.
    """

    name = "text leaning"
    from_start = True

    @classmethod
    def suits(cls, prepared: Prepared, task: Task, classes: int) -> bool:
        """Whether a text has terms."""
        return classes <= MOST_CLASSES and bool(prepared.terms)

    def fit_transform(self, prepared: Prepared, scout: Scout) -> np.ndarray:
        """Scores by other rows."""
        self._task, self._classes = scout.task, scout.classes
        self._center, self._spread = 0.0, 1.0
        if scout.task is Task.REGRESSION:
            self._center, self._spread = scout.center_and_spread
        rng = np.random.default_rng([scout.seed, 62_423])
        self._models: dict[str, Any] = {}
        scores, derived = [], []
        for terms in prepared.terms[:MOST_TEXTS]:
            table = np.full((len(prepared), self._width), np.nan, dtype=np.float32)
            for learnt, left_out in scout.parts:
                table[left_out] = self._scores(self._model(terms, scout, learnt, rng), terms.take(left_out))
            model = self._models[terms.source] = self._model(terms, scout, np.arange(len(prepared)), rng)
            scores.append(table)
            derived += self._described(terms, model)
        self.derived = tuple(derived)
        return np.hstack(scores)

    def transform(self, prepared: Prepared) -> np.ndarray:
        """Scores by all rows that were learnt from; missing for a text that has no terms here."""
        known = {terms.source: terms for terms in prepared.terms}
        scores = [
            self._scores(model, known[source])
            if source in known
            else np.full((len(prepared), self._width), np.nan, dtype=np.float32)
            for source, model in self._models.items()
        ]
        return np.hstack(scores)

    @property
    def _width(self) -> int:
        return self._classes if self._classes > 2 else 1

    def _model(self, terms: Terms, scout: Scout, rows: np.ndarray, rng: np.random.Generator) -> Any:
        """A linear model of the texts among ``rows``; ``None`` where they are of one class."""
        from sklearn.linear_model import LogisticRegression, Ridge

        rows = rows[np.diff(terms.weights.indptr)[rows] > 0]
        if rows.size > _MOST_ROWS:
            rows = np.sort(rng.choice(rows, _MOST_ROWS, replace=False))
        truth, weight = scout.target[rows], None if scout.weight is None else scout.weight[rows]
        if rows.size < PARTS or np.ptp(truth) == 0:
            return None
        if self._task is Task.REGRESSION:
            return Ridge(solver="sparse_cg", max_iter=_ITERATIONS).fit(
                terms.weights[rows], (truth - self._center) / self._spread, weight
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return LogisticRegression(max_iter=_ITERATIONS).fit(terms.weights[rows], truth, weight)

    def _scores(self, model: Any, terms: Terms) -> np.ndarray:
        """Numbers of the target's size, or log-odds of each class; missing where there is no text."""
        rows = terms.weights.shape[0]
        table = np.full((rows, self._width), np.nan, dtype=np.float32)
        if model is None:
            return table
        if self._task is Task.REGRESSION:
            table[:, 0] = self._center + self._spread * model.predict(terms.weights)
        elif self._width == 1:
            table[:, 0] = model.decision_function(terms.weights)
        else:
            # a class that no text here has is as unlikely as the unlikeliest of the others
            shares = model.predict_log_proba(terms.weights)
            table[:] = shares.min(axis=1, keepdims=True)
            table[:, model.classes_.astype(np.intp)] = shares
        table[np.diff(terms.weights.indptr) == 0] = np.nan
        return table

    def _described(self, terms: Terms, model: Any) -> list[Derived]:
        described = []
        for place in range(self._width):
            of_class = f" to class {place + 1}" if self._width > 1 else ""
            heavy = "" if model is None else _heaviest(terms, model, place)
            words = f" ({heavy})" if heavy else ""
            described.append(Derived(f"{terms.source} · leaning{of_class}{words}", (terms.source,), "number"))
        return described


def _heaviest(terms: Terms, model: Any, place: int) -> str:
    """Terms that raise the score most, and those that lower it."""
    every = np.atleast_2d(model.coef_)
    at = np.flatnonzero(model.classes_ == place) if len(every) > 1 else np.zeros(1, dtype=np.intp)
    if not at.size:
        return ""
    loads = every[at[0]]
    order = np.argsort(loads, kind="stable")
    up = [str(terms.vocabulary[term]) for term in order[::-1][:_NAMED] if loads[term] > 0]
    down = [str(terms.vocabulary[term]) for term in order[:_NAMED] if loads[term] < 0]
    return ", ".join([*(f"+{term}" for term in up), *(f"−{term}" for term in down)])
