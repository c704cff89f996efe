"""One model on all rows: of the champion, and of the members of a blend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.pipelines import Prepared, family
from workbench.pipelines.blend import FittedModel


def fit_all(
    name: str,
    params: Mapping[str, Any],
    prepared: Prepared,
    target: np.ndarray,
    *,
    weight: np.ndarray | None,
    task: Task,
    classes: int,
    rounds: int | None,
    seed: int,
    threads: int,
    budget: Budget | None,
) -> tuple[FittedModel, bool]:
    """Fit the encoder and the last step of a family.

    Args:
        target: numbers, class codes or labels, shape (rows,).
        rounds: boosting rounds, ``None`` for as many as the parameters say.

    Returns:
        the fitted steps, and whether they were completed before ``budget`` ended.
    """
    kind = family(name)
    encoder = kind.encoder(params, tuple(column.name for column in prepared.derived)).fit(prepared, target)
    estimator = kind.estimator(task, params, prepared.derived, seed=seed, threads=threads, rounds=rounds)
    rows = encoder.rows_to_learn_from(len(prepared))
    if rows is not None:
        prepared, target = prepared.take(rows), target[rows]
        weight = None if weight is None else weight[rows]
    complete = kind.fit(estimator, encoder.to_learn_from(prepared), target, weight=weight, budget=budget)
    return FittedModel(encoder, estimator, task, classes), complete
