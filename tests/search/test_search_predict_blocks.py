"""A large table is predicted in blocks of rows: the answer is the same as in one go, whatever falls into a block."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from search_tables import describe

from workbench.budget import Budget
from workbench.contracts import Model, Role, Task
from workbench.contracts import model as models
from workbench.events import Events
from workbench.search import search

SPACES = Path(__file__).parent / "spaces"
TARGET = "下月消费（元）"
ROWS = 400


def _frame(steps: float = 1.0) -> pd.DataFrame:
    """A line and steps, which no one family tells both; a city, a date and a note beside them, each with blanks.

    Args:
        steps: how high they are; so that a blend is better than any single model.
    """
    rng = np.random.default_rng(4)
    line, step = rng.normal(size=ROWS), rng.normal(size=(ROWS, 3))
    frame = pd.DataFrame(
        {
            "消费金额": line,
            "到店次数": step[:, 0],
            "折扣率%": step[:, 1],
            "会员 天数": step[:, 2],
            "城市": rng.choice(["北京", "上海", "Łódź", None], ROWS),
            "最近到店": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 300, ROWS), unit="D"),
            "备注": rng.choice(["送货 很 快", "颜色 不 对", "还 会 再 来", None], ROWS),
        }
    )
    frame[TARGET] = (
        2 * line + steps * ((step[:, 0] * step[:, 1] > 0) * 1.5 + (step[:, 2] > 0.5)) + rng.normal(0, 0.8, ROWS)
    )
    frame.loc[rng.choice(ROWS, 30, replace=False), "最近到店"] = pd.NaT
    frame.loc[rng.choice(ROWS, 30, replace=False), "消费金额"] = np.nan
    return frame


def _fitted(folder: Path, task: Task, family: str) -> Model:
    frame = _frame(steps=2.0 if task is Task.REGRESSION else 1.0)
    if task is not Task.REGRESSION:
        labels = ["流失", "留存"] if task is Task.BINARY else ["低", "中", "高"]
        frame[TARGET] = pd.qcut(frame[TARGET], len(labels), labels=labels).astype(str)
    result = search(
        describe(frame, TARGET, task, {"备注": Role.TEXT}),
        budget=Budget.unlimited(),
        events=Events(),
        folder=folder,
        trials=6 if family == "ensemble" else 1,
        families=None if family == "ensemble" else [family],
        workers=0,
        spaces=SPACES,
    )
    model = result.champion if family == "ensemble" else result.explained
    assert model.family == family
    return model


@pytest.mark.parametrize("family", ["ensemble", "linear", "random_forest", "lightgbm"])
@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=lambda task: task.value)
def test_blocks_say_what_one_go_says(task: Task, family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = _fitted(tmp_path, task, family)
    # sorted, so that whole blocks have no city, no note or no date; the columns in another order, the index twice over
    rows = _frame().drop(columns=TARGET).sort_values(["城市", "备注", "最近到店"], na_position="last")
    rows = rows[rows.columns[::-1]].set_axis([number // 2 for number in range(ROWS)], axis=0)
    rows = rows.assign(**{"城市": rows["城市"].where(rows["城市"] != "Łódź", "从未见过")})
    whole = model.predict(rows)
    assert len(whole) == ROWS
    assert whole.nunique().min() > 20
    # a block that is whole, one of a single row at the end, blocks of a single row
    for size in (ROWS, ROWS - 1, 200, 37, 1):
        monkeypatch.setattr(models, "_BLOCK_ROWS", size)
        every = 30 if size == 1 else 1
        # a matrix product may round its last digit otherwise for other numbers of rows
        pd.testing.assert_frame_equal(model.predict(rows[::every]), whole[::every], rtol=1e-10, atol=1e-12)
    nobody = model.predict(rows.head(0))
    assert nobody.shape == (0, whole.shape[1])
    assert list(nobody.columns) == list(whole.columns)


def test_the_answer_that_costs_least_is_the_same_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = _frame()
    frame[TARGET] = np.where(frame[TARGET] > 1, "留存", "流失")
    table = describe(frame, TARGET, Task.BINARY)
    costs = "false positive=1, false negative=5, positive=流失"
    model = search(
        table, budget=Budget.unlimited(), events=Events(), folder=tmp_path, trials=1, families=["linear"], workers=0,
        spaces=SPACES, costs=costs,
    ).champion  # fmt: skip
    whole = model.scores(frame)
    assert set(whole["decision"]) == {"留存", "流失"}
    monkeypatch.setattr(models, "_BLOCK_ROWS", 37)
    pd.testing.assert_frame_equal(model.scores(frame), whole)
