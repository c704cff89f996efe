"""A fold whose rows have the columns of feature blocks as well; to a family it is a fold like any other."""

from __future__ import annotations

import dataclasses

import numpy as np

from workbench.pipelines._base import Fold
from workbench.pipelines.blocks import Expansion
from workbench.pipelines.derived import Prepared

_KEPT = 2
"""Expanded folds that stay in memory per fold: a search tries one set of blocks and mostly stays with another."""


def expanded_fold(fold: Fold, blocks: str, seed: int) -> tuple[Fold, Expansion]:
    """The fold with more columns, learnt from its training rows alone; kept in its cache.

    Returns:
        a fold of the training rows followed by the test rows, and what made its columns.
    """
    kept: dict[tuple[str, int], tuple[Fold, Expansion]] = fold.cache.setdefault("expanded", {})
    key = (blocks, seed)
    if key not in kept:
        expansion = Expansion(blocks, fold.task, seed)
        train = expansion.fit_transform(fold.prepared.take(fold.train), fold.target[fold.train])
        test = expansion.transform(fold.prepared.take(fold.test))
        order = np.concatenate([fold.train, fold.test])
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        expanded = dataclasses.replace(
            fold,
            prepared=Prepared(np.concatenate([train.matrix, test.matrix]), train.derived),
            target=fold.target[order],
            weight=None if fold.weight is None else fold.weight[order],
            train=np.arange(fold.train.size),
            test=np.arange(fold.train.size, order.size),
            cache={},
        )
        kept[key] = (expanded, expansion)
    return kept[key]
