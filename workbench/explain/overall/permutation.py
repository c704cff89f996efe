"""Permutation importance: how much worse predictions become when the cells of one column are dealt out anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Model, Table
from workbench.errors import InputError
from workbench.explain.columns import number_text
from workbench.explain.language import Field, Language, joined, say, some_of
from workbench.explain.overall.losses import CLASS_LOSSES, NUMBER_LOSSES, Known, Loss, LossFunction, known_rows, loss_of
from workbench.explain.sampling.replaced import model_frame, predictions_with, sampled_positions
from workbench.explain.sampling.row_draws import interval, row_weights

COLUMNS = ["column", "increase", "low", "high", "rank"]


def permutation_importance(
    model: Model,
    table: Table,
    *,
    metric: str | LossFunction | None = None,
    repeats: int = 5,
    rows: int = 2_000,
    seed: int = 0,
    budget: Budget | None = None,
    columns: Sequence[str] | None = None,
    positions: np.ndarray | None = None,
    held_out: bool = False,
) -> pd.DataFrame:
    """How much the loss grows when a raw column tells of other rows than their own.

    Breiman 2001, for any model as in Fisher, Rudin & Dominici 2019. It needs the known target and nothing of SHAP,
    so it is a check of SHAP importance from another side. A column whose partner tells the same may get little.

    Args:
        model: fitted.
        table: with the target.
        metric: ``log_loss`` (the default for classes) or ``brier``; ``rmse`` (the default for regression) or ``mae``;
            or a function of the true target (class labels as text, or numbers) and the prediction frame of the same
            rows, of which less is better.
        repeats: permutations of each column; the same for all columns.
        rows: rows that are used at most, drawn from those with a known target.
        seed: of rows, permutations and the bootstrap.
        budget: when it is used, or the next column would overrun it, the others are not begun.
        columns: which, in the order in which they are tried: most important first where time is short. Columns that
            the model does not use get exactly 0. ``None`` takes all that the model uses.
        positions: rows of the table that may be used, such as held-out ones; ``None`` takes all.
        held_out: whether the model was fitted without these rows, which only the caller knows.

    Returns:
        ``column``, ``increase`` of the loss (mean over repeats, negative where chance made the prediction better),
        ``low`` and ``high`` (95 % bootstrap interval over rows and repeats, for this model; rather wide than narrow),
        ``rank`` (1 is the largest; equal ones share the better). Largest first; columns that were not reached come last
        and are NaN. ``attrs`` hold ``metric``, ``loss`` (with all columns as they are), ``rows``, ``repeats``,
        ``held_out``, ``unreached`` and ``note``.

    Raises:
        InputError: under two rows with a known target, no such column, row or metric, or no repeats.
    """
    loss = loss_of(model, metric)
    if repeats < 1:
        raise InputError(f"{repeats} permutations of a column say nothing; choose at least one.")
    wanted = list(dict.fromkeys(model.columns if columns is None else columns))
    absent = [name for name in wanted if name not in table.frame.columns]
    if absent:
        raise InputError(f"There is no column '{absent[0]}' in {table.name}; permute one that is there.")
    known = _some(known_rows(model, table, positions), rows, seed)
    if len(known.positions) < 2:
        raise InputError(
            f"Permutation needs at least two rows with a known target, and {len(known.positions)} of {table.name} "
            "can be used; give it more."
        )
    frame = model_frame(model, table.frame.iloc[known.positions])
    budget = Budget.unlimited() if budget is None else budget
    found: dict[str, tuple[float, float, float]] = {}
    before = budget.elapsed
    trial = _Trial(model, frame, known.truth, loss, repeats, seed)
    longest = budget.elapsed - before  # the rows as they are cost as much as a column
    for name in wanted:
        if name not in model.columns:
            found[name] = (0.0, 0.0, 0.0)
        elif not budget.expired and budget.remaining >= longest:
            before = budget.elapsed
            found[name] = trial.increase(name)
            longest = max(longest, budget.elapsed - before)
    return _told(wanted, found, trial, held_out)


class _Trial:
    """The same rows, permutations and draws for every column."""

    def __init__(
        self, model: Model, frame: pd.DataFrame, truth: np.ndarray, loss: Loss, repeats: int, seed: int
    ) -> None:
        self.model, self.frame, self.truth, self.loss, self.repeats = model, frame, truth, loss, repeats
        random = np.random.default_rng(seed)
        count = len(frame)
        self.rows = np.tile(np.arange(count), repeats)
        self.cells = np.concatenate([random.permutation(count) for _ in range(repeats)])
        # the rows as they are come first
        self.weights = np.vstack([np.ones((1, count)), row_weights(count, seed, loss.draws)])
        # as many copies as permutations: blocks of equal size give equal bits, so an unused column gets exactly 0
        self.base = self._figures(str(frame.columns[0]), self.rows)

    def _figures(self, column: str, cells: np.ndarray) -> np.ndarray:
        """The loss for each repeat and draw, shape (repeats, draws).

        What is drawn again are pairs of a row and the row that it got its cell from, as often as both are drawn: the
        figure is a mean over such pairs, so that drawing rows alone would leave out half of its uncertainty.
        """
        predicted = predictions_with(self.model, self.frame, column, self.rows, cells)
        repeated = zip(
            predicted.reshape(self.repeats, len(self.frame), -1), self.cells.reshape(self.repeats, -1), strict=True
        )
        return np.stack(
            [
                self.loss.figures(self.model, self.truth, one, self.weights * self.weights[:, donors])
                for one, donors in repeated
            ]
        )

    def increase(self, column: str) -> tuple[float, float, float]:
        """Mean over repeats, and its interval."""
        more = self._figures(column, self.cells) - self.base
        draws = more[:, 1:]
        draws = draws[:, np.isfinite(draws).any(axis=0)]  # of few rows a draw may hold no pair, or one class only
        low, high = interval(np.nanmean(draws, axis=0)) if draws.size else (np.array(np.nan), np.array(np.nan))
        return float(more[:, 0].mean()), float(low), float(high)


def _some(known: Known, most: int, seed: int) -> Known:
    chosen = sampled_positions(len(known.positions), most, seed)
    return Known(known.positions[chosen], known.truth[chosen])


def _told(
    wanted: list[str], found: dict[str, tuple[float, float, float]], trial: _Trial, held_out: bool
) -> pd.DataFrame:
    blank = (float("nan"),) * 3
    frame = pd.DataFrame([(name, *found.get(name, blank)) for name in wanted], columns=COLUMNS[:-1])
    frame["column"] = pd.Series(wanted, dtype=object)
    frame["rank"] = frame["increase"].rank(ascending=False, method="min")
    frame = frame.sort_values("increase", ascending=False, kind="stable", ignore_index=True)
    unreached = [name for name in wanted if name not in found]
    told = frame[COLUMNS]
    told.attrs = {
        "metric": trial.loss.name,
        "loss": float(trial.base[0, 0]),
        "rows": len(trial.frame),
        "repeats": trial.repeats,
        "held_out": bool(held_out),
        "unreached": tuple(unreached),
    }
    told.attrs["note"] = permutation_words(told)
    return told


def permutation_words(permuted: pd.DataFrame, language: Language = "en") -> str:
    """What ``permutation_importance`` rests on, in ``language``."""
    about = permuted.attrs
    own = about["metric"] in CLASS_LOSSES or about["metric"] in NUMBER_LOSSES
    loss: Field = say(f"losses.{about['metric']}") if own else str(about["metric"])
    first = "permutation.held_out" if about["held_out"] else "permutation.fitted"
    sentences = [say(first, rows=int(about["rows"]), loss=loss, base=number_text(about["loss"]))]
    if not about["held_out"]:
        sentences.append(say("permutation.leans"))
    if about["unreached"]:
        sentences.append(say("permutation.unreached", columns=some_of(about["unreached"])))
    return joined(sentences).told(language)
