"""Random trees, for tests of what holds for any."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from workbench.treeshap import Splits, TreeEnsemble


@st.composite
def ensembles(draw: st.DrawFn) -> TreeEnsemble:
    """Random trees: columns asked again and again, shares of nothing and of all, leaves of any size."""
    columns, outputs = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    left, right, roots = [], [], []
    leaves = 0
    for _ in range(draw(st.integers(1, 3))):
        open_ends, first = draw(st.integers(0, 14)), len(left)
        if open_ends == 0:
            leaves += 1
            roots.append(-leaves)
            continue
        roots.append(first)
        ends: list[tuple[int, int]] = []
        for place in range(first, first + open_ends):
            if ends:
                node, side = ends.pop(int(random.integers(len(ends))))
                (left if side == 0 else right)[node] = place
            left.append(0)
            right.append(0)
            ends += [(place, 0), (place, 1)]
        for node, side in ends:
            leaves += 1
            (left if side == 0 else right)[node] = -leaves
    count = len(left)
    share = np.where(random.random(count) < 0.2, random.integers(0, 2, count), random.random(count))
    each = outputs if draw(st.booleans()) else 1
    splits = Splits(
        np.array(left, np.int32), np.array(right, np.int32), random.integers(0, columns, count).astype(np.int32),
        random.normal(size=count).round(1), random.integers(0, 4, count).astype(np.uint8), share,
        np.zeros(count, np.int32), np.full(count, -1, np.int32), np.zeros(count, np.bool_), np.zeros(0, np.uint8),
    )  # fmt: skip
    return TreeEnsemble(
        splits, np.array(roots, np.int32), random.normal(size=(leaves, each)),
        random.integers(0, outputs if each == 1 else 1, len(roots)).astype(np.int32),
        random.normal(size=outputs), columns,
    )  # fmt: skip
