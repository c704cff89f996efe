"""How the champion does by group: ``probe.group_columns`` to choose from, ``probe.fairness`` for one of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.contracts import Column, Kind, Role
from workbench.explain import GroupMetrics, compared_groups, fairness_words, group_of, proxy_columns
from workbench.worker.chosen import EXPLAINED, Chosen, chosen_model
from workbench.worker.dispatch import of_run
from workbench.worker.explain_views import FairnessView
from workbench.worker.records import records
from workbench.worker.shown import Shown

PROXIES = 12


@of_run("probe.group_columns")
def group_columns(shown: Shown, model: str = EXPLAINED) -> list[dict[str, Any]]:
    """Columns by whose groups can be compared: all of the table but the target, those with proper groups first."""
    chosen = chosen_model(shown, model)
    table = chosen.result.table
    return [
        {
            "name": column.name,
            "kind": column.kind.value,
            "role": column.role.value,
            "distinct": column.distinct,
            "used": column.name in chosen.model.columns,
        }
        for column in sorted(table.columns, key=_as_groups)
        if column.name != table.target
    ]


def _as_groups(column: Column) -> int:
    """Declared groups, then categories, then what is cut into bands; last what is different in nearly every row."""
    if column.role is Role.GROUP:
        return 0
    if column.role is Role.ID or column.kind is Kind.TEXT:
        return 3
    return 1 if column.kind in (Kind.CATEGORY, Kind.BOOLEAN) else 2


@of_run("probe.fairness")
def fairness(shown: Shown, column: str, output: int = 0, model: str = EXPLAINED) -> FairnessView:
    """Figures by group from predictions of held-out customers, and columns that carry a group."""
    chosen = chosen_model(shown, model)

    def compare() -> FairnessView:
        result, explanation = chosen.result, chosen.explanation
        group = group_of(result.table, column)
        # held-out predictions of the champion: the same whatever is explained of which class, and the longest part
        metrics = shown.answer(
            f"groups by {column!r}",
            None,
            lambda: compared_groups(result.table, chosen.search, group, seed=result.seed),
        )
        carried = group.iloc[explanation.rows]
        return _view(chosen, metrics, proxy_columns(explanation, carried, output=output, seed=result.seed))

    return chosen.once(f"fairness by {column!r} of {output}", compare)


def _view(chosen: Chosen, metrics: GroupMetrics, proxies: pd.DataFrame) -> FairnessView:
    told = proxies[proxies["proxy"] | proxies["itself"]]
    compared = metrics.comparisons[metrics.comparisons["value"].notna()]
    if len(compared):
        # what is told from chance stands first, the figures that it rests on next to each other
        compared = compared.sort_values("clear", ascending=False, kind="stable")
    return {
        "column": metrics.column,
        "family": chosen.search.champion.family,
        "explained": chosen.model.family,
        "groups": records(metrics.groups, "group", "rows", "share"),
        "comparisons": records(
            compared, "measure", "group", "against", "value", "adjusted_low", "adjusted_high", "clear", "counted"
        ),
        "figures": records(metrics.figures, "group", "metric", "value", "low", "high", "rows"),
        "proxies": records(
            told.head(PROXIES), "group", "column", "auc", "difference", "low", "high", "itself", "proxy"
        ),
        "words": list(fairness_words(metrics, proxies=proxies, features=chosen.model.columns)),
        "rows": int(metrics.groups["rows"].sum()) if len(metrics.groups) else 0,
        "total_rows": len(chosen.result.table.frame),
    }
