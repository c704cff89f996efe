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
from workbench.contracts import Model, Table
from workbench.contracts.table import MODEL_ROLES
from workbench.errors import InputError
from workbench.events import Events
from workbench.explain.engine import explain
from workbench.explain.language import Language, Listed, Said, say
from workbench.explain.overall.agreement import Agreement, agreement
from workbench.explain.overall.permutation import permutation_importance, permutation_words
from workbench.explain.overall.planted import NoiseFloor, noise_floor, planted_table
from workbench.explain.overall.related import related_pairs
from workbench.explain.overall.stability import importance_stability, stability_words
from workbench.pipelines.rare_rows import with_rare
from workbench.problem.folds import plan_folds
from workbench.problem.rows import Problem, problem_of

FOLDS = 3
PLANTED = 3
LEAST_ROWS = 20
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
        folds: as how many the rows could be divided; with one there is nothing to compare.
        refits: how often the recipe was fitted.
        left_out: the refits that there was no time for.
        rows: rows that it was fitted on or judged by.
        total_rows: rows of the table.
        seconds: that it took.
    """

    stability: pd.DataFrame
    floor: NoiseFloor | None
    permuted: pd.DataFrame | None
    agreement: Agreement | None
    folds: int
    refits: int
    left_out: tuple[Said, ...]
    rows: int
    total_rows: int
    seconds: float

    @property
    def words(self) -> tuple[str, ...]:
        """Sentences in English, most important first."""
        return self.told()

    def told(self, language: Language = "en") -> tuple[str, ...]:
        """The sentences in ``language``."""
        words = []
        if len(self.stability):
            words.append(stability_words(self.stability, language))
        elif self.folds == 1:
            words.append(say("trust.once").told(language))
        if self.floor is not None:
            words.append(self.floor.told(language))
        if self.agreement is not None:
            words.append(self.agreement.told(language))
        if self.permuted is not None:
            words.append(permutation_words(self.permuted, language))
        if self.rows < self.total_rows:
            words.append(say("trust.sample", rows=self.rows, total=self.total_rows).told(language))
        if self.left_out:
            planned = self.refits + len(self.left_out)
            missed = say("trust.left_out", missed=len(self.left_out), planned=planned, which=Listed(self.left_out))
            words.append(missed.told(language))
        return tuple(words)


def trust(model: Model, table: Table, *, budget: Budget, events: Events, seed: int = 0, folds: int = FOLDS) -> Trust:
    """Fit the recipe of ``model`` anew and compare what drives the refits.

    A refit on each fold's other rows shows how stable the importance is, and its held-out rows what permutation
    importance says of it; one more, with random columns planted, shows what chance alone reaches. Rows are divided and
    weighted as a search does it: what stays together and what comes later stay so.

    Args:
        model: a single model; a blend has no recipe of its own.
        table: with the known target.
        budget: what there is no time for is left out, and told.
        seed: of folds, samples and planted columns.

    Raises:
        InputError: the model is a blend, or the table gives too little to learn from.
        Stopped: the user asked to end.
    """
    if "encode" not in model.pipeline.named_steps:
        raise InputError("A blend can't be fitted anew as one; look at its best single model instead.")
    problem = _sampled(problem_of(table), seed)
    if len(problem) < LEAST_ROWS:
        raise InputError(
            f"Only {len(problem)} rows of {table.name} have a '{model.target}'; {LEAST_ROWS} are needed at least."
        )
    sample = problem.table
    plan = plan_folds(problem, seed=seed, count=folds)
    divided = list((plan.finals if plan.one_hold_out and plan.finals else plan.folds)[:folds])
    folds, timed = len(divided), problem.moments is not None
    refits, longest = 0, 0.0
    left_out: list[Said] = []

    def step(what: Said, work: Callable[[], Any]) -> Any:
        nonlocal refits, longest
        events.check_stop()
        if budget.limited and (budget.expired or budget.remaining < OVERRUN * longest):
            left_out.append(what)
            return None
        before = budget.elapsed
        events.progress("explain", f"Fitting the model anew: {what.told()}", refits, folds + 1)
        done = work()
        refits += 1
        longest = max(longest, budget.elapsed - before)
        return done

    tables: list[pd.DataFrame] = []
    permuted: pd.DataFrame | None = None
    agreed: Agreement | None = None

    def on_fold(number: int) -> pd.DataFrame:
        nonlocal permuted, agreed
        learnt, held_out = divided[number]
        fitted = _refit(model, problem, learnt)
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
        fitted = _refit(wider, replace(problem, table=more), np.arange(len(problem)))
        return noise_floor(_importance(fitted, more, np.arange(len(more.frame)), seed), planted)

    def next_fold(number: int) -> None:
        part = {"part": number + 1, "parts": folds}
        what = say("trust.past", **part) if timed else say("trust.fold", **part)
        if (found := step(what, lambda: on_fold(number))) is not None:
            tables.append(found)

    next_fold(0)
    floor: NoiseFloor | None = step(say("trust.planted"), with_planted)
    for number in range(1, folds):
        next_fold(number)
    stability = importance_stability(tables) if len(tables) > 1 else pd.DataFrame()
    return Trust(
        stability=stability,
        floor=floor,
        permuted=permuted,
        agreement=agreed,
        folds=folds,
        refits=refits,
        left_out=tuple(left_out),
        rows=len(problem),
        total_rows=len(table.frame),
        seconds=budget.elapsed,
    )


def _sampled(problem: Problem, seed: int) -> Problem:
    """At most so many rows, some of every class, and a table of these alone."""
    rows = problem.rows
    if len(rows) > MOST_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(rows), MOST_ROWS, replace=False))
        if problem.classes:
            chosen = with_rare(chosen, problem.target)
        rows = rows[chosen]
    return problem_of(replace(problem.table, frame=problem.table.frame.iloc[rows].reset_index(drop=True)))


def _refit(model: Model, problem: Problem, rows: np.ndarray) -> Model:
    part = problem.frame.iloc[rows]
    recipe = clone(model.pipeline)
    if "model__calibrator" in recipe.get_params():
        recipe.set_params(model__calibrator=None)  # it was learnt from what the champion said of all these rows
    weight = {} if problem.weight is None else {"model__sample_weight": problem.weight[rows]}
    pipeline = recipe.fit(part.loc[:, list(model.columns)], problem.labels[rows], **weight)
    classes = getattr(pipeline[-1], "classes_", None)
    return replace(model, pipeline=pipeline, classes=model.classes if classes is None else tuple(classes))


def _with_columns(pipeline: Pipeline, columns: list[Any]) -> Pipeline:
    # the encoder would else keep to the columns that it knows
    return clone(pipeline).set_params(prepare__columns=columns, encode__names=None)


def _importance(model: Model, table: Table, rows: np.ndarray, seed: int) -> pd.DataFrame:
    part = replace(table, frame=table.frame.iloc[rows].reset_index(drop=True))
    # what is said of a refit's explanation is nothing that the analyst asked for
    found = explain(
        model, part, budget=Budget.unlimited(), events=Events(), seed=seed, max_rows=EXPLAINED, interactions=False
    )
    return found.importance
