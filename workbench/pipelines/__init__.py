"""Pipelines: one file per family of models over one preparation of the raw table.

The champion of a search is a plain scikit-learn ``Pipeline`` of ``prepare`` (raw columns to one matrix), ``encode``
(as the family wants it) and ``model``. Each step says where its columns come from (``sources_out``).
"""

from workbench.pipelines._base import ExplainerKind, Family, Fold, FoldFit, Params, predicted
from workbench.pipelines.assembly import assemble, block_columns, model_columns, prepared_matrix, source_columns
from workbench.pipelines.blocks import BLOCK_COLUMNS, BLOCKS, SEPARATOR, Expansion, blocks_for
from workbench.pipelines.derived import Derived, Prepared
from workbench.pipelines.encoders import Encoder, ExpandedEncoder
from workbench.pipelines.expanded_fold import expanded_fold
from workbench.pipelines.inner import inner_model, margin_target
from workbench.pipelines.parts.text import reading_seconds
from workbench.pipelines.preparation import TOPICS, Preparer
from workbench.pipelines.registry import FAMILIES, chosen_families, families_for, family, packages_of
from workbench.pipelines.spaces import Parameter, SearchSpace, Start, read_space

__all__ = [
    "BLOCKS",
    "BLOCK_COLUMNS",
    "FAMILIES",
    "SEPARATOR",
    "TOPICS",
    "Derived",
    "Encoder",
    "ExpandedEncoder",
    "Expansion",
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
    "block_columns",
    "blocks_for",
    "chosen_families",
    "expanded_fold",
    "families_for",
    "family",
    "inner_model",
    "margin_target",
    "model_columns",
    "packages_of",
    "predicted",
    "prepared_matrix",
    "read_space",
    "reading_seconds",
    "source_columns",
]
