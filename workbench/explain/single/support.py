"""Which values a lever may take: those that rows of the table have, away from the ends and often enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.contracts import Kind, Lever, Model, Role, Table
from workbench.errors import InputError
from workbench.explain.language import Said
from workbench.explain.single.gower import Gower, code_columns, sampled_rows
from workbench.explain.single.raw_row import plain_cell

MOST_ROWS = 20_000
"""Rows that values are taken from at most."""
ENDS = (0.01, 0.99)
"""Numbers and dates outside these quantiles are not proposed."""
LEAST_COUNT, LEAST_SHARE = 10, 0.01
"""A level is proposed when so many rows, or this share of them, have it."""
LEVERS = (Lever.CONTROLLABLE, Lever.PARTLY)


@dataclass(frozen=True)
class Support:
    """Real rows, the row in question, and for each lever the rows whose value it may take.

    A value is named by a row that has it: so each keeps the type that the table has, and none is invented.

    Attributes:
        frame: raw rows with the model's columns; the row in question is the last, shape (rows + 1, columns).
        real: the rows alone, with the table's own types, shape (rows, columns).
        gower: ``frame`` as numbers, all columns weighted alike.
        levers: positions of the columns that may be changed, those with a value to change to.
        values: for each lever, positions of rows with distinct values, in ascending order of the value (levels:
            most frequent first); the value of the row in question is none of them.
        looked_at: rows of the table that were chosen, the row in question among them or not.
    """

    frame: pd.DataFrame
    real: pd.DataFrame
    gower: Gower
    levers: tuple[int, ...]
    values: tuple[np.ndarray, ...]
    looked_at: int

    @property
    def own(self) -> int:
        """Position of the row in question: as a choice of value it means unchanged."""
        return len(self.frame) - 1

    def changed(self, choice: np.ndarray) -> pd.DataFrame:
        """Raw rows in which levers take values of real rows.

        Args:
            choice: for each lever a position in ``frame``, shape (rows, levers).

        Returns:
            shape (rows, columns).
        """
        unchanged = np.full(len(choice), self.own)
        places = dict(zip(self.levers, choice.T, strict=True))
        columns = {
            name: self.frame.iloc[:, j].array.take(places.get(j, unchanged))
            for j, name in enumerate(self.frame.columns)
        }
        return pd.DataFrame(columns, columns=self.frame.columns)

    def changes(self, choice: np.ndarray) -> dict[str, tuple[object | None, object | None]]:
        """Column to (value before, value after) of one changed row; ``choice`` has shape (levers,)."""
        return {
            str(self.frame.columns[j]): (
                plain_cell(self.frame.iloc[self.own, j]),
                plain_cell(self.real.iloc[int(at), j]),
            )
            for j, at in zip(self.levers, choice, strict=True)
            if at != self.own
        }


def find_support(
    model: Model, table: Table, position: int | None, query: pd.DataFrame, levers: Sequence[str], seed: int
) -> Support:
    """Read the table, or a random 20,000 rows of it (fewer if it is very wide).

    Args:
        position: of the row in question, which is left out: it must not vouch for itself.
        query: the row in question, shape (1, columns).
        levers: columns that may change.
        seed: of the choice of rows.
    """
    columns = list(model.columns)
    chosen = sampled_rows(len(table.frame), len(columns), MOST_ROWS, seed)
    others = chosen[chosen != position] if position is not None else chosen
    real = table.frame.iloc[others].loc[:, columns]
    frame = pd.concat([real, query], ignore_index=True)
    gower = Gower.of(frame, codes=code_columns(table))
    found = {columns.index(name): _supported(gower, columns.index(name)) for name in levers}
    kept = {j: values for j, values in found.items() if len(values)}
    return Support(frame, real, gower, tuple(kept), tuple(kept.values()), len(chosen))


def chosen_levers(model: Model, table: Table, named: Sequence[str] | None) -> tuple[list[str], dict[str, Said]]:
    """Columns of the model that may be changed: those named, or those declared as levers.

    Returns:
        their names in the model's order, and for those that can't be varied the reason.

    Raises:
        InputError: a named column is none of the model's.
    """
    if named is not None:
        unknown = [name for name in named if name not in model.columns]
        if unknown:
            raise InputError(
                f"The model uses no column '{unknown[0]}', so a change of it changes nothing; choose another."
            )
    described = {column.name: column for column in table.columns}
    levers: list[str] = []
    left_out: dict[str, Said] = {}
    for name in model.columns:
        column = described.get(name)
        wanted = name in named if named is not None else column is not None and column.lever in LEVERS
        if not wanted:
            continue
        if column is not None and (column.role is Role.TEXT or column.kind is Kind.TEXT):
            left_out[name] = Said("change.free_text")
        else:
            levers.append(name)
    return levers, left_out


def _supported(gower: Gower, column: int) -> np.ndarray:
    values, own = gower.values[:-1, column], gower.values[-1, column]
    present = np.flatnonzero(np.isfinite(values))
    if not present.size:
        return present
    distinct, first, counts = np.unique(values[present], return_index=True, return_counts=True)
    if gower.ordered[column]:
        # the nearest observed value outwards, so that a short table keeps its smallest and largest
        low = np.quantile(values[present], ENDS[0], method="lower")
        high = np.quantile(values[present], ENDS[1], method="higher")
        kept = (distinct >= low) & (distinct <= high)
    else:
        kept = counts >= min(LEAST_COUNT, LEAST_SHARE * len(values))
    kept &= distinct != own
    order = slice(None) if gower.ordered[column] else np.argsort(-counts[kept], kind="stable")
    supported: np.ndarray = present[first[kept]][order]
    return supported
