# ruff: noqa: E501
"""What the screens are tested with: a worker that answers from dicts of the real shape, and such dicts.

Cells are as hostile as customer tables are. Nothing of this is ever shipped.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pyarrow as pa
from question_fakes import CREATED, QUESTIONS, look_at

from workbench.tui.app import WorkbenchApp
from workbench.tui.widgets.text import clean
from workbench.worker.client import WorkerFailure
from workbench.worker.protocol import VERSION

HOSTILE = [
    "[bold]x",
    "[/]",
    "😀👩‍👩‍👧 hi",
    "東京の顧客",
    "שלום עולם",
    "a\tb\nc",
    "x" * 10_000,
    "\x1b[31mred",
    "[@click=app.quit]",
    "",
]


class FakeLink:
    """Answers as the worker does, without one."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.asked_of: list[tuple[str, str]] = []
        """Questions that concern a run, with the look at it that they are about."""
        self.pid: int | None = 4121
        self.connected = True
        self.state = "ready"

    async def find(self) -> dict[str, Any] | None:
        return {"pid": 4121, "faces": 1, "warm": True, "job": None, "table": None, "version": VERSION}

    async def start(self, *, beside: bool = False) -> dict[str, Any]:
        return {"pid": 4121, "faces": 1, "warm": True, "job": None, "table": None}

    async def call(self, method: str, **params: Any) -> Any:
        of = params.pop("run", None)
        self.calls.append((method, params))
        if of is not None:
            self.asked_of.append((method, of))
        answer = self.answers.get(method)
        if isinstance(answer, Exception):
            raise answer
        return answer(**params) if callable(answer) else answer

    async def hang_up(self) -> None:
        self.connected = False


def make_app(folder: Path, answers: dict[str, Any] | None = None, **options: Any) -> WorkbenchApp:
    """An app over a fake worker."""
    app = WorkbenchApp(folder=folder, **options)
    app.link = FakeLink({**ANSWERS(folder), **(answers or {})})  # type: ignore[assignment]
    app.worker_state = "ready"
    return app


def table_view(**changes: Any) -> dict[str, Any]:
    columns = [
        column("customer_id", "integer", "id", distinct=1000),
        column("spend_90d", "number", "target", distinct=904),
        column("age", "integer", "feature", missing=0.004, distinct=60),
        column("visits", "integer", "feature", distinct=33),
        column("[bold]region[/]", "category", "feature", distinct=4),
        column("购买频率", "number", "feature", distinct=400),
        column("coupon_used_after", "boolean", "ignore", distinct=2),
        column("last_visit", "date", "feature", missing=0.12, distinct=300),
        column("note " + "x" * 200, "text", "text", distinct=990),
    ]
    checks = [
        check("leakage-suspected", "alarm", "coupon_used_after", "coupon_used_after looks like target leakage"),
        check("missing-values", "warning", "last_visit", "last_visit: 12% missing"),
        check("mixed", "warning", "[bold]region[/]", "[bold]region[/] holds [/] and {x}"),
    ]
    return {
        "name": "customers", "location": "/data/customers.parquet", "sources": [], "rows": 1000, "columns": columns,
        "checks": checks, "task": "regression", "target": "spend_90d", "target_guessed": True,
        "target_reason": "its name suggests it", "targets": [], "outcome": "spend_90d", "cut_off": None,
        "id_column": "customer_id", **changes,
    }  # fmt: skip


def column(name: str, kind: str, role: str, *, missing: float = 0.0, distinct: int = 2) -> dict[str, Any]:
    return {
        "name": name, "kind": kind, "role": role, "reason": "by its values", "missing": missing, "distinct": distinct,
        "meaning": "", "unit": "", "lever": "unknown",
    }  # fmt: skip


def check(code: str, severity: str, column: str, message: str) -> dict[str, Any]:
    return {"code": code, "severity": severity, "column": column, "rows": 3, "message": message, "repair": ""}


def rows_view(folder: Path, **changes: Any) -> dict[str, Any]:
    path = folder / "rows.arrow"
    count = 1000
    table = pa.table(
        {
            "customer_id": list(range(100_000, 100_000 + count)),
            "spend_90d": [round(180 + 100 * math.sin(i), 2) for i in range(count)],
            "note": [clean(HOSTILE[i % len(HOSTILE)], 120) for i in range(count)],
            "region": [None if i % 7 == 0 else "north" for i in range(count)],
        }
    )
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return {
        "path": str(path), "shown": count, "total": count, "columns": table.column_names, "widths": [11, 9, 24, 6],
        "sort": None, "descending": False, "filter": "", **changes,
    }  # fmt: skip


def profile_view(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "figures": [("min", "0"), ("median", "88.1"), ("p95", "512.3"), ("max", "4,210"), ("distinct", "904"), ("missing", "0")],
        "bars": [("0 to 50", 512), ("50 to 100", 380), ("[b]100 to 250", 201), ("250 to 4,210", 80)],
    }  # fmt: skip


def job_push(state: str = "running", trials: int = 24, **changes: Any) -> dict[str, Any]:
    families = ["linear", "random_forest", "lightgbm"]
    made = [
        {
            "number": i, "family": families[i % 3], "score": None if i % 7 == 3 else 42 - 5 * (1 - 0.8**i) + i % 3,
            "state": "failed" if i % 7 == 3 else "running" if i == trials - 1 and state == "running" else "done",
            "fold_scores": [] if i % 7 == 3 else [36.1, 36.4, 37.0, 37.9, 37.1], "seconds": 1.5 + i % 4, "origin": "sampler",
            "params": {"num_leaves": 63, "learning_rate": 0.0413, "[x]": "[/]"},
            "reason": "singular matrix [/]" if i % 7 == 3 else "",
        }
        for i in range(trials)
    ]  # fmt: skip
    spec = {"request": {"target": "spend_90d"}, "settings": {"budget_seconds": 120.0, "seed": 7, "metric": None}}
    return {
        "state": state, "spec": spec, "name": "customers-0007", "stage": "search", "message": "trial 23 of lightgbm",
        "done": 24, "total": 60, "elapsed": 49.0, "remaining": 71.0, "best": 36.9, "baseline": 53.2, "metric": "rmse",
        "greater_is_better": False, "error": None, "summary": None, "dropped": 0, "trials": made,
        "forecast": "Another minute is likely worth 0.41 RMSE (0 to 1.2); the chance of any gain is 44%.",
        "curve": [[i * 2.0, 42 - 5 * (1 - 0.8**i)] for i in range(trials)],
        "log": [{"elapsed": 1.0 * i, "kind": "notice", "stage": "search", "message": f"line {i} [/]"} for i in range(9)],
        "whole": True, **changes,
    }  # fmt: skip


def past_view(**changes: Any) -> dict[str, Any]:
    """The search of a run of the store, as ``runs.search`` tells it."""
    board = [
        {"name": name, "family": name, "trial": 3 + at, "metric": "rmse", "value": 36.9 + at, "low": 35.2 + at,
         "high": 38.8 + at}
        for at, name in enumerate(("ensemble", "lightgbm", "random_forest", "linear", "baseline [/] 東京"))
    ]  # fmt: skip
    shares = [{"parameter": "num_leaves", "share": 0.52, "certain": True}]
    influence = [{"family": "lightgbm", "trials": 34, "parameters": shares, "reason": "",
                  "sentence": "lightgbm: num_leaves 52 % (34 trials)"}]  # fmt: skip
    facts = {
        "metric": "rmse", "champion": "ensemble", "score": {"value": 36.9, "low": 35.2, "high": 38.8},
        "against_baseline": {"value": 16.3, "low": 14.0, "high": 18.9}, "explainable": None, "leaderboard": board,
        "influence": influence, "resampling": "5-fold: enough rows.",
    }  # fmt: skip
    view = job_push("done", 30, summary={"search": facts}, remaining=None, message="", name="customers-0003")
    view["spec"]["request"]["target"] = "月消费[b]"
    return {**view, "created": "2026-11-23 10:02", "missing": "", **changes}


def result_view(**changes: Any) -> dict[str, Any]:
    shown = look_at(changes.get("run_id", "a" * 32), changes.get("created", CREATED))
    return {
        "name": "customers-0007", "run_id": "a" * 32, "table": "customers", "rows": 1000, "target": "spend_90d",
        "task": "regression", "champion": "lightgbm", "explained": "lightgbm", "explained_score": None, "metric": "rmse",
        "score": {"value": 36.9, "low": 35.2, "high": 38.8}, "baseline": {"value": 53.2, "low": 51.0, "high": 55.4},
        "leaderboard": [], "has_explanation": True, "segmentations": 2, "notices": [], "report": "mlruns/reports/c.html",
        "command": "workbench run customers.parquet --target spend_90d", "created": CREATED, "shown": shown, **changes,
    }  # fmt: skip


def explanation_view() -> dict[str, Any]:
    names = ["visits", "recency_days", "[bold]basket[/]", "购买频率", "age", "region", "tenure_days"]
    return {
        "run": "customers-0007", "model": "explained", "family": "lightgbm", "growing": False,
        "models": [{"which": "explained", "family": "lightgbm"}], "outputs": ["spend_90d"], "output_space": "units of spend_90d", "rows": 800,
        "total_rows": 1000, "method": "exact tree SHAP", "customers": 800, "has_id": True,
        "importance": [
            {"column": name, "importance": 41.2 / (i + 1), "low": 1.0, "high": 2.0, "share": 0.4 / (i + 1),
             "direction": None if name == "region" else 0.8 - 0.3 * i, "lever": "controllable" if i < 2 else "fixed"}
            for i, name in enumerate(names)
        ],
        "checks": [{"name": "additivity", "value": 1e-12, "limit": 1e-6, "passed": True, "message": "adds up"}],
        "words": ["Customers with more visits are predicted to spend more.", "This is association, not proof [/]."],
    }  # fmt: skip


def customer_view(**params: Any) -> dict[str, Any]:
    return {
        "index": params.get("index", 0), "row": 17, "id": "[b]100003", "output": "spend_90d, units of spend_90d", "base": 121.3,
        "margin": 402.1, "prediction": "402.1 spend_90d", "adds_up": True,
        "steps": [
            {"column": "visits", "value": "27", "contribution": 188.4},
            {"column": "recency_days", "value": "2", "contribution": 71.0},
            {"column": "region", "value": "[/]東京", "contribution": 44.9},
            {"column": "age", "value": "29", "contribution": -15.2},
            {"column": "9 others", "value": None, "contribution": -8.3},
        ],
    }  # fmt: skip


def dependence_view(column: str, **_: Any) -> dict[str, Any]:
    if column == "region":
        levels = [{"level": "[bold]north", "mean": 12.5, "rows": 300}, {"level": "south", "mean": -7.0, "rows": 200}]
        return {"column": column, "numeric": False, "points": [], "levels": levels, "unit": "x"}
    points = [[i / 10, 200 * math.tanh(i / 150 - 1) + 20 * math.sin(i)] for i in range(300)]
    return {"column": column, "numeric": True, "points": points, "levels": [], "unit": "units"}


def what_if_view(row: int, changes: list[str], output: int = 0, **_: Any) -> dict[str, Any]:
    split = [change.partition("=") for change in changes]
    return {
        "changes": [{"column": name, "before": "27", "after": value, "text": f"{name}={value}", "unseen": value == "[/]"}
                    for name, _, value in split],
        "predictions": [{"name": "prediction", "before": 402.1, "after": 188.0}], "shares": False, "target": "spend_90d",
        "output": "spend_90d", "unit": "units of spend_90d", "before": 402.1, "after": 188.0, "rest": None,
        "steps": [{"column": name, "before": 188.4, "after": -25.7} for name, _, value in split],
    }  # fmt: skip


def swarm_view(**_: Any) -> dict[str, Any]:
    columns = [
        {
            "column": row["column"], "low": -3.0 / (at + 1), "middle": 0.1, "high": None if at == 5 else 3.0 / (at + 1),
            "mean": 0.2, "from": -5.0, "to": 5.0,
            "points": [[(i - 60) / (at + 6), None if at == 5 or i % 31 == 0 else i / 120] for i in range(120)],
        }
        for at, row in enumerate(explanation_view()["importance"])
    ]  # fmt: skip
    return {"unit": "units of [b]spend", "rows": 800, "columns": columns}


def quality_view(**_: Any) -> dict[str, Any]:
    bins = [
        {
            "rows": 100,
            "predicted": 40.0 * at,
            "actual": 38.0 * at + 9 * (at % 3),
            "low": 38.0 * at - 12,
            "high": 38.0 * at + 30,
        }
        for at in range(10)
    ]
    return {"output": "[bold]spend", "shares": False, "rows": 1000, "total_rows": 1000, "off_by": 7.25, "bins": bins}


def segments_view(index: int | None = None) -> dict[str, Any]:
    names = ["Loyal regulars", "Promising [/] new", "東京 occasional", "Lapsing", "Dormant"]
    index = 1 if index is None else index
    segments = [
        {
            "id": i, "name": name, "size": 400 - 70 * i, "share": 0.4 - 0.07 * i, "rule": "visits ≥ 12 and recency < 9",
            "precision": 0.81, "coverage": 0.7, "lift": 3.2, "stability": 0.9 - 0.1 * i, "outcome_mean": 402 - 90.0 * i,
            "outcome_low": 390 - 90.0 * i, "outcome_high": 414 - 90.0 * i, "reasons": "visits+ basket+", "gap": 1200.0 * i,
            "gap_low": 1000.0 * i, "gap_high": 1500.0 * i,
            "profile": [{"feature": "visits", "level": "", "here": 24.1, "others": 6.1, "effect": 1.9, "q": 0.0},
                        {"feature": "region", "level": "[b]north", "here": 0.5, "others": 0.2, "effect": 0.6, "q": 0.01}],
        }
        for i, name in enumerate(names)
    ]  # fmt: skip
    return {
        "index": index, "count": 2, "kind": ["descriptive", "goal-guided"][index], "method": "k-means", "found": True,
        "chosen_because": "It separates the outcome best among stable solutions.", "outcome": "spend_90d",
        "quality": [["outcome_eta2", 0.41], ["stability_min", 0.83], ["silhouette", None]],
        "segments": segments, "strategies": {"0": strategy_view(0), "3": strategy_view(3)}, "gap_unit": "USD per 63 days",
        "usual": index == 1,
    }  # fmt: skip


def map_view(index: int) -> dict[str, Any]:
    segments = segments_view(index)["segments"]
    points = [[math.sin(i) + 3 * (i % 5), math.cos(i * 1.7) + (i % 5), i % 5] for i in range(600)]
    centres = [
        {"id": each["id"], "name": each["name"], "size": each["size"], "x": 3.0 * each["id"], "y": 1.0 * each["id"],
         "spread": 1.0, "nearest": 1 if each["id"] != 1 else None}
        for each in segments
    ]  # fmt: skip
    return {"kind": segments_view(index)["kind"], "rows": 1000, "points": points, "segments": centres}


def strategy_view(segment: int, status: str = "proposed") -> dict[str, Any]:
    return {
        "segment": segment, "name": "Lapsing", "customers": 214, "recommend": "Win-back offer on the top category (mail)",
        "reasons": ["recency is far above the rest", "basket size is unchanged [/]"],
        "expected": "+1,947 USD in 63 days in total (80% range +200 to +3,400)", "evidence": "E1 predictive only",
        "assumptions": ["uptake 0.03 (0.01 to 0.06) share; playbook"],
        "grade_reason": "no treatment column", "raise_grade": "run the test below", "alternatives": ["leave alone"],
        "test": "Hold out 10% at random.", "status": status, "note": "",
    }  # fmt: skip


def runs_view() -> dict[str, Any]:
    states = ["running", "done", "stopped", "failed", "interrupted"]
    rows = [
        {
            "run_id": f"{i:032x}", "name": f"customers-{i:04}", "state": states[i % 5], "family": "lightgbm",
            "metric": "rmse", "score": None if i % 5 == 3 else 36.9 + i / 3, "trials": 10 * i, "seconds": 60.0 + i,
            "low": 35.1, "high": 39.0, "baseline": 53.2, "created": "2026-11-23 10:02", "table": "[bold]customers", "target": "spend_90d", "tags": "champion",
        }
        for i in range(1, 31)
    ]  # fmt: skip
    return {"store": "mlruns/", "total": 30, "metrics": ["rmse"], "rows": rows}


def details_view(run_id: str) -> dict[str, Any]:
    return {
        "run_id": run_id, "name": "customers-0001", "state": "done", "reason": "", "metrics": {"rmse": 36.9},
        "params": {"seed": "7", "x[/]": "[bold]"}, "tags": {}, "artifacts": ["figures", "report.html"], "score": {},
    }  # fmt: skip


def compare_view(run_ids: list[str]) -> dict[str, Any]:
    rows = [
        {"name": "score", "values": [36.9, 38.0], "differs": True},
        {"name": "fingerprint", "values": ["9f3c", "9f3c"], "differs": False},
    ]
    return {"names": ["customers-0001", "customers-0002"], "rows": rows}


def ANSWERS(folder: Path) -> dict[str, Any]:
    """The fake worker's answers by method."""
    return {
        "data.open": lambda **_: {"table": table_view(), "rows": rows_view(folder)},
        "data.describe": lambda **changes: table_view(target=changes.get("target", "spend_90d"), target_guessed=False),
        "data.profile": profile_view,
        "data.rows": lambda **wanted: rows_view(folder, **wanted),
        "data.cell": lambda **_: {"text": HOSTILE[5]},
        "job.start": {"command": "workbench run"},
        "job.families": {"default": ["linear", "random_forest", "lightgbm"], "named": ["hist_gradient_boosting"]},
        "job.offers": {"earlier": ["顾客-0003", "customers-0002"], "chosen": {}},
        "job.spec": lambda resume: {"settings": {"budget_seconds": 60.0, "trials": None}},
        "explain.latest": result_view(),
        "explain.current": result_view(),
        "explain.overview": lambda **_: explanation_view(),
        "explain.customer": customer_view,
        "explain.dependence": dependence_view,
        "explain.what_if": what_if_view,
        "explain.beeswarm": swarm_view,
        "explain.quality": quality_view,
        "segments.view": segments_view,
        "segments.map": map_view,
        "segments.decide": lambda segment, status, note: {**strategy_view(segment, status), "note": note},
        "segments.gaps": [],
        "runs.page": runs_view(),
        "runs.details": details_view,
        "runs.compare": compare_view,
        "runs.open": lambda run_id: result_view(run_id=run_id),
        "runs.search": lambda run_id: past_view(),
        "report.write": {"path": "/data/report.html"},
        **QUESTIONS,
        "missing": WorkerFailure("input", "No."),
    }
