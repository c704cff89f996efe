"""What the model would say of a customer with other values: ``explain.what_if``."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.explain import WhatIf, cell_text, read_change, what_if
from workbench.plain import plain
from workbench.worker.chosen import EXPLAINED, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.shown import Shown
from workbench.worker.views import WhatIfView

STEPS = 8
"""Contributions that are shown; the others are summed."""
SMALL = 1e-9
"""Relative to the largest: a contribution that moves by less has not moved."""


@of_run("explain.what_if")
def answer(shown: Shown, row: int, changes: list[str], output: int = 0, model: str = EXPLAINED) -> WhatIfView:
    """One customer's prediction and contributions before and after changes of the raw row.

    Args:
        row: position in the table.
        changes: ``column=value`` each; no value means missing.

    Raises:
        InputError: a column is none of the model's, or a value can't be read; the sentence says which.
    """
    chosen = chosen_model(shown, model)
    result, explanation = chosen.result, chosen.explanation
    if not 0 <= row < len(result.table.frame):
        raise InputError(f"There is no row {row} in {result.table.name}.")
    texts = {read_change(text, explanation.columns)[0]: text for text in changes}
    edits = dict(read_change(text, explanation.columns) for text in texts.values())
    raw = result.table.frame.iloc[row]
    found = what_if(chosen.model, raw, edits, explanation)
    steps, rest = _steps(found, output)
    return {
        "changes": [
            {
                "column": name,
                "before": cell_text(raw[name]),
                "after": cell_text(value),
                "text": texts[name],
                "unseen": name in found.unseen,
            }
            for name, value in found.changes.items()
        ],
        "predictions": [
            {"name": str(name), "before": plain(before), "after": plain(after)}
            for name, before, after in zip(
                found.predicted_before.columns,
                found.predicted_before.to_numpy(dtype=float)[0],
                found.predicted_after.to_numpy(dtype=float)[0],
                strict=True,
            )
        ],
        "shares": result.table.task is not Task.REGRESSION,
        "target": str(result.table.target),
        "output": explanation.outputs[output],
        "unit": explanation.output_space,
        "before": plain(found.before.margin[0, output]),
        "after": plain(found.after.margin[0, output]),
        "steps": steps,
        "rest": rest,
    }


def _steps(found: WhatIf, output: int) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Contributions that have moved, most first, and the sum of those beyond the most that are shown."""
    before, after = found.before.values[0, :, output], found.after.values[0, :, output]
    moved = after - before
    least = SMALL * max(1e-300, float(np.abs(np.concatenate([before, after])).max()))
    order = [at for at in np.argsort(-np.abs(moved), kind="stable") if abs(moved[at]) > least]
    steps = [
        {"column": found.before.columns[at], "before": plain(before[at]), "after": plain(after[at])}
        for at in order[:STEPS]
    ]
    others = order[STEPS:]
    if not others:
        return steps, None
    return steps, {
        "columns": len(others), "before": plain(before[others].sum()), "after": plain(after[others].sum()),
    }  # fmt: skip
