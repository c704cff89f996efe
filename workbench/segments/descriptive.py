"""Descriptive segments of a table, described and judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.budget import Budget
from workbench.contracts import Segmentation, SegmentationKind
from workbench.events import Events
from workbench.segments.assemble import assemble, nothing, order_of, too_little
from workbench.segments.assigners import ByCluster
from workbench.segments.clusters import Clustered, cluster
from workbench.segments.describe import rules_for
from workbench.segments.ground import Ground
from workbench.segments.limits import Limits
from workbench.segments.measures import describability, internal_indices, plain_matrix
from workbench.segments.null import DISSOLVED
from workbench.segments.space import Space

KIND = SegmentationKind.DESCRIPTIVE
_NO_LIMITS = Limits(smallest_share=0.0, smallest_rows=2, largest_share=1.0)


def descriptive(
    ground: Ground, space: Space, coordinates: pd.DataFrame, *, fixed: int | None, budget: Budget, events: Events
) -> Segmentation:
    """Search for clusters and describe the best ones.

    Args:
        fixed: the number of segments that the analyst wants; then they are shown even when nothing was found.
    """
    method = "clusters of similar customers"
    if reason := too_little(ground):
        return nothing(ground, KIND, method=method, because=_none(reason), coordinates=coordinates)
    result = cluster(ground, space, Limits(), budget=budget, events=events)
    if not isinstance(result, Clustered) and fixed is not None:
        events.notice("segments", f"{fixed} segments can't keep the size limits: {result[0]}; the limits were lifted.")
        result = cluster(ground, space, _NO_LIMITS, budget=budget, events=events)
    if not isinstance(result, Clustered):
        why, trials = result
        return nothing(ground, KIND, method=method, because=_none(why), coordinates=coordinates, trials=trials)
    quality = _quality(ground, result)
    solution = result.solution
    recipe = solution.recipe
    method = f"{recipe.algorithm}, {recipe.scaling} scaling, {recipe.clusters} segments"
    if not result.found and fixed is None:
        return nothing(
            ground, KIND, method=method, because=_none(result.why_not), coordinates=coordinates,
            trials=result.trials, quality=quality,
        )  # fmt: skip
    raw = ByCluster(solution.embedding, solution.model, tuple(range(recipe.clusters))).of(
        ground.table.frame, ground.reading
    )
    order = order_of(ground, raw, recipe.clusters)
    place = np.argsort(order)
    labels = place[raw]
    return assemble(
        ground,
        KIND,
        method=method,
        labels=labels,
        rules=rules_for(ground, labels, recipe.clusters),
        division=ByCluster(solution.embedding, solution.model, tuple(int(one) for one in place)),
        stability=solution.stability[order],
        quality=quality,
        because=_words(result, fixed, ground.outcome_name),
        found=result.found,
        trials=result.trials,
        coordinates=coordinates,
        honest=False,
    )


def _none(reason: str) -> str:
    return f"No segment structure beyond what single columns show: {reason}."


def _quality(ground: Ground, result: Clustered) -> dict[str, float]:
    solution, sampled = result.solution, ground.sampled
    matrix = plain_matrix(ground.view, sampled)
    quality = {
        "stability_min": float(solution.stability.min()),
        "stability_mean": float(solution.stability.mean()),
        "stability_null": solution.null,
        "rule_balanced_accuracy": describability(matrix, solution.labels, ground.train, ground.held_out, ground.seed),
        "rule_balanced_accuracy_chance": 1.0 / solution.recipe.clusters,
        "spread_explained": result.null.spread,
        "spread_explained_null": result.null.null_spread,
        "null_p_value": result.null.p_value,
        "objective": solution.value,
    }
    if solution.eta2 is not None:
        quality["outcome_eta2"] = solution.eta2
    return quality | internal_indices(
        solution.embedding.encode(ground.table.frame.iloc[ground.sample]), solution.labels, ground.seed
    )


def _words(result: Clustered, fixed: int | None, outcome: str | None) -> str:
    solution = result.solution
    judged = f"what they tell about {outcome}, " if solution.eta2 is not None else ""
    tried = sum(1 for trial in result.trials if trial.score is not None)
    start = f"{fixed} segments, as asked" if fixed is not None else f"{solution.recipe.clusters} segments"
    words = (
        f"{start}: the best product of {judged}stability (beyond that of shuffled columns) and describability "
        f"(beyond chance) among {tried} solutions within the size limits"
    )
    least = float(solution.stability.min())
    if least < DISSOLVED:
        words += f"; the least stable segment often dissolves in other samples (Jaccard {least:.2f})"
    if not result.found:
        words += f"; but there is no segment structure beyond what single columns show: {result.why_not}"
    return f"{words}."
