"""A raw table with everything that goes wrong, and its description."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.contracts import Column, Kind, Role, Task

KINDS = {
    "消费金额": Kind.NUMBER,
    "a,b": Kind.NUMBER,
    '{"x"}': Kind.CATEGORY,
    "[bold]city": Kind.CATEGORY,
    "joined 😀": Kind.DATE,
    "opted in": Kind.BOOLEAN,
    "note": Kind.TEXT,
    "constant": Kind.INTEGER,
    "nothing": Kind.EMPTY,
    "many": Kind.CATEGORY,
}


def columns() -> tuple[Column, ...]:
    return tuple(
        Column(name, kind, Role.TEXT if kind is Kind.TEXT else Role.FEATURE, "made", 0, 0)
        for name, kind in KINDS.items()
    )


def raw(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(3, 1, rows)
    frame = pd.DataFrame(
        {
            "消费金额": amount,
            "a,b": [f"{value:,.2f} €" if value > 0 else "" for value in rng.normal(1000, 900, rows)],
            '{"x"}': rng.choice(["Low", "High", "<script>", ""], rows),
            "[bold]city": rng.choice(["Paris", "Łódź", "北京", "=1+1"], rows),
            "joined 😀": pd.Series(
                pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), "D")
            ).dt.strftime("%d.%m.%Y"),
            "opted in": rng.choice(["Yes", "no", None], rows),
            "note": rng.choice(
                ["slow delivery again", "great shoes great price", "", "late delivery and no answer"], rows
            ),
            "constant": 7,
            "nothing": None,
            "many": [f"id{number}" for number in rng.integers(0, 60, rows)],
        }
    )
    frame.loc[rng.choice(rows, rows // 10, replace=False), "消费金额"] = np.nan
    frame.loc[0, "消费金额"] = np.inf
    return frame


def target(frame: pd.DataFrame, task: Task, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    signal = np.log1p(np.clip(frame["消费金额"].fillna(0).to_numpy(), 0, 1e6)) + (frame['{"x"}'] == "High") * 2.0
    signal = signal.to_numpy() + rng.normal(0, 0.5, len(frame))
    if task is Task.REGRESSION:
        return signal * 100
    if task is Task.BINARY:
        return np.where(signal > np.median(signal), "yes", "no").astype(object)
    return np.array(["甲", "b", "[c]"], dtype=object)[np.digitize(signal, np.quantile(signal, [0.4, 0.8]))]
