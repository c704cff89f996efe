"""Refits of a champion's own recipe: what knows nothing lies below, what matters is stable, time is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from explain_models import Clock, champion, quiet, shop_table

from workbench.budget import Budget
from workbench.contracts import Kind, Role, Table, Task
from workbench.errors import InputError, Stopped
from workbench.explain import trust
from workbench.pipelines import FAMILIES

BRIEF = {"lightgbm": {"rounds": 20}, "random_forest": {"trees": 10}, "hist_gradient_boosting": {"rounds": 10}}
TRUSTED = [
    pytest.param(name, task, marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing))
    for name, kind in FAMILIES.items()
    if name in ("lightgbm", "linear", "random_forest", "hist_gradient_boosting")
    for task in (Task.REGRESSION, Task.BINARY, Task.MULTICLASS)
]


@pytest.mark.parametrize(("name", "task"), TRUSTED)
def test_every_family_can_be_fitted_anew(name: str, task: Task) -> None:
    table = shop_table(rows=400, task=task)
    model = champion(table, name, BRIEF.get(name))
    found = trust(model, table, budget=Budget.unlimited(), events=quiet()[0])
    assert found.refits == 4 and found.rows == 400
    assert set(found.stability["column"]) == set(model.columns)
    assert found.floor is not None and len(found.floor.planted) == 3
    assert found.floor.floor > 0 or name == "hist_gradient_boosting"  # whose few brief trees may never ask them
    assert found.permuted is not None and found.permuted.attrs["held_out"]
    assert found.agreement is not None and len(found.words) >= 3


def test_the_same_seed_says_the_same() -> None:
    table = shop_table(rows=300)
    model = champion(table, "lightgbm", BRIEF["lightgbm"])
    first, second = (trust(model, table, budget=Budget.unlimited(), events=quiet()[0], seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first.stability, second.stability)
    assert first.words == second.words


def test_what_knows_nothing_lies_at_the_floor() -> None:
    table = shop_table(rows=1500)
    random = np.random.default_rng(0)
    frame = table.frame.assign(chance=random.normal(size=len(table.frame)))
    like = next(column for column in table.columns if column.kind is Kind.NUMBER and column.role is Role.FEATURE)
    wider = replace(table, frame=frame, columns=(*table.columns, replace(like, name="chance")))
    found = trust(champion(wider, "lightgbm", BRIEF["lightgbm"]), wider, budget=Budget.unlimited(), events=quiet()[0])
    assert found.floor is not None
    noise = found.stability.set_index("column").loc["chance"]
    top = found.stability.iloc[0]
    assert noise["share"] < top["share"] / 20 and found.floor.share < top["share"] / 20
    assert found.permuted is not None
    assert found.permuted.set_index("column").loc["chance", "low"] <= 0


def test_groups_stay_together() -> None:
    table = shop_table(rows=400)
    frame = table.frame.assign(house=np.repeat(np.arange(100), 4))
    like = table.columns[0]
    grouped = replace(table, frame=frame, columns=(*table.columns, replace(like, name="house", role=Role.GROUP)))
    from workbench.explain.overall.trust import _folds

    fold = _folds(grouped, 3, np.random.default_rng(0))
    assert pd.Series(fold).groupby(frame["house"]).nunique().eq(1).all()
    assert set(fold) == {0, 1, 2}


class TestTime:
    def run(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Any:
        import workbench.explain.overall.trust as module

        table = shop_table(rows=200)
        clock = Clock()
        plain = module._refit

        def slow(*arguments: Any) -> Any:
            clock.now += 10
            return plain(*arguments)

        monkeypatch.setattr(module, "_refit", slow)
        return trust(
            champion(table, "lightgbm", BRIEF["lightgbm"]),
            table,
            budget=Budget.of(seconds, clock=clock),
            events=quiet()[0],
        )

    def test_all_refits_fit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.run(monkeypatch, 60).refits == 4

    def test_what_does_not_fit_is_not_begun_and_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = self.run(monkeypatch, 25)
        assert found.refits == 2 and found.floor is not None and found.stability.empty
        assert "no time for 2 of 4 refits" in found.words[-1]

    def test_no_time_at_all_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = self.run(monkeypatch, 0)
        assert found.refits == 0 and "no time for 4 of 4" in found.words[-1]


def test_bad_input_is_said_in_a_sentence() -> None:
    table = shop_table(rows=200)
    model = champion(table, "linear")
    small: Table = replace(table, frame=table.frame.head(10))
    with pytest.raises(InputError, match="20 are needed"):
        trust(model, small, budget=Budget.unlimited(), events=quiet()[0])


def test_a_wish_to_stop_is_heard() -> None:
    table, (events, _) = shop_table(rows=200), quiet()
    events.request_stop()
    with pytest.raises(Stopped):
        trust(champion(table, "linear"), table, budget=Budget.unlimited(), events=events)
