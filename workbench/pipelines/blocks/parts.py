"""Which rows are left out together where a block learns from the target."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold

from workbench.contracts.table import Task
from workbench.pipelines.row_facts import RowFacts

PARTS = 5

Parts = list[tuple[np.ndarray, np.ndarray]]
"""Positions that are learnt from, and those that are left out; every row is left out once."""


def parts_of(target: np.ndarray, task: Task, facts: RowFacts, seed: int) -> Parts:
    """Five parts, each with its share of every class; rows of one group are left out together.

    What a row's own group says of the target is not known of groups that are met later: a column that was learnt with
    it would be trusted more than it deserves.

    Args:
        target: numbers, or class codes, shape (rows,).
        facts: groups of the rows.
    """
    rows = np.arange(target.size)
    part = together(facts, PARTS, np.random.default_rng([seed, 71_887]))
    if part is not None:
        return [(rows[part != place], rows[part == place]) for place in np.unique(part)]
    if task is Task.REGRESSION:
        return list(KFold(PARTS, shuffle=True, random_state=seed).split(rows))
    with warnings.catch_warnings():
        # a class too small for each part to have a row of it is no reason to fail
        warnings.simplefilter("ignore", UserWarning)
        number = min(PARTS, int(np.bincount(target.astype(np.intp)).max()))
        return list(StratifiedKFold(max(2, number), shuffle=True, random_state=seed).split(rows, target))


def together(facts: RowFacts, count: int, rng: np.random.Generator) -> np.ndarray | None:
    """A part for each row, below ``count``, that keeps groups whole; ``None`` where there are not two groups."""
    if facts.groups is not None and (number := int(np.unique(facts.groups).size)) > 1:
        return whole_groups(facts.groups, min(count, number), rng)
    return None


def whole_groups(groups: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """A part for each row, 0 to ``count`` - 1, the same for all rows of a group; about as many groups in each."""
    codes = np.unique(groups, return_inverse=True)[1]
    return np.asarray(rng.permutation(np.arange(codes.max() + 1) % count)[codes])
