"""The smallest change of levers for which the model answers otherwise.

The idea is that of Wachter, Mittelstadt and Russell (2018, "Counterfactual explanations without opening the black
box"); several answers with different columns follow Mothilal, Sharma and Tan (2020, DiCE). The search is neither's:
one changed column is tried over a grid of observed values, then two, then three (where there are many levers by a
beam search), and what is found is brought closer. Only values that rows of the table have are tried, and answers
must have real rows near them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Model, Table
from workbench.errors import InputError
from workbench.explain.columns import number_text
from workbench.explain.language import Cell, Field, Language, Listed, Name, Said, say
from workbench.explain.language.terms import percent
from workbench.explain.single.aim import Aim, Target, target_of
from workbench.explain.single.answers import Answers, answers
from workbench.explain.single.change_search import MOST_LEVERS, ChangeSearch, Tried, smallest
from workbench.explain.single.closer import closer
from workbench.explain.single.plausibility import Plausibility
from workbench.explain.single.raw_row import model_row
from workbench.explain.single.support import chosen_levers, find_support

MOST_CHANGES = 3
MOST_ANSWERS = 10
NOT_VARIED = 3
"""Columns that could not be varied and are told with the reason."""


@dataclass(frozen=True)
class Counterfactual:
    """One changed row for which the model answers as wanted.

    Attributes:
        changes: column to (value before, value after), ``None`` where missing; all other columns are as they were.
        predicted_before, predicted_after: probability by class, or the figure under ``prediction``.
        outcome_before, outcome_after: the predicted class as text, or the prediction in the target's unit.
        distance: how much is changed, 0 … 1: Gower's distance over the model's columns, all weighted alike.
        nearest: distance of the changed row to the nearest real row other than the one in question.
        plausible: whether ``nearest`` is usual among real rows, see ``Counterfactuals.usual``.
    """

    changes: dict[str, tuple[object | None, object | None]]
    predicted_before: dict[str, float]
    predicted_after: dict[str, float]
    outcome_before: str | float
    outcome_after: str | float
    distance: float
    nearest: float
    plausible: bool

    @property
    def words(self) -> str:
        """One sentence, in English."""
        return self.told()

    def told(self, language: Language = "en") -> str:
        """The sentence in ``language``."""
        changes = tuple(
            say("change.value", column=Name(name), after=Cell(after), before=Cell(before))
            for name, (before, after) in self.changes.items()
        )
        told: dict[str, Field] = {
            "changes": Listed(changes, last="and_also"),
            "then": _figure(self.outcome_after, self.predicted_after),
            "now": _figure(self.outcome_before, self.predicted_before),
        }
        if self.plausible:
            return say("change.one", **told).told(language)
        return say("change.far", nearest=f"{self.nearest:.3f}", **told).told(language)


@dataclass(frozen=True)
class Counterfactuals:
    """What was found for one row, or why nothing was.

    Attributes:
        row: position in the table; ``None`` when it was given as values.
        wanted: what was wanted, in words; see ``aim``.
        found: smallest first: fewest columns, then least ``distance``; none changes all columns of another.
        why: a sentence where nothing, or nothing plausible, was found; else ``None``; see ``reason``.
        levers: columns that were varied.
        not_varied: columns that may be changed but could not be varied, and why; see ``left_out``.
        usual: largest distance to the nearest real row that counts as plausible; NaN where it can't be judged.
        rows: rows of the table that values and near rows were taken from; fewer than ``total_rows`` means a sample.
        total_rows: rows of the table.
        tried: changed rows that the model was asked for.
    """

    row: int | None
    wanted: Said
    found: tuple[Counterfactual, ...]
    why: Said | None
    levers: tuple[str, ...]
    not_varied: dict[str, Said]
    usual: float
    rows: int
    total_rows: int
    tried: int

    @property
    def aim(self) -> str:
        """What was wanted, in English."""
        return self.wanted.told()

    @property
    def reason(self) -> str:
        """Why nothing, or nothing plausible, was found, in English; empty where something was."""
        return "" if self.why is None else self.why.told()

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that may be changed but could not be varied, and why, in English."""
        return {name: why.told() for name, why in self.not_varied.items()}

    @property
    def words(self) -> tuple[str, ...]:
        """Plain sentences in English, each answer in one, with what they may be read as."""
        return self.told()

    def told(self, language: Language = "en") -> tuple[str, ...]:
        """The sentences in ``language``."""
        told = [] if self.why is None else [self.why.told(language)]
        told += [one.told(language) for one in self.found]
        if self.rows < self.total_rows:
            told.append(say("change.sample", rows=self.rows, total=self.total_rows).told(language))
        return (*told, say("change.closing").told(language)) if self.found else tuple(told)


def counterfactual(
    model: Model,
    table: Table,
    row: int | pd.Series,
    aim: Aim | None = None,
    *,
    columns: Sequence[str] | None = None,
    count: int = 3,
    most_changes: int = MOST_CHANGES,
    seed: int = 0,
) -> Counterfactuals:
    """The smallest changes of levers that bring the prediction of ``row`` to ``aim``.

    It shows how the *model* answers, not what would happen to the customer. Numbers and dates are taken from
    observed values between their 1st and 99th percentile, levels from those that ten rows or 1 % have; texts are
    left as they are. At most 5,000 rows are predicted per step. A single change is exact up to 64 distinct values
    of a column (fewer with more than 78 levers), and beyond that where the model is monotone between grid values;
    changes of two and three columns are good, not proven smallest. Answers that no real row is near are given only
    where there is no other, and say so.

    Args:
        row: position in the table, or raw values by column name.
        aim: another predicted class unless given; regression needs one.
        columns: what may be changed, instead of the columns that the table declares as levers.
        count: answers that are wanted, each with other columns.
        most_changes: columns that an answer changes at most, 1 to 3.
        seed: of the choice of rows.

    Raises:
        InputError: no such row, column or class, or an option can't be used.
    """
    if not 1 <= most_changes <= MOST_CHANGES:
        raise InputError(f"{most_changes} columns can't be changed together; choose from 1 to {MOST_CHANGES}.")
    if not 1 <= count <= MOST_ANSWERS:
        raise InputError(f"{count} answers can't be looked for; choose from 1 to {MOST_ANSWERS}.")
    position, query = model_row(model, table, row)
    now = answers(model, query)
    target = target_of(model, aim or Aim(), now)
    levers, left_out = chosen_levers(model, table, columns)
    for name in levers[MOST_LEVERS:]:
        left_out[name] = say("change.too_many", most=MOST_LEVERS)
    support = find_support(model, table, position, query, levers[:MOST_LEVERS], seed)
    varied = tuple(str(query.columns[j]) for j in support.levers)
    left_out |= {name: Said("change.no_value") for name in levers[:MOST_LEVERS] if name not in varied}
    plausibility = Plausibility.of(support, seed)
    search = ChangeSearch(support, plausibility, target)
    found: tuple[Counterfactual, ...] = ()
    why = _beforehand(target, now, columns, varied, left_out)
    if why is None:
        found = _answers(search, now, count, most_changes)
        why = _afterwards(search, found, most_changes)
    return Counterfactuals(
        row=position,
        wanted=target.said,
        found=found,
        why=why,
        levers=varied,
        not_varied=left_out,
        usual=plausibility.limit,
        rows=support.looked_at,
        total_rows=len(table.frame),
        tried=search.rows,
    )


def _answers(search: ChangeSearch, now: Answers, count: int, most_changes: int) -> tuple[Counterfactual, ...]:
    own = search.support.own
    tried = _tried(search, count, most_changes)
    near = bool(smallest(tried, own, 1, near=True))
    first = smallest(tried, own, count, near=near)
    if not first:
        return ()
    last = search.look(np.array(closer(search, first, near=near)))
    found = []
    for choice in smallest([last], own, count, near=near):
        row = int(np.flatnonzero((last.choice == choice).all(axis=1))[0])
        found.append(
            Counterfactual(
                changes=search.support.changes(choice),
                predicted_before=now.figures(0),
                predicted_after=last.asked.figures(row),
                outcome_before=now.said(0),
                outcome_after=last.asked.said(row),
                distance=float(last.distance[row]),
                nearest=float(last.nearest[row]),
                plausible=bool(last.near[row]),
            )
        )
    return tuple(found)


def _tried(search: ChangeSearch, count: int, most_changes: int) -> list[Tried]:
    """Changed rows of one column, and of two and three while there are too few answers that are plausible."""
    own = search.support.own
    tried = [search.singles()]
    for columns in range(2, most_changes + 1):
        found = smallest(tried, own, count, near=True)
        solved = [frozenset(np.flatnonzero(choice != own).tolist()) for choice in found]
        free = [place for place in range(len(search.support.levers)) if frozenset({place}) not in solved]
        if len(found) == count or len(free) < columns:
            break
        more = search.together(tried[0], free, columns, solved)
        tried.append(search.widened(tried[0], tried[1], free, solved) if more is None else more)
    return tried


def _beforehand(
    target: Target, now: Answers, named: Sequence[str] | None, varied: tuple[str, ...], left_out: dict[str, Said]
) -> Said | None:
    """Why there is nothing to search for; ``None`` where there is."""
    if bool(target.reached(now)[0]):
        return say("change.already", aim=target.said)
    if varied:
        return None
    if left_out:
        some = list(left_out.items())[:NOT_VARIED]
        listed = tuple(say("change.not_varied", column=Name(name), why=why) for name, why in some)
        return say("change.none_varied", listed=Listed(listed, between="semicolon"))
    return Said("change.none_declared" if named is None else "change.none_named")


def _afterwards(search: ChangeSearch, found: tuple[Counterfactual, ...], most_changes: int) -> Said | None:
    """Why nothing, or nothing plausible, was found; ``None`` where something was."""
    levers, aim = len(search.support.levers), search.target.said
    if not found:
        nearest: Field = ""
        if search.closest is not None and search.target.bounded:
            _, asked, row = search.closest
            figure = float(asked.values[row, search.target.place or 0])
            nearest = say("change.nearest", figure=percent(figure) if asked.classes else number_text(figure))
        many = min(most_changes, levers)
        return say("change.never", many=many, count=levers, aim=aim, tried=search.rows, nearest=nearest)
    if any(one.plausible for one in found):
        return None
    if not np.isfinite(search.plausibility.limit):
        return say("change.not_judged", real=len(search.support.real))
    distance = f"{min(one.nearest for one in found):.3f}"
    return say("change.implausible", aim=aim, distance=distance, usual=f"{search.plausibility.limit:.3f}")


def _figure(outcome: str | float, predicted: dict[str, float]) -> Field:
    if not isinstance(outcome, str):
        return number_text(outcome)
    return say("change.class", outcome=Name(outcome), share=percent(predicted[outcome]))
