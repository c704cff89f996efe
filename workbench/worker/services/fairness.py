"""How the champion does by group: ``probe.group_columns`` to choose from, ``probe.fairness`` for one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workbench.contracts import SearchResult, Task
from workbench.errors import InputError
from workbench.explain import GroupMetrics, fairness_words, group_metrics, proxy_columns
from workbench.worker.chosen import EXPLAINED, Chosen, chosen_model
from workbench.worker.dispatch import service
from workbench.worker.explain_views import FairnessView
from workbench.worker.plain import plain
from workbench.worker.session import Session

PROXIES = 12


@service("probe.group_columns")
def group_columns(session: Session, model: str = EXPLAINED) -> list[dict[str, Any]]:
    """Columns by whose groups can be compared: all of the table but the target, used by the model or not."""
    shown = chosen_model(session, model)
    return [
        {
            "name": column.name,
            "kind": column.kind.value,
            "role": column.role.value,
            "distinct": column.distinct,
            "used": column.name in shown.model.columns,
        }
        for column in shown.result.table.columns
        if column.name != shown.result.table.target
    ]


@service("probe.fairness")
def fairness(session: Session, column: str, output: int = 0, model: str = EXPLAINED) -> FairnessView:
    """Figures by group from predictions of held-out customers, and columns that carry a group."""
    shown = chosen_model(session, model)
    table = shown.result.table
    if column not in table.frame.columns:
        raise InputError(f"There is no column '{column}' in {table.name}.")
    key = f"fairness by {column!r} of {output} in {shown.which}"
    if key not in session.cache:
        group = table.frame[column]
        metrics = _metrics(shown, group)
        proxies = proxy_columns(
            shown.explanation, group.iloc[shown.explanation.rows], output=output, seed=shown.result.seed
        )
        session.cache[key] = _view(shown, metrics, proxies)
    found: FairnessView = session.cache[key]
    return found


def _metrics(shown: Chosen, group: pd.Series) -> GroupMetrics:
    """Of the champion: its predictions of held-out rows are the ones that are kept."""
    search, table = shown.search, shown.result.table
    prediction = _out_of_fold(search)
    if len(prediction) != len(table.frame) or not np.isfinite(prediction.to_numpy()).any():
        raise InputError(f"{shown.result.name} keeps no predictions of held-out customers to compare groups by.")
    model = search.champion
    two = search.task is Task.BINARY
    return group_metrics(
        group,
        table.frame[model.target].to_numpy(),
        prediction,
        search.task,
        positive=model.classes[model.positive] if two else None,
        threshold=model.threshold if two and model.threshold is not None else 0.5,
        emphasis=None if two else model.emphasis,
        seed=shown.result.seed,
    )


def _out_of_fold(search: SearchResult) -> pd.DataFrame:
    said = np.asarray(search.out_of_fold, dtype=np.float64)
    if search.task is Task.REGRESSION:
        return pd.DataFrame({"prediction": said.ravel()})
    return pd.DataFrame(said, columns=[str(label) for label in search.champion.classes])


def _view(shown: Chosen, metrics: GroupMetrics, proxies: pd.DataFrame) -> FairnessView:
    told = proxies[proxies["proxy"] | proxies["itself"]]
    compared = metrics.comparisons[metrics.comparisons["value"].notna()]
    if len(compared):
        # what is told from chance stands first, the figures that it rests on next to each other
        compared = compared.sort_values("clear", ascending=False, kind="stable")
    return {
        "column": metrics.column,
        "family": shown.search.champion.family,
        "explained": shown.model.family,
        "groups": _rows(metrics.groups, "group", "rows", "share"),
        "comparisons": _rows(
            compared, "measure", "group", "against", "value", "adjusted_low", "adjusted_high", "clear", "counted"
        ),
        "figures": _rows(metrics.figures, "group", "metric", "value", "low", "high", "rows"),
        "proxies": _rows(told.head(PROXIES), "group", "column", "auc", "difference", "low", "high", "itself", "proxy"),
        "words": list(fairness_words(metrics, proxies=proxies, features=shown.model.columns)),
        "rows": int(metrics.groups["rows"].sum()) if len(metrics.groups) else 0,
        "total_rows": len(shown.result.table.frame),
    }


def _rows(table: pd.DataFrame, *keys: str) -> list[dict[str, Any]]:
    return [{key: plain(row[key]) for key in keys} for row in table.to_dict("records")]
