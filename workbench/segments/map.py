"""Where customers lie on a map of two axes."""

from __future__ import annotations

import numpy as np

from workbench.segments.reading import Floats


def map_points(points: Floats) -> Floats:
    """Two principal components for a map, shape (rows, 2); signs fixed so that a map does not flip between runs."""
    centred = points - points.mean(axis=0)
    if len(centred) < 2:
        return np.zeros((len(points), 2))
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, np.argsort(-values, kind="stable")[:2]]
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    flat = centred @ axes
    return flat if flat.shape[1] == 2 else np.column_stack([flat, np.zeros(len(flat))])
