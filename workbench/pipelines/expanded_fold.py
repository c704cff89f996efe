"""A fold whose rows have the columns of feature blocks as well; to a family it is a fold like any other."""

from __future__ import annotations

import dataclasses

import numpy as np

from workbench.pipelines._base import Fold
from workbench.pipelines.blocks import Expansion

_KEPT = 2
"""Expanded folds that stay in memory per fold: a search tries one set of blocks and mostly stays with another."""
_LARGE_BYTES = 50_000_000
"""Folds that are larger are expanded anew for every fit: a process may have several."""


def expanded_fold(fold: Fold, blocks: str, seed: int) -> tuple[Fold, Expansion]:
    """The fold with more columns, learnt from its training rows alone; kept in its cache if it is small.

    Returns:
        a fold of the training rows followed by the test rows, and what made its columns.
    """
    kept: dict[tuple[str, int], tuple[Fold, Expansion]] = fold.cache.setdefault("expanded", {})
    key = (blocks, seed)
    if key not in kept:
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        expansion = Expansion(blocks, fold.task, seed)
        order = np.concatenate([fold.train, fold.test])
        rows = expansion.learnt_on(fold.prepared, fold.target, fold.train, fold.test, fold.facts)
        facts = fold.facts.take(order)
        expanded = dataclasses.replace(
            fold,
            prepared=rows,
            target=fold.target[order],
            weight=facts.weight,
            groups=facts.groups,
            train=np.arange(fold.train.size),
            test=np.arange(fold.train.size, order.size),
            cache={},
        )
        if fold.prepared.matrix.nbytes > _LARGE_BYTES:
            return expanded, expansion
        kept[key] = (expanded, expansion)
    return kept[key]
