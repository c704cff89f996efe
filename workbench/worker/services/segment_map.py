"""Where customers lie on a map, by segment: ``segments.map``."""

from __future__ import annotations

import numpy as np

from workbench.contracts import JourneyResult, Segmentation
from workbench.errors import InputError
from workbench.worker.dispatch import of_run
from workbench.worker.shown import Shown
from workbench.worker.views import MapView

POINTS = 1500
"""Customers that are drawn; a terminal has no room for more."""
OUTER = 0.01
"""Share of the customers at each end that stand at the edge, so that a few far ones don't squeeze all others."""


@of_run("segments.map")
def segment_map(shown: Shown, index: int) -> MapView:
    """A sample of the customers in two dimensions, and the centre of each segment among all of them."""
    found = map_view(shown.result, index)
    if found is None:
        raise InputError(f"These segments of {shown.result.name} come without a map.")
    return found


def map_view(result: JourneyResult, index: int) -> MapView | None:
    """The same; ``None`` where there is no map."""
    if not result.segmentations:
        return None
    segmentation = result.segmentations[index % len(result.segmentations)]
    places = segmentation.coordinates
    if not {"x", "y"} <= set(places.columns):
        return None
    x, y = places["x"].to_numpy(dtype=float), places["y"].to_numpy(dtype=float)
    labels = segmentation.labels.reindex(places.index).to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & np.isfinite(labels))
    if not len(known):
        return None
    x, y, labels = x[known], y[known], labels[known].astype(int)
    shown = np.unique(np.linspace(0, len(known) - 1, min(POINTS, len(known))).astype(int))
    edges = [np.quantile(axis, [OUTER, 1 - OUTER]) for axis in (x, y)]
    points = zip(np.clip(x[shown], *edges[0]), np.clip(y[shown], *edges[1]), labels[shown], strict=True)
    return {
        "kind": segmentation.kind.value,
        "rows": len(known),
        "points": [(float(f"{a:.4g}"), float(f"{b:.4g}"), int(segment)) for a, b, segment in points],
        "segments": _centres(segmentation, x, y, labels),
    }


def _centres(segmentation: Segmentation, x: np.ndarray, y: np.ndarray, labels: np.ndarray) -> list[dict[str, object]]:
    """Medians of each segment, how far half of its customers lie from there at most, and the segment nearest to it."""
    found: dict[int, tuple[float, float, float]] = {}
    for segment in segmentation.segments:
        inside = labels == segment.id
        if inside.any():
            a, b = float(np.median(x[inside])), float(np.median(y[inside]))
            found[segment.id] = (a, b, float(np.median(np.hypot(x[inside] - a, y[inside] - b))))
    rows: list[dict[str, object]] = []
    for segment in segmentation.segments:
        here = found.get(segment.id)
        others = {
            other: float(np.hypot(at[0] - here[0], at[1] - here[1]))
            for other, at in found.items()
            if here is not None and other != segment.id
        }
        rows.append(
            {
                "id": segment.id,
                "name": segment.name,
                "size": segment.size,
                "x": here[0] if here is not None else None,
                "y": here[1] if here is not None else None,
                "spread": here[2] if here is not None else None,
                "nearest": min(others, key=lambda other: others[other]) if others else None,
            }
        )
    return rows
