"""What a model says and gets right by group of a declared column, and which columns carry the group."""

from workbench.explain.fairness._base import GroupMetrics
from workbench.explain.fairness.metrics import group_metrics
from workbench.explain.fairness.of_search import compared_groups, group_of
from workbench.explain.fairness.proxies import proxy_columns
from workbench.explain.fairness.words import words

__all__ = ["GroupMetrics", "compared_groups", "group_metrics", "group_of", "proxy_columns", "words"]
