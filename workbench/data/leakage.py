"""Columns that know the answer: alarms, never removals, each with how to leave the column out.

A single column that predicts the target nearly perfectly out of fold, columns that add up to the target, a value that
never comes without it, or a name of something known only afterwards (Kaufman et al., "Leakage in data mining", 2012).
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from workbench.contracts import Check, Column, Kind, Role, Severity, Task
from workbench.data import words
from workbench.data.findings import alarm, shown, warning
from workbench.data.frames import codes

ALARM = 0.98
"""AUC, or R² for numbers, of one column alone from which it is suspected."""
_ROWS = 50_000
_CELLS = 5_000_000
_CLASSES = 10
_BINS = 64
_PAIR_COLUMNS = 60


def leakage_checks(frame: pd.DataFrame, columns: tuple[Column, ...], target: str, task: Task) -> list[Check]:
    """All leakage alarms for the columns that a model may see."""
    seen = [c for c in columns if c.role in (Role.FEATURE, Role.DATE)]
    rows = min(_ROWS, max(2000, _CELLS // max(1, len(seen))))
    sample = frame.iloc[:: max(1, len(frame) // rows)].reset_index(drop=True)
    truth = _truth(sample[target], task)
    strengths = {c.name: single_strength(sample[c.name], truth, task) for c in seen}
    checks = [_strong(name, strength, target, task) for name, strength in strengths.items() if strength > ALARM]
    alarmed = {check.column for check in checks}
    checks += _named(strengths, alarmed, target)
    alarmed |= {check.column for check in checks}
    if task is Task.REGRESSION:
        checks += _sums(frame, [c for c in seen if c.kind in (Kind.INTEGER, Kind.NUMBER)], target, alarmed)
    checks += _giveaways(frame, [c for c in seen if c.name not in alarmed], target, task)
    alarmed |= {check.column for check in checks}
    checks += _dominant({name: value for name, value in strengths.items() if name not in alarmed}, target, task)
    checks += _drift(frame, target, task)
    return checks


def _truth(column: pd.Series, task: Task) -> np.ndarray:
    """Shape (rows, outputs): the number itself, or a column of 0 and 1 per class (one for two, at most ten)."""
    if task is Task.REGRESSION:
        return column.to_numpy(dtype=float)[:, None]
    labels, values = pd.factorize(column, sort=True)
    labels = np.asarray(labels)
    if len(values) == 2:
        return np.asarray(labels == 1, dtype=float)[:, None]
    frequent = np.argsort(-np.bincount(labels, minlength=len(values)), kind="stable")[:_CLASSES]
    return np.asarray(labels[:, None] == frequent, dtype=float)


def single_strength(column: pd.Series, truth: np.ndarray, task: Task) -> float:
    """How well one column alone predicts: AUC (mean over classes) or R², out of two folds.

    Values are put into up to 64 bins of equal size (categories as they are), and a row is predicted by what the other
    fold's rows of its bin had; a number's linear R² counts as well, as it needs no bins.
    """
    bins = _bins(column)
    fold = np.arange(len(bins)) % 2
    score = np.empty_like(truth)
    for held in (0, 1):
        score[fold == held] = _bin_means(bins[fold != held], truth[fold != held], bins.max() + 1)[bins[fold == held]]
    if task is not Task.REGRESSION:
        return float(np.mean([_auc(truth[:, k], score[:, k]) for k in range(truth.shape[1])]))
    goal = truth[:, 0]
    spread = float(((goal - goal.mean()) ** 2).sum())
    binned = 1 - float(((goal - score[:, 0]) ** 2).sum()) / spread if spread else 0.0
    return max(binned, _squared_correlation(column, goal))


def _bins(column: pd.Series) -> np.ndarray:
    kind = column.dtype
    if isinstance(kind, pd.StringDtype) or kind == np.dtype("bool"):
        return np.asarray(pd.factorize(codes(column))[0])
    values = column.astype("int64" if kind.kind == "M" else "float64").to_numpy(dtype=float)
    values = np.where(column.isna().to_numpy(), np.nan, values)
    if np.isnan(values).all():
        return np.zeros(len(values), dtype=int)
    edges = np.unique(np.nanpercentile(values, np.linspace(0, 100, _BINS + 1)[1:-1]))
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))


def _bin_means(bins: np.ndarray, truth: np.ndarray, size: int) -> np.ndarray:
    counts = np.bincount(bins, minlength=size)[:, None]
    sums = np.stack([np.bincount(bins, weights=truth[:, k], minlength=size) for k in range(truth.shape[1])], axis=1)
    return np.asarray((sums + truth.mean(axis=0)) / (counts + 1))


def _auc(truth: np.ndarray, score: np.ndarray) -> float:
    ranks = pd.Series(score).rank().to_numpy()
    positives = truth.sum()
    negatives = len(truth) - positives
    if not positives or not negatives:
        return 0.5
    return float((ranks[truth == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _squared_correlation(column: pd.Series, goal: np.ndarray) -> float:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return 0.0
    values = column.to_numpy(dtype=float)
    valid = ~np.isnan(values)
    if valid.sum() < 0.5 * len(values) or np.ptp(values[valid]) == 0 or np.ptp(goal[valid]) == 0:
        return 0.0
    share = valid.mean()
    best = 0.0
    for transform in (lambda v: v, lambda v: pd.Series(v).rank().to_numpy()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # overflow in enormous numbers gives NaN, which is no alarm
            found = np.corrcoef(transform(values[valid]), transform(goal[valid]))[0, 1] ** 2
        best = max(best, float(found) if np.isfinite(found) else 0.0)
    return best * float(share)


def _option(*names: str) -> str:
    return f"leave it out with --ignore {','.join(names)} or the role ignore, unless it is known beforehand"


def _strong(name: str, strength: float, target: str, task: Task) -> Check:
    measure = "R²" if task is Task.REGRESSION else "AUC"
    return alarm(
        "leakage-suspected",
        name,
        0,
        f"'{name}' alone predicts '{target}' nearly perfectly ({measure} {strength:.3f}): it may be made of it.",
        _option(name),
    )


def _named(strengths: dict[str, float], alarmed: set[str | None], target: str) -> list[Check]:
    """Names of things known afterwards; an alarm where the column is also among the strongest."""
    checks = []
    for name, strength in strengths.items():
        if name in alarmed or not words.is_known_afterwards(name, target):
            continue
        strongest = strength >= max(strengths.values()) or strength >= 0.75
        checks.append(
            Check(
                "leakage-suspected",
                Severity.ALARM if strongest else Severity.WARNING,
                name,
                0,
                f"'{name}' is named as something that is known only when '{target}' is.",
                _option(name),
            )
        )
    return checks


def _sums(frame: pd.DataFrame, columns: list[Column], target: str, alarmed: set[str | None]) -> list[Check]:
    """Pairs of columns whose sum, difference or product is the target in at least 95 % of the rows."""
    goal = frame[target].to_numpy(dtype=float)
    names = [c.name for c in columns if c.name not in alarmed and c.distinct > 2][:_PAIR_COLUMNS]
    values = {name: frame[name].to_numpy(dtype=float) for name in names}
    nonzero = np.flatnonzero(goal)
    if len(nonzero) < 20:
        return []
    probe = nonzero[:: max(1, len(nonzero) // 200)]
    checks = []
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            for sign, made in _combinations(values[first][probe], values[second][probe]):
                if not _equal(made, goal[probe]) or not _informative(sign, values[first], values[second], nonzero):
                    continue
                whole = dict(_combinations(values[first][nonzero], values[second][nonzero]))[sign]
                if _equal(whole, goal[nonzero]):
                    told = {"+": f"'{first}' + '{second}'", "-": f"'{first}' - '{second}'",
                            "r": f"'{second}' - '{first}'", "*": f"'{first}' x '{second}'"}[sign]  # fmt: skip
                    checks += [
                        alarm("leakage-suspected", name, len(nonzero),
                              f"{told} is '{target}' in nearly every row.", _option(first, second))
                        for name in (first, second)
                    ]  # fmt: skip
    return checks


def _combinations(first: np.ndarray, second: np.ndarray) -> list[tuple[str, np.ndarray]]:
    with np.errstate(over="ignore", invalid="ignore"):
        return [("+", first + second), ("-", first - second), ("r", second - first), ("*", first * second)]


def _equal(made: np.ndarray, goal: np.ndarray) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.mean(np.abs(made - goal) <= 1e-6 * np.maximum(np.abs(goal), 1.0)) >= 0.95)


def _informative(sign: str, first: np.ndarray, second: np.ndarray, rows: np.ndarray) -> bool:
    """Both parts matter: adding a column that is nearly always zero makes no sum."""
    neutral = 1.0 if sign == "*" else 0.0
    return all(np.mean(part[rows] == neutral) < 0.95 for part in (first, second))


def _giveaways(frame: pd.DataFrame, columns: list[Column], target: str, task: Task) -> list[Check]:
    """A value, or any amount, that always comes with the rare class (or, for numbers mostly 0, with another)."""
    if task is Task.BINARY:
        rare = frame[target].value_counts().index[-1]
        positive, label = (frame[target] == rare).to_numpy(dtype=bool), shown(rare)
    elif task is Task.REGRESSION:
        positive, label = (frame[target] != 0).to_numpy(dtype=bool), "not 0"
    else:
        return []
    share = positive.mean()
    if share > 0.4:
        return []
    checks = []
    for column in columns:
        values = frame[column.name]
        if column.kind in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN) and (values.min() == 0 or column.distinct == 2):
            groups = {"not 0": (values.notna() & (values != 0)).to_numpy(dtype=bool)}
        elif column.kind is Kind.CATEGORY and column.distinct <= 20:
            groups = {shown(level): (values == level).to_numpy(dtype=bool) for level in values.dropna().unique()}
        else:
            continue
        for what, rows in groups.items():
            if rows.sum() >= 50 and positive[rows].all():
                checks.append(
                    alarm(
                        "leakage-suspected",
                        column.name,
                        int(rows.sum()),
                        f"Whenever '{column.name}' is {what}, '{target}' is {label}, as in {share:.1%} of all rows: "
                        "it may be a consequence of it.",
                        _option(column.name),
                    )
                )
                break
    return checks


def _dominant(strengths: dict[str, float], target: str, task: Task) -> list[Check]:
    """One column far ahead of all others."""
    ordered = sorted(strengths.items(), key=lambda pair: -pair[1])
    if len(ordered) < 3 or ordered[0][1] < 0.8 or ordered[0][1] - ordered[1][1] < 0.1:
        return []
    (name, best), (_, second) = ordered[:2]
    measure = "R²" if task is Task.REGRESSION else "AUC"
    return [
        warning("dominant-column", name, 0,
              f"'{name}' alone reaches {measure} {best:.2f}, the next column {second:.2f}.",
              f"make sure that it is known before '{target}' is")
    ]  # fmt: skip


def _drift(frame: pd.DataFrame, target: str, task: Task) -> list[Check]:
    """The target differs between the beginning and the end of the file: rows in time order, or sorted by it."""
    part = len(frame) // 5
    if part < 100:
        return []
    truth = _truth(frame[target], task)
    first, last = truth[:part], truth[-part:]
    error = np.sqrt((first.var(axis=0) + last.var(axis=0)) / part)
    gap = np.abs(first.mean(axis=0) - last.mean(axis=0))
    spread = truth.std(axis=0)
    strong = (gap > 6 * error) & (gap > 0.3 * spread)
    if not strong.any():
        return []
    k = int(np.argmax(gap / np.maximum(spread, 1e-12)))
    return [
        warning("order-drift", target, 0,
              f"'{target}' changes along the file (mean {first[:, k].mean():.3g} in the first fifth, "
              f"{last[:, k].mean():.3g} in the last): rows may be in time order, where a random split is too hopeful.",
              "name the column that orders the rows with --time, if there is one")
    ]  # fmt: skip
