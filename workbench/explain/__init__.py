"""Explanation: exact contributions in the customer's own columns, and what drawings and sentences need of them.

Importing this package is light; shap is imported by the functions that need it.
"""

from workbench.explain.checks import check_words
from workbench.explain.columns import cell_text, number_text
from workbench.explain.effects import Effect, accumulated_local_effects, effect_for, effect_of, partial_dependence
from workbench.explain.engine import explain, explain_rows
from workbench.explain.explainers._base import Contributions, Explainer
from workbench.explain.explainers.dispatch import explainer_kind, warm_up
from workbench.explain.fairness import GroupMetrics, compared_groups, group_metrics, group_of, proxy_columns
from workbench.explain.fairness import words as fairness_words
from workbench.explain.language import LANGUAGES, Language
from workbench.explain.overall.agreement import Agreement, agreement
from workbench.explain.overall.dependence import Dependence, dependence
from workbench.explain.overall.importance import importance_table
from workbench.explain.overall.permutation import permutation_importance, permutation_words
from workbench.explain.overall.planted import NoiseFloor, noise_floor, planted_columns, planted_table
from workbench.explain.overall.related import RelatedPair, related_pairs
from workbench.explain.overall.stability import importance_stability, stability_words
from workbench.explain.overall.trust import Trust, trust
from workbench.explain.segment.drivers import Drivers, segment_drivers
from workbench.explain.segment.membership import members_of
from workbench.explain.segment.surrogate import Surrogate, fit_surrogate
from workbench.explain.shap_object import to_shap
from workbench.explain.single.aim import Aim
from workbench.explain.single.counterfactual import Counterfactual, Counterfactuals, counterfactual
from workbench.explain.single.neighbours import Neighbour, Neighbours, neighbours
from workbench.explain.single.what_if import WhatIf, read_change, what_if
from workbench.explain.views import Step, Swarm, Waterfall, beeswarm, row_position, waterfall
from workbench.explain.words import explanation_words

__all__ = [
    "LANGUAGES",
    "Agreement",
    "Aim",
    "Contributions",
    "Counterfactual",
    "Counterfactuals",
    "Dependence",
    "Drivers",
    "Effect",
    "Explainer",
    "GroupMetrics",
    "Language",
    "Neighbour",
    "Neighbours",
    "NoiseFloor",
    "RelatedPair",
    "Step",
    "Surrogate",
    "Swarm",
    "Trust",
    "Waterfall",
    "WhatIf",
    "accumulated_local_effects",
    "agreement",
    "beeswarm",
    "cell_text",
    "check_words",
    "compared_groups",
    "counterfactual",
    "dependence",
    "effect_for",
    "effect_of",
    "explain",
    "explain_rows",
    "explainer_kind",
    "explanation_words",
    "fairness_words",
    "fit_surrogate",
    "group_metrics",
    "group_of",
    "importance_stability",
    "importance_table",
    "members_of",
    "neighbours",
    "noise_floor",
    "number_text",
    "partial_dependence",
    "permutation_importance",
    "permutation_words",
    "planted_columns",
    "planted_table",
    "proxy_columns",
    "read_change",
    "related_pairs",
    "row_position",
    "segment_drivers",
    "stability_words",
    "to_shap",
    "trust",
    "warm_up",
    "waterfall",
    "what_if",
]
