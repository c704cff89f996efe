"""How far an importance can be trusted: the recipe fitted anew, on other rows and with columns that know nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from workbench.budget import Budget
from workbench.contracts import Model, Role, Table
from workbench.contracts.table import MODEL_ROLES
from workbench.errors import InputError
from workbench.events import Events
from workbench.explain.engine import explain
from workbench.explain.overall.agreement import Agreement, agreement
from workbench.explain.overall.permutation import permutation_importance
from workbench.explain.overall.planted import NoiseFloor, noise_floor, planted_table
from workbench.explain.overall.related import related_pairs
from workbench.explain.overall.stability import importance_stability

FOLDS = 3
PLANTED = 3
MOST_ROWS = 50_000
"""Rows that the recipe is fitted on at most: a larger table is sampled."""
EXPLAINED = 1_000
"""Rows that each refit is explained on."""
OVERRUN = 1.3
"""A refit is begun only where there is time for so many like the one before."""


@dataclass(frozen=True)
class Trust:
    """What refits say of an importance.

    Attributes:
        stability: as ``importance_stability`` gives it, over the models of the folds; without rows where there was
            time for less than two.
        floor: the importance that columns reach that know nothing; ``None`` where there was no time.
        permuted: permutation importance on rows that the first fold's model has not seen; ``None`` likewise.
        agreement: of that with the same model's SHAP importance.
        words: sentences, most important first.
        refits: how often the recipe was fitted.
        rows: rows that it was fitted on or judged by.
        seconds: that it took.
    """

    stability: pd.DataFrame
    floor: NoiseFloor | None
    permuted: pd.DataFrame | None
    agreement: Agreement | None
    words: tuple[str, ...]
    refits: int
    rows: int
    seconds: float


def trust(model: Model, table: Table, *, budget: Budget, events: Events, seed: int = 0, folds: int = FOLDS) -> Trust:
    """Fit the recipe of ``model`` anew and compare what drives the refits.

    A refit on each fold's other rows shows how stable the importance is, and its held-out rows what permutation
    importance says of it; one more, with random columns planted, shows what chance alone reaches.

    Args:
        model: a single model; a blend has no recipe of its own.
        table: with the known target.
        budget: what there is no time for is left out, and told.
        seed: of folds, samples and planted columns.

    Raises:
        InputError: the model is a blend, or fewer than 20 rows have a target.
        Stopped: the user asked to end.
    """
    if "encode" not in model.pipeline.named_steps:
        raise InputError("A blend can't be fitted anew as one; look at its best single model instead.")
    known = np.flatnonzero(table.frame[model.target].notna().to_numpy())
    if len(known) < 20:
        raise InputError(f"Only {len(known)} rows of {table.name} have a '{model.target}'; 20 are needed at least.")
    random = np.random.default_rng(seed)
    rows = np.sort(random.choice(known, MOST_ROWS, replace=False)) if len(known) > MOST_ROWS else known
    sample = replace(table, frame=table.frame.iloc[rows].reset_index(drop=True))
    fold = _folds(sample, folds, random)
    refits, longest = 0, 0.0
    left_out: list[str] = []

    def step(what: str, work: Callable[[], Any]) -> Any:
        nonlocal refits, longest
        events.check_stop()
        if budget.limited and (budget.expired or budget.remaining < OVERRUN * longest):
            left_out.append(what)
            return None
        before = budget.elapsed
        events.progress("explain", f"Fitting the model anew: {what}", refits, folds + 1)
        done = work()
        refits += 1
        longest = max(longest, budget.elapsed - before)
        return done

    tables: list[pd.DataFrame] = []
    permuted: pd.DataFrame | None = None
    agreed: Agreement | None = None

    def on_fold(number: int) -> pd.DataFrame:
        nonlocal permuted, agreed
        held_out = np.flatnonzero(fold == number)
        fitted = _refit(model, sample, np.flatnonzero(fold != number))
        importance = _importance(fitted, sample, held_out, seed)
        if permuted is None:
            order = [str(name) for name in importance["column"]]
            permuted = permutation_importance(
                fitted, sample, positions=held_out, held_out=True, seed=seed, columns=order,
                budget=budget.share(0.2) if budget.limited else None,
            )  # fmt: skip
            agreed = agreement(importance, permuted, related_pairs(sample.frame, order[:10]))
        return importance

    def with_planted() -> NoiseFloor:
        more, planted = planted_table(sample, seed, PLANTED)
        columns = [column for column in more.columns if column.role in MODEL_ROLES]
        used = [column for column in columns if column.name in model.columns or column.name in planted]
        wider = replace(model, pipeline=_with_columns(model.pipeline, used), columns=(*model.columns, *planted))
        fitted = _refit(wider, more, np.arange(len(more.frame)))
        return noise_floor(_importance(fitted, more, np.arange(len(more.frame)), seed), planted)

    def next_fold(number: int) -> None:
        if (found := step(f"without part {number + 1} of {folds}", lambda: on_fold(number))) is not None:
            tables.append(found)

    next_fold(0)
    floor: NoiseFloor | None = step("with random columns", with_planted)
    for number in range(1, folds):
        next_fold(number)
    stability = importance_stability(tables) if len(tables) > 1 else pd.DataFrame()
    return Trust(
        stability=stability,
        floor=floor,
        permuted=permuted,
        agreement=agreed,
        words=_words(stability, floor, permuted, agreed, left_out, refits, len(rows), len(table.frame)),
        refits=refits,
        rows=len(rows),
        seconds=budget.elapsed,
    )


def _folds(table: Table, folds: int, random: np.random.Generator) -> np.ndarray:
    """The fold of each row: rows of one group stay together."""
    groups = table.names(Role.GROUP)
    if not groups:
        return random.permutation(np.arange(len(table.frame)) % folds)
    codes, names = pd.factorize(table.frame[groups[0]], use_na_sentinel=False)
    if len(names) < folds:
        return random.permutation(np.arange(len(table.frame)) % folds)
    return np.asarray(random.permutation(np.arange(len(names)) % folds)[codes])


def _refit(model: Model, table: Table, rows: np.ndarray) -> Model:
    part = table.frame.iloc[rows]
    pipeline = clone(model.pipeline).fit(part.loc[:, list(model.columns)], part[model.target])
    classes = getattr(pipeline[-1], "classes_", None)
    return replace(model, pipeline=pipeline, classes=model.classes if classes is None else tuple(classes))


def _with_columns(pipeline: Pipeline, columns: list[Any]) -> Pipeline:
    return clone(pipeline).set_params(prepare__columns=columns)


def _importance(model: Model, table: Table, rows: np.ndarray, seed: int) -> pd.DataFrame:
    part = replace(table, frame=table.frame.iloc[rows].reset_index(drop=True))
    # what is said of a refit's explanation is nothing that the analyst asked for
    found = explain(
        model, part, budget=Budget.unlimited(), events=Events(), seed=seed, max_rows=EXPLAINED, interactions=False
    )
    return found.importance


def _words(
    stability: pd.DataFrame,
    floor: NoiseFloor | None,
    permuted: pd.DataFrame | None,
    agreed: Agreement | None,
    left_out: list[str],
    refits: int,
    rows: int,
    total: int,
) -> tuple[str, ...]:
    words = []
    if len(stability):
        words.append(str(stability.attrs["verdict"]))
    if floor is not None:
        words.append(floor.sentence)
    if agreed is not None:
        words.append(agreed.sentence)
    if permuted is not None and permuted.attrs.get("note"):
        words.append(str(permuted.attrs["note"]))
    if rows < total:
        words.append(f"These refits rest on {rows:,} of {total:,} rows.")
    if left_out:
        words.append(
            f"There was no time for {len(left_out)} of {refits + len(left_out)} refits: {', '.join(left_out)}."
        )
    return tuple(words)
