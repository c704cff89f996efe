"""Which explainer is for which estimator: the first kind that supports it."""

from __future__ import annotations

from typing import Any

from workbench.explain.explainers._base import Explainer
from workbench.explain.explainers.blend import BlendExplainer
from workbench.explain.explainers.boosting import BoostingExplainer
from workbench.explain.explainers.constant import ConstantExplainer
from workbench.explain.explainers.fallback import FallbackExplainer
from workbench.explain.explainers.forest import ForestExplainer
from workbench.explain.explainers.histograms import HistogramsExplainer
from workbench.explain.explainers.linear import LinearExplainer
from workbench.explain.explainers.linear_leaves import LinearLeavesExplainer
from workbench.explain.explainers.own import OwnExplainer
from workbench.explain.explainers.own_trees import OwnTreesExplainer
from workbench.explain.explainers.shap_trees import ShapTreesExplainer

KINDS: tuple[type[Explainer], ...] = (
    ConstantExplainer,
    BlendExplainer,
    LinearExplainer,
    BoostingExplainer,
    LinearLeavesExplainer,
    ForestExplainer,
    HistogramsExplainer,
    OwnTreesExplainer,
    OwnExplainer,
    ShapTreesExplainer,
    FallbackExplainer,
)
"""Exact kinds first; the last one takes what is left."""


def explainer_kind(estimator: Any) -> type[Explainer]:
    """The kind that explains ``estimator``.

    Raises:
        TypeError: ``estimator`` does not predict.
    """
    for kind in KINDS:
        if kind.supports(estimator):
            return kind
    raise TypeError(f"{type(estimator).__name__} does not predict, so there is nothing to explain.")


def warm_up() -> None:
    """Compile the walk over trees, or load it from the cache, so that a later explanation doesn't wait for it."""
    from workbench.treeshap import warm_up as compile_now

    compile_now()
