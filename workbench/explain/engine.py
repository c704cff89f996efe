"""The explanation of a model: prepare once, explain the estimator, sum to source columns, check, put into words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Explanation, ExplanationCheck, Model, Table, Task
from workbench.errors import InputError
from workbench.events import Events
from workbench.explain import checks
from workbench.explain.explainers._base import Explainer, take
from workbench.explain.explainers.dispatch import explainer_kind
from workbench.explain.grouping import to_sources
from workbench.explain.overall.importance import importance_table
from workbench.explain.overall.interactions import ROWS, top_interactions
from workbench.explain.prepared import Prepared, prepare
from workbench.explain.rows import CELLS, Explained, candidate_rows, explain_in_order, stratified_order
from workbench.explain.words import describe, describe_row
from workbench.pipelines import margin_target

CLOSING = 0.3
"""Share of the budget that is kept for interactions, importance, checks and words."""
INTERACTIONS = 0.4
"""Share of what is left then that interactions may take."""


def explain(
    model: Model,
    table: Table,
    *,
    budget: Budget,
    events: Events,
    seed: int = 0,
    max_rows: int | None = None,
    interactions: bool = True,
) -> Explanation:
    """SHAP values of ``model`` on ``table``, in source columns.

    Sixteen rows are timed; then as many are explained as fit into ``budget``, chosen so that low and high
    predictions are represented alike. Without a time limit the number of rows depends on the kind of model only.

    Args:
        model: the fitted champion.
        table: where the rows come from; the target and columns that the model does not use are not looked at.
        seed: of the choice of rows and of the bootstrap.
        max_rows: explain at most so many.
        interactions: whether to look for columns that work together as well.

    Raises:
        InputError: the table has no rows or lacks a column of the model.
        Stopped: the user asked to end.
    """
    total = len(table.frame)
    if total == 0:
        raise InputError(f"There are no rows in {table.name} to explain; give it at least one.")
    events.check_stop()
    candidates = candidate_rows(total, seed, max_rows)
    prepared = prepare(model, table.frame.iloc[candidates])
    kind = explainer_kind(prepared.estimator)
    explainer = kind(prepared.estimator, prepared.grouping.owners, kind.reference_from(prepared.matrix, seed))
    margin = explainer.margin(prepared.matrix)
    order = stratified_order(margin, seed)[: _most(explainer, prepared, margin, budget, max_rows)]
    working = budget.reserving(CLOSING * budget.remaining) if budget.limited else budget
    explained = explain_in_order(
        explainer, prepared.matrix, margin, order, prepared.grouping, budget=working, events=events
    )
    verified = _verify(explainer, prepared, explained, margin)
    reached = order[: len(explained.positions)]
    pairs = None
    if interactions:
        pairs = top_interactions(
            explainer,
            take(prepared.matrix, reached[:ROWS]),
            prepared.grouping,
            explained.values,
            model.columns,
            budget=budget.share(INTERACTIONS) if budget.limited else budget,
            events=events,
            seed=seed,
        )
    levers = {column.name: column.lever.value for column in table.columns}
    explanation = _assemble(
        model,
        explainer,
        values=explained.values,
        base=explained.base,
        margin=margin[explained.positions],
        rows=candidates[explained.positions],
        total_rows=total,
        data=table.frame.iloc[candidates[explained.positions]],
        levers=levers,
        verified=verified,
        seed=seed,
        interactions=pairs,
    )
    _tell(explanation, explainer, events)
    return explanation


def explain_rows(model: Model, frame: pd.DataFrame, explanation: Explanation) -> Explanation:
    """Explain raw rows in the terms of an earlier explanation of the same model: same reference, same columns.

    Args:
        frame: raw rows with at least the model's columns, in any order.
        explanation: what ``explain`` gave for ``model``; its reference and levers are used.

    Returns:
        all rows of ``frame``; ``rows`` are their positions in it.

    Raises:
        InputError: ``frame`` has no rows or lacks a column of the model.
    """
    if len(frame) == 0:
        raise InputError("There are no rows to explain; give at least one.")
    prepared = prepare(model, frame)
    kind = explainer_kind(prepared.estimator)
    explainer = kind(prepared.estimator, prepared.grouping.owners, explanation.reference)
    margin = explainer.margin(prepared.matrix)
    found = explainer.contributions(prepared.matrix)
    worst = float(np.abs(found.base + found.values.sum(axis=1) - margin).max(initial=0.0))
    values = to_sources(found.values, prepared.grouping)
    explained = Explained(np.arange(len(frame)), values, found.base, worst)
    levers = dict(zip(explanation.importance["column"], explanation.importance["lever"], strict=True))
    return _assemble(
        model,
        explainer,
        values=values,
        base=found.base,
        margin=margin,
        rows=np.arange(len(frame)),
        total_rows=len(frame),
        data=frame,
        levers=levers,
        verified=_verify(explainer, prepared, explained, margin),
        seed=0,
    )


def _most(explainer: Explainer, prepared: Prepared, margin: np.ndarray, budget: Budget, max_rows: int | None) -> int:
    cells_a_row = max(1, prepared.grouping.sources * int(margin.shape[1]))
    limits = [CELLS // cells_a_row]
    if not budget.limited:
        limits.append(explainer.untimed_rows)
    if max_rows is not None:
        limits.append(max_rows)
    return max(1, min(limits))


def _verify(
    explainer: Explainer, prepared: Prepared, explained: Explained, margin: np.ndarray
) -> tuple[ExplanationCheck, ...]:
    own = margin[explained.positions]
    scale = checks.scale_of(own)
    grouped = float(np.abs(explained.base + explained.values.sum(axis=1) - own).max(initial=0.0))
    return (
        checks.additivity("additivity", "as the model sees its columns", explained.worst, scale),
        checks.additivity("additivity in source columns", "in the source columns", grouped, scale),
        checks.finite(explained.values),
        checks.repeats(explainer, prepared.grouping, prepared.matrix, explained.positions, explained.values),
    )


def _assemble(
    model: Model,
    explainer: Explainer,
    *,
    values: np.ndarray,
    base: np.ndarray,
    margin: np.ndarray,
    rows: np.ndarray,
    total_rows: int,
    data: pd.DataFrame,
    levers: Mapping[str, str],
    verified: tuple[ExplanationCheck, ...],
    seed: int,
    interactions: pd.DataFrame | None = None,
) -> Explanation:
    raw = data.loc[:, list(model.columns)]
    importance = importance_table(values, raw, levers, seed=seed)
    outputs = _outputs(model, base.size)
    space = explainer.space(margin_target(model.pipeline[-1], model.target))
    if len(raw) == 1:
        top = int(margin[0].argmax())
        words = describe_row(
            values[0, :, top],
            raw.iloc[0],
            float(base[top]),
            float(margin[0, top]),
            output=outputs[top],
            space=space,
            target=model.target,
        )
    else:
        words = describe(
            values,
            raw,
            importance,
            outputs=outputs,
            space=space,
            target=model.target,
            total_rows=total_rows,
            interactions=interactions,
        )
    return Explanation(
        values=values,
        base=base,
        margin=margin,
        columns=tuple(model.columns),
        outputs=outputs,
        output_space=space,
        rows=rows,
        total_rows=total_rows,
        data=raw,
        importance=importance,
        method=explainer.method,
        checks=verified,
        words=words,
        target=model.target,
        reference=explainer.reference,
        interactions=interactions,
    )


def _outputs(model: Model, count: int) -> tuple[str, ...]:
    """Names of the outputs: the target, the second of two classes, or every class."""
    if model.task is Task.REGRESSION:
        return (model.target,)
    labels = tuple(str(label) for label in model.classes)
    return labels[1:2] if count == 1 and len(labels) == 2 else labels


def _tell(explanation: Explanation, explainer: Explainer, events: Events) -> None:
    explained = len(explanation.rows)
    if explained < explanation.total_rows:
        events.notice(
            "explain", f"Explained {explained:,} of {explanation.total_rows:,} rows, stratified by prediction."
        )
    if explainer.notice:
        events.notice("explain", explainer.notice)
    for check in explanation.checks:
        if not check.passed:
            events.notice("explain", f"The check '{check.name}' failed: {check.message}")
    events.emit(
        "result",
        "explain",
        f"Explained {explained:,} rows by {explainer.method}",
        rows=explained,
        top=explanation.importance[["column", "importance", "share"]].head(12).to_dict("records"),
    )
