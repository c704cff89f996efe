"""Exact Shapley values of trees, many rows at a time: what the explanations of every tree model rest on.

Importing this package is light; numba is loaded, and its code with it, by the first call.
"""

from workbench.treeshap.background import interventional_values
from workbench.treeshap.ensemble import NAN_LEFT, NAN_RIGHT, ZERO_LEFT, ZERO_RIGHT, Splits, TreeEnsemble
from workbench.treeshap.values import shapley_interactions, shapley_values
from workbench.treeshap.warming import is_compiled, warm_up

__all__ = [
    "NAN_LEFT",
    "NAN_RIGHT",
    "ZERO_LEFT",
    "ZERO_RIGHT",
    "Splits",
    "TreeEnsemble",
    "interventional_values",
    "is_compiled",
    "shapley_interactions",
    "shapley_values",
    "warm_up",
]
