"""Which rows are in a segment, asked in the one way for command line, report and interface."""

from __future__ import annotations

import numpy as np

from workbench.contracts import Explanation, Segmentation, Table


def members_of(segmentation: Segmentation, segment: int, explanation: Explanation, table: Table) -> np.ndarray:
    """Whether each explained row is in the segment with this id, shape (explained rows,)."""
    labels = segmentation.labels.reindex(table.frame.index[explanation.rows])
    inside: np.ndarray = (labels == segment).to_numpy(dtype=bool)
    return inside
