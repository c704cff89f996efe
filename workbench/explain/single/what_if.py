"""What the model would say about a row with other values: changes go through the raw row, as a new customer would."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

from workbench.contracts import Explanation, Model
from workbench.errors import InputError
from workbench.explain.engine import explain_rows
from workbench.explain.single.raw_row import read_value, row_frame


@dataclass(frozen=True)
class WhatIf:
    """One row before and after changes.

    Attributes:
        before, after: explanations of one row each, against the same reference.
        predicted_before, predicted_after: one row, a column per class (probabilities) or ``prediction``.
        changes: what was changed, as it went into the model.
        unseen: changed columns whose new value is a category that no explained row has.
    """

    before: Explanation
    after: Explanation
    predicted_before: pd.DataFrame
    predicted_after: pd.DataFrame
    changes: dict[str, object]
    unseen: tuple[str, ...]

    @property
    def difference(self) -> np.ndarray:
        """Change of the model's output in ``output_space``, shape (outputs,)."""
        moved: np.ndarray = self.after.margin[0] - self.before.margin[0]
        return moved


def read_change(text: str, columns: Iterable[str]) -> tuple[str, str]:
    """``column=value`` as column and value; the column may hold equals signs itself.

    Raises:
        InputError: there is no equals sign, or no such column before it.
    """
    names = [str(name) for name in columns]
    parts = text.split("=")
    for end in range(len(parts) - 1, 0, -1):
        name = "=".join(parts[:end]).strip()
        if name in names:
            return name, "=".join(parts[end:]).strip()
    if len(parts) < 2:
        raise InputError(f"'{text.strip()}' is not a change; write it as column=value, such as {names[0]}=…")
    wanted = parts[0].strip()
    close = difflib.get_close_matches(wanted, names, n=1)
    meant = f"'{close[0]}' was meant" if close else f"it uses {', '.join(names[:5])}{' …' if len(names) > 5 else ''}"
    raise InputError(f"The model uses no column '{wanted}'; {meant}.")


def what_if(model: Model, row: pd.Series, changes: Mapping[str, object], explanation: Explanation) -> WhatIf:
    """Explain ``row`` as it is and with ``changes``.

    It shows how the *model* answers, not what would happen to the customer.

    Args:
        row: raw values by column name, as ``Table.frame.iloc[i]`` gives them.
        changes: new raw values by column; text is read in the column's own type, empty text means missing.
        explanation: of the same model; gives the reference, and the types of the columns.

    Raises:
        InputError: a column is none of the model's, or a value can't be read in the column's type.
    """
    typed = explanation.data.iloc[:0]
    before = row_frame(row, typed)
    readable = {name: read_value(name, value, typed) for name, value in changes.items()}
    changed = row.astype(object).copy()
    for name, value in readable.items():
        changed[name] = value
    after = row_frame(changed, typed)
    return WhatIf(
        before=explain_rows(model, before, explanation),
        after=explain_rows(model, after, explanation),
        predicted_before=model.predict(before),
        predicted_after=model.predict(after),
        changes=readable,
        unseen=tuple(name for name, value in readable.items() if _unseen(value, explanation.data[name])),
    )


def _unseen(value: object, column: pd.Series) -> bool:
    if pd.isna(value) or types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):  # type: ignore[call-overload]
        return False
    return not bool((column.astype(object) == value).any())
