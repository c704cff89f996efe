"""Explanation: exact contributions in the customer's own columns, and what drawings and sentences need of them.

Importing this package is light; shap is imported by the functions that need it.
"""

from workbench.explain._base import Contributions, Explainer
from workbench.explain.columns import cell_text, number_text
from workbench.explain.dependence import Dependence, dependence
from workbench.explain.dispatch import explainer_kind, warm_up
from workbench.explain.engine import explain, explain_rows
from workbench.explain.importance import importance_table
from workbench.explain.related import RelatedPair, related_pairs
from workbench.explain.shap_object import to_shap
from workbench.explain.views import Step, Swarm, Waterfall, beeswarm, row_position, waterfall
from workbench.explain.what_if import WhatIf, read_change, what_if

__all__ = [
    "Contributions",
    "Dependence",
    "Explainer",
    "RelatedPair",
    "Step",
    "Swarm",
    "Waterfall",
    "WhatIf",
    "beeswarm",
    "cell_text",
    "dependence",
    "explain",
    "explain_rows",
    "explainer_kind",
    "importance_table",
    "number_text",
    "read_change",
    "related_pairs",
    "row_position",
    "to_shap",
    "warm_up",
    "waterfall",
    "what_if",
]
