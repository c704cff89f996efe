"""Which columns work together in a model: the Shapley interaction values of the most important ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.events import Events
from workbench.explain.explainers._base import Explainer, Matrix, take
from workbench.explain.grouping import Grouping
from workbench.explain.overall.importance import bootstrap_interval

COLUMNS = 10
"""Most important columns whose pairs are looked at."""
ROWS = 500
PAIRS = 15
"""Pairs that are told."""
PROBE, BLOCK = 16, 64
"""Rows that are timed, and rows of a block after that."""
TABLE = ["first", "second", "strength", "low", "high", "share", "rows"]


def top_interactions(
    explainer: Explainer,
    matrix: Matrix,
    grouping: Grouping,
    values: np.ndarray,
    names: Sequence[str],
    *,
    budget: Budget,
    events: Events,
    seed: int = 0,
) -> pd.DataFrame | None:
    """Pairs of source columns by what they contribute together beyond what each does alone.

    Lundberg et al. 2020, "From local explanations to global understanding with explainable AI for trees", section on
    SHAP interaction values.

    Args:
        matrix: rows as the estimator sees them, in an order of which every beginning represents all.
        values: contributions of all explained rows, shape (rows, source columns, outputs).
        names: of the source columns.
        budget: rows are looked at until it is used, at most 500.

    Returns:
        ``first``, ``second``, ``strength`` (mean |2 Φ_ij| over rows and outputs), ``low`` and ``high`` (its 95 %
        bootstrap interval over rows), ``share`` (of all that is attributed to columns), ``rows`` (that were looked at),
        strongest first. No rows for a model without interactions; ``None`` where they can't be known, or there was no
        time for them.

    Raises:
        Stopped: the user asked to end.
    """
    if explainer.additive:
        return pd.DataFrame(columns=TABLE)
    sizes = np.abs(values).mean(axis=(0, 2))
    chosen = [int(j) for j in np.argsort(-sizes, kind="stable")[:COLUMNS] if sizes[j] > 0]
    if len(chosen) < 2:
        return pd.DataFrame(columns=TABLE)
    groups, shares = _groups(grouping, chosen)
    pairs = list(combinations(range(len(chosen)), 2))
    parts: list[np.ndarray] = []
    most, done, size = min(ROWS, matrix.shape[0]), 0, PROBE
    while done < most and size > 0:
        events.check_stop()
        before = budget.elapsed
        block = take(matrix, np.arange(done, min(done + size, most)))
        found = explainer.interactions(block, groups)
        if found is None:
            return None
        by_source = np.einsum("ga,rgho,hb->rabo", shares[: found.shape[1]], found, shares[: found.shape[1]])
        parts.append(np.stack([np.abs(2 * by_source[:, a, b]).mean(axis=1) for a, b in pairs], axis=1))
        done += block.shape[0]
        if budget.limited:
            # a few rows cost as much as a block of them, and the next may cost more
            size = min(BLOCK, int(budget.remaining / max(1e-9, budget.elapsed - before) * block.shape[0] / 2))
        else:
            size = BLOCK
    each = np.concatenate(parts)
    strength, (low, high) = each.mean(axis=0), bootstrap_interval(each, seed)
    table = pd.DataFrame(
        {
            "first": [names[chosen[a]] for a, _ in pairs],
            "second": [names[chosen[b]] for _, b in pairs],
            "strength": strength,
            "low": low,
            "high": high,
            "share": strength / float(sizes.sum()),
            "rows": len(each),
        }
    )
    # what is nothing but rounding is no interaction
    table = table[table["strength"] > 1e-12 * float(sizes.max())]
    return table.sort_values("strength", ascending=False, kind="stable", ignore_index=True).head(PAIRS)


def _groups(grouping: Grouping, chosen: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The group of each derived column, and which part of each group is each chosen source's.

    Derived columns of one source are a group, those that some sources share another; all the rest is one, too, so that
    what stands on the diagonal is a group's own.

    Returns:
        shape (derived columns,), and shape (groups, chosen sources).
    """
    owners = list(chosen)
    for number, members in enumerate(grouping.shared):
        if any(source in chosen for source in members):
            owners.append(grouping.sources + number)
    place_of = {owner: place for place, owner in enumerate(owners)}
    groups = np.array([place_of.get(int(owner), len(owners)) for owner in grouping.owners], dtype=np.int64)
    shares = np.zeros((len(owners) + 1, len(chosen)))
    for owner, place in place_of.items():
        members = (owner,) if owner < grouping.sources else grouping.shared[owner - grouping.sources]
        for source in members:
            if source in chosen:
                shares[place, chosen.index(source)] = 1 / len(members)
    return groups, shares
