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


class TestDivision:
    """Rows are divided and weighted as the search does it."""

    def seen(self, monkeypatch: pytest.MonkeyPatch, table: Table, family: str = "linear") -> list[dict[str, Any]]:
        """What each refit learnt from and what its importance was measured on."""
        import workbench.explain.overall.trust as module

        plain, measured, found = module._refit, module._importance, []

        def refit(model: Any, problem: Any, rows: np.ndarray) -> Any:
            weight = None if problem.weight is None else problem.weight[rows]
            found.append({"learnt": problem.frame.iloc[rows], "weight": weight})
            found[-1]["model"] = plain(model, problem, rows)
            return found[-1]["model"]

        def importance(model: Any, table: Table, rows: np.ndarray, seed: int) -> pd.DataFrame:
            found[-1]["held out"] = table.frame.iloc[rows]
            return measured(model, table, rows, seed)

        monkeypatch.setattr(module, "_refit", refit)
        monkeypatch.setattr(module, "_importance", importance)
        trust(champion(table, family, BRIEF.get(family)), table, budget=Budget.unlimited(), events=quiet()[0])
        return found

    def with_column(self, table: Table, name: str, values: Any, **described: Any) -> Table:
        like = replace(table.columns[0], name=name, **described)
        return replace(table, frame=table.frame.assign(**{name: values}), columns=(*table.columns, like))

    def test_groups_stay_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table = self.with_column(shop_table(rows=400), "house", np.repeat(np.arange(100), 4), role=Role.GROUP)
        found = self.seen(monkeypatch, table)
        folds = [one for one in found if len(one["learnt"]) < 400]
        assert len(folds) == 3
        for one in folds:
            assert not set(one["learnt"]["house"]) & set(one["held out"]["house"])

    def test_what_comes_later_is_never_learnt_from(self, monkeypatch: pytest.MonkeyPatch) -> None:
        moments = np.random.default_rng(0).permutation(400)
        table = self.with_column(
            shop_table(rows=400), "moment", moments, role=Role.DATE, reason="orders the rows in time: moment"
        )
        folds = [one for one in self.seen(monkeypatch, table) if len(one["learnt"]) < 400]
        assert len(folds) == 3 and all(one["learnt"]["moment"].max() < one["held out"]["moment"].min() for one in folds)

    def test_three_folds_leave_out_a_third_each(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folds = self.seen(monkeypatch, shop_table(rows=300))
        assert [len(one["learnt"]) for one in folds if len(one["learnt"]) < 300] == [200, 200, 200]

    def test_where_time_parts_the_rows_only_once_it_says_so(self) -> None:
        table = self.with_column(
            shop_table(rows=200), "moment", np.r_[np.zeros(150), np.ones(50)], role=Role.DATE,
            reason="orders the rows in time: moment",
        )  # fmt: skip
        found = trust(champion(table, "linear"), table, budget=Budget.unlimited(), events=quiet()[0])
        assert found.folds == 1 and found.stability.empty and not found.left_out
        assert "can be parted in time only once" in found.words[0]

    def test_weights_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plain = shop_table(rows=400)
        heavy = (plain.frame["visits"] > plain.frame["visits"].median()).to_numpy()
        table = self.with_column(plain, "weight", np.where(heavy, 50.0, 0.02), role=Role.WEIGHT)
        found = self.seen(monkeypatch, table)
        assert all(one["weight"] is not None for one in found)
        with_weights = found[0]["model"].predict(plain.frame)
        without = self.seen(monkeypatch, plain)[0]["model"].predict(plain.frame)
        assert not np.allclose(with_weights.iloc[:, 0], without.iloc[:, 0], rtol=1e-3)

    def test_a_class_of_one_row_is_learnt_from_and_not_checked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table = shop_table(rows=300, task=Task.MULTICLASS)
        labels = np.array(table.frame[table.target], dtype=object)
        labels[7] = "hapax"
        table = replace(table, frame=table.frame.assign(**{str(table.target): labels}))
        for one in self.seen(monkeypatch, table, "lightgbm"):
            assert "hapax" in set(one["learnt"][table.target])

    def test_what_the_champion_learnt_of_its_shares_is_left_behind(self) -> None:
        from sklearn.pipeline import Pipeline

        import workbench.explain.overall.trust as module
        from workbench.pipelines.finished import FinishedClassifier

        def never(shares: np.ndarray) -> np.ndarray:
            raise AssertionError("asked")

        table = shop_table(rows=300, task=Task.BINARY)
        model = champion(table, "linear")
        steps = [*model.pipeline.steps[:-1], ("model", FinishedClassifier(model.pipeline[-1], never))]
        found = module.trust(
            replace(model, pipeline=Pipeline(steps)), table, budget=Budget.unlimited(), events=quiet()[0]
        )
        assert found.refits == 4 and found.permuted is not None

    def test_of_a_large_table_a_sample_has_every_class(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import workbench.explain.overall.trust as module
        from workbench.problem.rows import problem_of

        monkeypatch.setattr(module, "MOST_ROWS", 60)
        table = shop_table(rows=400, task=Task.BINARY)
        truth = problem_of(table)
        labels = table.frame[table.target].to_numpy().copy()
        rare, usual = truth.classes
        labels[:] = usual
        labels[:25] = rare
        sampled = module._sampled(
            problem_of(replace(table, frame=table.frame.assign(**{str(table.target): labels}))), seed=0
        )
        assert 60 <= len(sampled) <= 80
        assert np.bincount(sampled.target).min() >= 20


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
