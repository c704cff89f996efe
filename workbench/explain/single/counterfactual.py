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
from workbench.explain.columns import cell_text, number_text
from workbench.explain.single.aim import Aim, Target, target_of
from workbench.explain.single.answers import Answers, answers
from workbench.explain.single.change_search import MOST_LEVERS, ChangeSearch, Tried, smallest
from workbench.explain.single.closer import closer
from workbench.explain.single.plausibility import Plausibility
from workbench.explain.single.raw_row import model_row
from workbench.explain.single.support import chosen_levers, find_support

MOST_CHANGES = 3
MOST_ANSWERS = 10
CLOSING = (
    "This is how the model answers for a row with such values, not what would happen to the customer: "
    "only a test shows what a change does."
)


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
        """One sentence."""
        named = [
            f"'{name}' is {cell_text(after)} instead of {cell_text(before)}"
            for name, (before, after) in self.changes.items()
        ]
        what = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
        now, then = (
            _figure(outcome, predicted)
            for outcome, predicted in (
                (self.outcome_before, self.predicted_before),
                (self.outcome_after, self.predicted_after),
            )
        )
        far = (
            ""
            if self.plausible
            else (f" Its nearest real row is {self.nearest:.3f} away, so it is not shown that there are such rows.")
        )
        return f"For a row like this one in which {what}, the model predicts {then} instead of {now}.{far}"


@dataclass(frozen=True)
class Counterfactuals:
    """What was found for one row, or why nothing was.

    Attributes:
        row: position in the table; ``None`` when it was given as values.
        aim: what was wanted, in words.
        found: smallest first: fewest columns, then least ``distance``; none changes all columns of another.
        reason: a sentence where nothing, or nothing plausible, was found; else empty.
        levers: columns that were varied.
        left_out: columns that may be changed but could not be varied, and why.
        usual: largest distance to the nearest real row that counts as plausible; NaN where it can't be judged.
        rows: rows of the table that values and near rows were taken from; fewer than ``total_rows`` means a sample.
        total_rows: rows of the table.
        tried: changed rows that the model was asked for.
    """

    row: int | None
    aim: str
    found: tuple[Counterfactual, ...]
    reason: str
    levers: tuple[str, ...]
    left_out: dict[str, str]
    usual: float
    rows: int
    total_rows: int
    tried: int

    @property
    def words(self) -> tuple[str, ...]:
        """Plain sentences, each answer in one, with what they may be read as."""
        told = [self.reason] if self.reason else []
        told += [one.words for one in self.found]
        if self.rows < self.total_rows:
            told.append(f"Values are those of {self.rows:,} of {self.total_rows:,} rows, chosen at random.")
        return (*told, CLOSING) if self.found else tuple(told)


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
        left_out[name] = f"only the first {MOST_LEVERS:,} are varied"
    support = find_support(model, table, position, query, levers[:MOST_LEVERS], seed)
    varied = tuple(str(query.columns[j]) for j in support.levers)
    left_out |= {
        name: "no other value occurs often enough in these data" for name in levers[:MOST_LEVERS] if name not in varied
    }
    plausibility = Plausibility.of(support, seed)
    search = ChangeSearch(support, plausibility, target)
    found: tuple[Counterfactual, ...] = ()
    reason = _beforehand(target, now, columns, varied, left_out)
    if not reason:
        found = _answers(search, now, count, most_changes)
        reason = _afterwards(search, found, most_changes)
    return Counterfactuals(
        row=position,
        aim=target.words,
        found=found,
        reason=reason,
        levers=varied,
        left_out=left_out,
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
    target: Target, now: Answers, named: Sequence[str] | None, varied: tuple[str, ...], left_out: dict[str, str]
) -> str:
    """Why there is nothing to search for; empty where there is."""
    if bool(target.reached(now)[0]):
        return f"The model's answer for this row already is {target.words}: nothing has to be changed."
    if varied:
        return ""
    if left_out:
        listed = "; ".join(f"'{name}': {why}" for name, why in list(left_out.items())[:3])
        return f"None of the columns that may be changed can be varied ({listed}); name others that may."
    if named is not None:
        return "No column was named that may be changed; name at least one."
    return (
        "No column of the model is declared as one that the business can change; name the columns that may be "
        "changed, or declare them in the table as controllable or partly so."
    )


def _afterwards(search: ChangeSearch, found: tuple[Counterfactual, ...], most_changes: int) -> str:
    """Why nothing, or nothing plausible, was found; empty where something was."""
    levers, real = len(search.support.levers), len(search.support.real)
    many = min(most_changes, levers)
    within = f"{many} of {levers} column{'s' * (levers > 1)}"
    if not found:
        nearest = ""
        if search.closest is not None and search.target.bounded:
            _, asked, row = search.closest
            figure = float(asked.values[row, search.target.place or 0])
            nearest = f"; the nearest is {_share(figure) if asked.classes else number_text(figure)}"
        return (
            f"With up to {within} changed to values that these data hold, the model never gives "
            f"{search.target.words}: {search.rows:,} changed rows were tried{nearest}."
        )
    if any(one.plausible for one in found):
        return ""
    if not np.isfinite(search.plausibility.limit):
        return f"Whether the changed rows are plausible can't be judged: there are {real} other rows to compare with."
    return (
        f"The model gives {search.target.words} only for rows that no real row is near (distance of at least "
        f"{min(one.nearest for one in found):.3f}, where {search.plausibility.limit:.3f} is usual): "
        "there it has hardly learned anything."
    )


def _figure(outcome: str | float, predicted: dict[str, float]) -> str:
    return f"'{outcome}' ({_share(predicted[outcome])})" if isinstance(outcome, str) else number_text(outcome)


def _share(value: float) -> str:
    return f"{value:.1%}".replace("%", " %")
