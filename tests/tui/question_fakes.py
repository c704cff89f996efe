"""What a fake worker answers to questions beyond importance, as hostile as the rest; nothing is ever shipped."""

from __future__ import annotations

import itertools
import math
from typing import Any

NASTY = "[bold]basket[/]"
CREATED = "2026-11-23T10:00:00"
_states = itertools.count(1)


def look_at(run_id: str = "a" * 32, created: str = CREATED) -> str:
    """What names a look at a run."""
    return f"look at {run_id} of {created}"


def pairs_view(**_: Any) -> dict[str, Any]:
    names = [("visits", NASTY), ("visits", "购买频率"), ("age", "[/]")]
    pairs = [
        {"first": first, "second": second, "strength": 4.0 / (at + 1), "low": 3.0 / (at + 1), "high": 5.0 / (at + 1),
         "share": 0.1 / (at + 1)}
        for at, (first, second) in enumerate(names)
    ]  # fmt: skip
    return {"pairs": pairs, "unit": "log-odds", "note": ""}


def split_view(first: str, second: str, **_: Any) -> dict[str, Any]:
    cells = [[{"mean": row - column / 3, "rows": 40} for column in range(3)] for row in range(2)]
    cells[1][2] = {"mean": None, "rows": None}
    return {"first": first, "second": second, "bands": ["to 3", "over 3"], "parts": ["low", NASTY, "missing"],
            "cells": cells, "unit": "log-odds"}  # fmt: skip


def effect_view(column: str, **_: Any) -> dict[str, Any]:
    numeric = column != "region"
    points = [
        {"x": float(at), "label": str(at) if numeric else f"[b]level {at}", "effect": 0.5 + 0.3 * math.tanh(at - 5),
         "low": 0.4 + 0.3 * math.tanh(at - 5), "high": 0.6 + 0.3 * math.tanh(at - 5), "spread_low": None,
         "spread_high": None, "support": 40}
        for at in range(10)
    ]  # fmt: skip
    points.append({**points[0], "x": None if numeric else 10.0, "label": "missing"})
    return {
        "column": column, "output": "yes [/]", "space": "probability", "numeric": numeric, "rows": 500,
        "method": "partial dependence (Friedman 2001)", "points": points,
        "note": f"Partial dependence is shown because '{column}' does not go strongly together with another column.",
    }  # fmt: skip


def lookalikes_view(row: int, **_: Any) -> dict[str, Any]:
    differs = [{"column": NASTY, "own": "3", "theirs": "[/]東京"}, {"column": "visits", "own": "27", "theirs": "3"}]
    found = [
        {"row": 500 + at, "id": f"[i]{at}", "distance": 0.1 + at / 10, "outcome": "no (81.0%)", "known": "no",
         "differs": differs, "more": at}
        for at in range(3)
    ]  # fmt: skip
    return {
        "row": row,
        "id": "[b]100003",
        "now": "yes (71.0%)",
        "found": found,
        "note": "",
        "closing": "Others.",
        "rows": 500,
        "total_rows": 999,
    }


def changes_view(row: int, aim: str, columns: str, **_: Any) -> dict[str, Any]:
    changes = [{"column": "visits", "before": "27", "after": "9", "text": "visits=9"},
               {"column": NASTY, "before": "3", "after": "[/]", "text": f"{NASTY}=[/]"}]  # fmt: skip
    one = {"before": "yes (71.0%)", "after": "no (51.0%)", "shares": True, "plausible": True, "nearest": 0.1}
    found = [{**one, "changes": changes[:1], "distance": 0.1}, {**one, "changes": changes, "distance": 0.2}]
    return {"row": row, "aim": aim or "a predicted class other than 'yes'", "found": found, "reason": "", "tried": 40,
            "levers": ["visits"], "left_out": [f"{NASTY}: no other value"], "closing": "",
            "rows": 1000, "total_rows": 1000}  # fmt: skip


def group_columns(**_: Any) -> list[dict[str, Any]]:
    names = [("customer_id", "integer", "id"), ("age", "integer", "feature"), (NASTY, "category", "feature"),
             ("购买频率", "number", "feature"), ("region", "category", "group")]  # fmt: skip
    return [
        {"name": name, "kind": kind, "role": role, "distinct": 1000 - at, "used": role == "feature"}
        for at, (name, kind, role) in enumerate(names)
    ]


def fairness_view(column: str, **_: Any) -> dict[str, Any]:
    groups = ["[b]north", "東京", "south"]
    compared = [
        {"measure": measure, "group": group, "against": groups[0], "value": 0.2 if clear else 0.01,
         "adjusted_low": 0.1, "adjusted_high": 0.3, "clear": clear, "counted": True}
        for measure, group, clear in (("demographic parity difference", groups[1], True),
                                      ("equal opportunity difference", groups[2], False))
    ]  # fmt: skip
    figures = [
        {"group": group, "metric": metric, "value": 0.5, "low": None if at else 0.4, "high": None if at else 0.6,
         "rows": 300.0}
        for metric in ("selection rate", "AUC") for at, group in enumerate(groups)
    ]  # fmt: skip
    proxies = [{"group": groups[1], "column": NASTY, "auc": 0.71, "difference": 0.4, "low": 0.3, "high": 0.5,
                "itself": False, "proxy": True}]  # fmt: skip
    return {
        "column": column, "family": "ensemble", "explained": "lightgbm", "proxies": proxies, "figures": figures,
        "groups": [{"group": group, "rows": 300, "share": 1 / 3} for group in groups], "comparisons": compared,
        "words": ["Held-out rows by group [/].", "All of this is association."], "rows": 900, "total_rows": 1000,
    }  # fmt: skip


def work_view(kind: str = "trust", state: str = "running", **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind, "model": "explained", "run": look_at(), "state": state, "message": "Fitting [/] anew",
        "done": 1, "total": 4, "grown": 0, "error": "", "detail": "", "at": next(_states),
        **changes,
    }  # fmt: skip


def trust_found() -> dict[str, Any]:
    names = ["visits", NASTY, "购买频率"]
    stability = [
        {"column": name, "share": 0.5 / (at + 1), "low": 0.4 / (at + 1), "high": 0.6 / (at + 1), "rank": 1.0 + at,
         "sign_agreement": None if at == 1 else 0.667, "folds": 3}
        for at, name in enumerate(names)
    ]  # fmt: skip
    permuted = [
        {"column": name, "increase": None if at == 2 else 0.3, "low": None, "high": None, "rank": 1.0 + at}
        for at, name in enumerate(names)
    ]
    return {
        "words": ["Over 3 models the order is the same [/]."], "seconds": 12.5, "stability": stability,
        "agreement": 0.9, "permuted": permuted, "loss": "log_loss", "correlation": 0.8,
        "floor": {"share": 0.02, "floor": 0.1, "planted": ["a"], "below": ["购买频率"], "luck": 0.25},
    }  # fmt: skip


def trust_view(
    work: dict[str, Any] | None = None, found: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    return {"family": "lightgbm", "instead": "", "seconds": 180.0, "work": work, "found": found, **changes}


def drivers_view(index: int, segment: int, output: int = 0) -> dict[str, Any]:
    rows = [
        {"column": name, "inside": 1.0, "outside": 0.5, "difference": 0.5 - at, "low": 0.3 - at, "high": 0.7 - at,
         "value_inside": "mostly [/] (61%)", "value_outside": "median 3"}
        for at, name in enumerate(["visits", NASTY])
    ]  # fmt: skip
    return {
        "segment": "東京", "output": ["no", "yes", "perhaps"][output], "outputs": ["no", "yes", "perhaps"],
        "unit": "log-odds", "rows": rows, "rest": -0.1, "rest_columns": 4, "inside": 0.4, "outside": 0.9,
        "rows_inside": 100, "rows_outside": 700, "words": ["In 100 rows of the segment [/] it is lower."],
    }  # fmt: skip


QUESTIONS: dict[str, Any] = {
    "explain.pairs": pairs_view,
    "explain.split": split_view,
    "probe.effect": effect_view,
    "probe.lookalikes": lookalikes_view,
    "probe.changes": changes_view,
    "probe.group_columns": group_columns,
    "probe.fairness": fairness_view,
    "explain.trust": lambda **_: trust_view(),
    "explain.trust_start": lambda **_: trust_view(work_view()),
    "explain.trust_stop": lambda **_: trust_view(work_view(state="stopping")),
    "segments.drivers": drivers_view,
}
