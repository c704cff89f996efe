"""Pipelines: one file per family of models over one preparation of the raw table.

The champion of a search is a plain scikit-learn ``Pipeline`` of ``prepare`` (raw columns to one matrix), ``encode``
(as the family wants it) and ``model``. Each step says where its columns come from (``sources_out``).
"""

from workbench.pipelines._base import ExplainerKind, Family, Fold, FoldFit, Params, predicted
from workbench.pipelines.assembly import assemble, model_columns, prepared_matrix, source_columns
from workbench.pipelines.clustering import build as build_clustering
from workbench.pipelines.derived import Derived, Prepared
from workbench.pipelines.inner import inner_model, margin_target
from workbench.pipelines.preparation import Preparer
from workbench.pipelines.registry import FAMILIES, families_for, family
from workbench.pipelines.spaces import Parameter, SearchSpace, Start, read_space

__all__ = [
    "FAMILIES",
    "Derived",
    "ExplainerKind",
    "Family",
    "Fold",
    "FoldFit",
    "Parameter",
    "Params",
    "Prepared",
    "Preparer",
    "SearchSpace",
    "Start",
    "assemble",
    "build_clustering",
    "families_for",
    "family",
    "inner_model",
    "margin_target",
    "model_columns",
    "predicted",
    "prepared_matrix",
    "read_space",
    "source_columns",
]
