"""The nearest real rows for which the model's answer is another one, and in what they differ.

Nearest unlike neighbours: real cases rather than invented ones, so nothing about them can be impossible
(Keane and Smyth 2020, "Good counterfactuals and where to find them"). The distance is Gower's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Explanation, Model, Table, Task
from workbench.errors import InputError
from workbench.explain.columns import number_text
from workbench.explain.language import Cell, Field, Language, Listed, Name, Part, Said, say
from workbench.explain.single.answers import Answers, answers
from workbench.explain.single.gower import Gower, code_columns, sampled_rows
from workbench.explain.single.raw_row import model_row, plain_cell

MOST_ROWS = 50_000
"""Rows of the table that are compared at most."""
FIRST_BLOCK, LARGEST_BLOCK = 500, 5_000
"""Rows that are predicted at a time, nearest first: most often the first few hundred hold enough."""
SPREAD_ROWS = 2_000
"""Rows that say how much predictions of a regression vary."""
TOLD = 3
"""Columns that a sentence names."""


@dataclass(frozen=True)
class Neighbour:
    """One real row with another answer.

    Attributes:
        row: position in the table.
        distance: 0 … 1, see ``Gower``.
        outcome: the predicted class as text, or the prediction in the target's unit.
        prediction: probability by class, or the figure under ``prediction``.
        known: the label or value in the table's target column; ``None`` where there is none.
        differs: column to (value of the row in question, value of this row), ``None`` where missing; columns that
            count and differ only, those that count most in the distance first.
    """

    row: int
    distance: float
    outcome: str | float
    prediction: dict[str, float]
    known: object | None
    differs: dict[str, tuple[object | None, object | None]]


@dataclass(frozen=True)
class Neighbours:
    """The nearest real rows with another answer.

    Attributes:
        row: position of the row in question; ``None`` when it was given as values.
        outcome, prediction, known: of the row in question, as in ``Neighbour``.
        found: nearest first; as many as were asked for, or as there are.
        apart: for regression, by how much a prediction has to differ at least, in the target's unit; else ``None``.
        weighted: whether columns counted by their importance; otherwise all alike.
        candidates: rows that were compared: all others, or a random sample of them.
        total_rows: rows of the table.
        target: the target's name.
    """

    row: int | None
    outcome: str | float
    prediction: dict[str, float]
    known: object | None
    found: tuple[Neighbour, ...]
    apart: float | None
    weighted: bool
    candidates: int
    total_rows: int
    target: str

    @property
    def rows(self) -> np.ndarray:
        """Positions in the table, nearest first, shape (found,)."""
        return np.array([one.row for one in self.found], dtype=int)

    @property
    def distances(self) -> np.ndarray:
        """Ascending, shape (found,)."""
        return np.array([one.distance for one in self.found], dtype=float)

    @property
    def words(self) -> tuple[str, ...]:
        """Plain sentences in English: the answer, the nearest rows, how they were chosen."""
        return self.told()

    def told(self, language: Language = "en") -> tuple[str, ...]:
        """The sentences in ``language``."""
        return tuple(sentence.told(language) for sentence in self._said())

    def _said(self) -> tuple[Said, ...]:
        among = say("neighbours.all", rows=self.candidates)
        if self.candidates < self.total_rows - (self.row is not None):
            among = say("neighbours.some", rows=self.candidates, total=self.total_rows)
        if self.apart is None:
            key, other = "neighbours.class", say("neighbours.other_class")
        else:
            key, other = "neighbours.number", say("neighbours.other_number", apart=number_text(self.apart))
        first = say(key, outcome=_answer(self.outcome), target=Name(self.target))
        if not self.found:
            return (first, say("neighbours.none", among=among, other=other))
        chosen = say("neighbours.weighted" if self.weighted else "neighbours.alike", among=among, other=other)
        return (first, chosen, *(_sentence(one) for one in self.found), say("neighbours.closing"))


def neighbours(
    model: Model,
    table: Table,
    row: int | pd.Series,
    *,
    count: int = 5,
    explanation: Explanation | None = None,
    apart: float | None = None,
    seed: int = 0,
) -> Neighbours:
    """The nearest rows of ``table`` for which ``model`` answers otherwise than for ``row``.

    For classes, another answer is another predicted class (as costs or the metric decide, where the model has
    them). Rows are compared first and predicted from the nearest on, until there are enough; of a table with more
    than 50,000 rows (fewer if it is very wide) a random sample is compared.

    Args:
        row: position in the table, or raw values by column name.
        count: rows that are wanted.
        explanation: of ``model``; its importance shares weigh the columns, so that what the model does not use does
            not count. ``None`` counts all columns alike.
        apart: for regression, by how much a prediction has to differ at least, in the target's unit; one standard
            deviation of the predictions unless given.
        seed: of the choice of rows.

    Raises:
        InputError: no such row, a column is missing, or ``count`` or ``apart`` can't be used.
    """
    if count < 1:
        raise InputError(f"{count} neighbours can't be looked for; ask for at least one.")
    position, query = model_row(model, table, row)
    total = len(table.frame)
    chosen = sampled_rows(total, len(model.columns), MOST_ROWS, seed)
    chosen = chosen[chosen != position] if position is not None else chosen
    rows = table.frame.iloc[chosen].loc[:, list(model.columns)]
    own = answers(model, query)
    threshold = _apart(model, apart, rows, seed)
    gower = Gower.of(pd.concat([rows, query], ignore_index=True), _shares(explanation), code_columns(table))
    distance = gower.distances(gower.values[-1], gower.values[:-1])
    found: list[Neighbour] = []
    for block in _nearest_first(distance):
        asked = answers(model, rows.iloc[block])
        for place in np.flatnonzero(_other(own, asked, threshold))[: count - len(found)]:
            at = int(block[place])
            found.append(
                Neighbour(
                    row=int(chosen[at]),
                    distance=float(distance[at]),
                    outcome=asked.said(int(place)),
                    prediction=asked.figures(int(place)),
                    known=_known(table, model.target, int(chosen[at])),
                    differs=_differs(gower, at, query, rows),
                )
            )
        if len(found) >= count:
            break
    return Neighbours(
        row=position,
        outcome=own.said(0),
        prediction=own.figures(0),
        known=_known(table, model.target, position),
        found=tuple(found),
        apart=threshold,
        weighted=explanation is not None,
        candidates=len(chosen),
        total_rows=total,
        target=model.target,
    )


def _shares(explanation: Explanation | None) -> dict[str, float] | None:
    if explanation is None:
        return None
    return dict(zip(explanation.importance["column"], explanation.importance["share"], strict=True))


def _apart(model: Model, apart: float | None, rows: pd.DataFrame, seed: int) -> float | None:
    if model.task is not Task.REGRESSION:
        if apart is not None:
            raise InputError(f"'{model.target}' has classes, which differ or don't; leave out the least difference.")
        return None
    if apart is None:
        some = sampled_rows(len(rows), 1, SPREAD_ROWS, seed)
        return float(model.predict(rows.iloc[some])["prediction"].std(ddof=0)) if len(rows) else 0.0
    if not (np.isfinite(apart) and apart > 0):
        raise InputError(f"Predictions can't differ by at least {apart}; give a number above zero.")
    return float(apart)


def _nearest_first(distance: np.ndarray) -> Iterator[np.ndarray]:
    """Positions by distance, then by position, in growing blocks."""
    order = np.argsort(distance, kind="stable")
    start, size = 0, FIRST_BLOCK
    while start < len(order):
        yield order[start : start + size]
        start, size = start + size, min(2 * size, LARGEST_BLOCK)


def _other(own: Answers, asked: Answers, apart: float | None) -> np.ndarray:
    if apart is None:
        other: np.ndarray = asked.outcome != own.outcome[0]
        return other
    moved = np.abs(asked.values[:, 0] - own.values[0, 0])
    far: np.ndarray = (moved >= apart) & (moved > 0)  # a model that predicts the same for all has no spread
    return far


def _known(table: Table, target: str, position: int | None) -> object | None:
    if position is None or target not in table.frame.columns:
        return None
    return plain_cell(table.frame[target].iloc[position])


def _differs(
    gower: Gower, at: int, query: pd.DataFrame, rows: pd.DataFrame
) -> dict[str, tuple[object | None, object | None]]:
    own, other = gower.values[-1], gower.values[at]
    parts = np.array([float(gower.part(j, own[j], other[j])) for j in range(len(own))]) * gower.weights
    return {
        str(query.columns[j]): (plain_cell(query.iloc[0, j]), plain_cell(rows.iloc[at, j]))
        for j in np.argsort(-parts, kind="stable")
        if parts[j] > 0
    }


def _answer(outcome: str | float) -> Field:
    return Name(outcome) if isinstance(outcome, str) else number_text(outcome)


def _sentence(one: Neighbour) -> Said:
    told: dict[str, Field] = {
        "row": one.row,
        "distance": f"{one.distance:.3f}",
        "outcome": _answer(one.outcome),
        "known": say("neighbours.known", value=Cell(one.known)) if one.known is not None else "",
    }
    named: list[Part] = [
        say("neighbours.differs", column=Name(name), other=Cell(other), own=Cell(own))
        for name, (own, other) in one.differs.items()
    ]
    if not named:
        return say("neighbours.one", **told)
    more = say("neighbours.more", count=len(named) - TOLD) if len(named) > TOLD else ""
    differs = Listed(tuple(named[:TOLD]), between="semicolon")
    return say("neighbours.one_differs", differs=differs, more=more, **told)
