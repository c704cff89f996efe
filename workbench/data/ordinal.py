"""Targets that look like steps of a scale: how they are predicted, and how else they could be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Check, Task
from workbench.data.findings import info

_FEWEST, _MOST = 3, 20


def ordinal_checks(frame: pd.DataFrame, target: str, task: Task) -> list[Check]:
    """What is done with whole numbers that run without large gaps, such as 1 to 5.

    They are classes, since distances between steps of a scale need not be equal (``infer_task``); whoever asks for a
    regression gets numbers.
    """
    values = frame[target].dropna()
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        return []
    steps = np.unique(values.to_numpy(dtype=np.float64))
    whole = bool((steps == np.floor(steps)).all())
    if not whole or not _FEWEST <= len(steps) <= _MOST or steps[-1] - steps[0] > 2 * len(steps):
        return []
    looks = f"'{target}' holds {len(steps)} steps from {steps[0]:g} to {steps[-1]:g}"
    if task is Task.MULTICLASS:
        return [
            info(
                "ordinal-target",
                target,
                0,
                f"{looks} and is predicted as classes, a chance for each; their order is not used.",
                "if distances between steps mean something, --task regression predicts a number",
            )
        ]
    return [
        info(
            "ordinal-target",
            target,
            0,
            f"{looks} and is predicted as a number, as if steps were equally far apart.",
            "--task multiclass gives a chance for each step instead",
        )
    ]
