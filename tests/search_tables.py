"""Small tables for searches, described as ``workbench.data`` would, and an end of a search that no clock decides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from workbench.contracts import Column, Kind, Role, Table, Task
from workbench.events import Event, Events


def describe(frame: pd.DataFrame, target: str, task: Task, roles: dict[str, Role] | None = None, **reasons) -> Table:
    columns = []
    for name in frame.columns:
        series = frame[name]
        role = (roles or {}).get(name, Role.TARGET if name == target else Role.FEATURE)
        if pd.api.types.is_datetime64_any_dtype(series.dtype):
            kind = Kind.DATE
        elif pd.api.types.is_numeric_dtype(series.dtype):
            kind = Kind.NUMBER
        else:
            kind = Kind.TEXT if role is Role.TEXT else Kind.CATEGORY
        reason = reasons.get(name, "made")
        columns.append(Column(name, kind, role, reason, int(series.isna().sum()), int(series.nunique())))
    return Table("made", frame.reset_index(drop=True), tuple(columns), (), (), task, target, f"print-{len(frame)}")


def small(task: Task, rows: int = 200, seed: int = 0, classes: int = 3) -> Table:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "消费金额": rng.lognormal(3, 1, rows),
            'a,b {"x"}': rng.normal(size=rows),
            "[bold]city": rng.choice(["Paris", "Łódź", "北京", None], rows),
            "noise": rng.normal(size=rows),
        }
    )
    signal = np.log(frame["消费金额"]) + (frame["[bold]city"] == "北京") * 1.5 + frame['a,b {"x"}'] ** 2
    signal = signal + rng.normal(0, 0.4, rows)
    if task is Task.REGRESSION:
        frame["target"] = signal * 10
    elif task is Task.BINARY:
        frame["target"] = np.where(signal > np.quantile(signal, 0.6), "yes", "no")
    else:
        frame["target"] = [f"c{code}" for code in pd.qcut(signal, classes, labels=False)]
    frame.loc[rng.choice(rows, 9, replace=False), "消费金额"] = np.nan
    return describe(frame, "target", task)


def stopping(trials: int, *listeners: Callable[[Event], None]) -> Events:
    """Events of a search with a budget that ask it to stop once so many trials after the baseline have ended."""
    ended: set[int] = set()

    def look(event: Event) -> None:
        if event.kind == "trial" and event.data["state"] != "running" and event.data["number"]:
            ended.add(event.data["number"])
            if len(ended) >= trials:
                events.request_stop()

    events = Events(look, *listeners)
    return events
