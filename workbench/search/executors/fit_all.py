"""One model on all rows: of the champion, and of the members of a blend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.budget import Budget
from workbench.contracts import Task
from workbench.pipelines import Encoder, ExpandedEncoder, Expansion, Prepared, family
from workbench.pipelines.blend import FittedModel
from workbench.pipelines.rare_rows import with_rare
from workbench.pipelines.row_facts import RowFacts
from workbench.pipelines.scaled import ScaledRegressor, inner_params, is_scaled
from workbench.pipelines.target_scale import TargetScale


def fit_all(
    name: str,
    params: Mapping[str, Any],
    prepared: Prepared,
    target: np.ndarray,
    *,
    facts: RowFacts,
    task: Task,
    classes: int,
    rounds: int | None,
    seed: int,
    threads: int,
    budget: Budget | None,
    spread: Sequence[float] = (),
) -> tuple[FittedModel, bool]:
    """Fit the encoder and the last step of a family.

    Args:
        target: numbers, class codes or labels, shape (rows,).
        facts: weights and groups of the rows.
        rounds: boosting rounds, ``None`` for as many as the parameters say.
        spread: residuals of the folds on the target's scale, where the parameters ask for one.

    Returns:
        the fitted steps, and whether they were completed before ``budget`` ended.
    """
    kind, names = family(name), tuple(column.name for column in prepared.derived)
    scale = TargetScale.of(target) if is_scaled(params) and task is Task.REGRESSION else None
    told, learnt = (params, target) if scale is None else (inner_params(params), scale.forth(target))
    estimator = kind.estimator(task, told, prepared.derived, seed=seed, threads=threads, rounds=rounds)
    if params.get("blocks"):
        expansion = Expansion(str(params["blocks"]), task, seed)
        # as they are learnt from: what looks at the target doesn't know a row's own
        prepared = expansion.fit_transform(prepared, target, facts)
        inner = kind.encoder(params).fit(prepared, target)
        encoder: Encoder = ExpandedEncoder.of_fitted(expansion, inner, names)
    else:
        encoder = inner = kind.encoder(params, names).fit(prepared, target)
    rows = inner.rows_to_learn_from(len(prepared))
    if rows is not None:
        rows = rows if task is Task.REGRESSION else with_rare(rows, target)
        prepared, learnt, facts = prepared.take(rows), learnt[rows], facts.take(rows)
    complete = kind.fit(estimator, inner.to_learn_from(prepared), learnt, weight=facts.weight, budget=budget)
    whole = estimator if scale is None else ScaledRegressor.around(estimator, scale, np.asarray(spread))
    return FittedModel(encoder, whole, task, classes, name), complete
