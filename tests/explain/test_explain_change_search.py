"""What every changed row has to keep, whatever the model and the table: it reaches the aim, within the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from change_models import NEVER_SAID, by_formula, free_rows, lever_table, yes
from explain_models import champion, fitted, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier

from workbench.contracts import Model, Table, Task
from workbench.explain import Aim, Counterfactual, Counterfactuals, counterfactual, neighbours
from workbench.explain.single.gower import Gower


def changed_row(table: Table, model: Model, row: int, one: Counterfactual) -> pd.DataFrame:
    """The row as a user would change it by hand."""
    frame = table.frame.iloc[[row]].loc[:, list(model.columns)].copy()
    for name, (_, after) in one.changes.items():
        frame[name] = pd.Series([after], index=frame.index, dtype=object).astype(table.frame[name].dtype)
    return frame


def assert_kept(
    table: Table, model: Model, row: int, found: Counterfactuals, aim: Aim | None, levers: set[str]
) -> None:
    assert bool(found.found) or found.reason
    own = table.frame.iloc[row]
    for place, one in enumerate(found.found):
        assert set(one.changes) <= levers and 1 <= len(one.changes) <= 3
        for name, (before, after) in one.changes.items():
            assert before == own[name] or (before is None and pd.isna(own[name]))
            assert after is not None and after != before
            assert bool((table.frame[name] == after).any()), (name, after)
        again = model.predict(changed_row(table, model, row, one))
        assert again.iloc[0].to_dict() == pytest.approx(one.predicted_after)
        if aim is not None and aim.at_least is not None:
            assert one.predicted_after["prediction"] >= aim.at_least
        else:
            assert one.outcome_after != one.outcome_before
        assert one.plausible == (one.nearest <= found.usual + 1e-9)
        assert 0 < one.distance <= 1
        assert not any(set(other.changes) <= set(one.changes) for other in found.found[:place])
    order = [(len(one.changes), one.distance) for one in found.found]
    assert order == sorted(order)
    assert not any(word in " ".join(found.words).lower() for word in NEVER_SAID)


def mixed(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "visits": random.poisson(5, rows),
            "spend": random.gamma(2, 20, rows).round(2),
            "地区": pd.Series(random.choice(["north", "south", "west"], rows), dtype="str"),
            "tier": pd.Categorical(random.choice(["gold", "silver"], rows)),
            "member": random.random(rows) < 0.5,
            "joined": pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 700, rows), unit="D"),
            "calls": pd.array(random.integers(0, 9, rows), dtype="Int64"),
        }
    )
    frame.loc[::7, "spend"] = np.nan
    frame.loc[::9, "地区"] = None
    frame.loc[::8, "calls"] = pd.NA
    return frame


def numbers(X: pd.DataFrame) -> np.ndarray:
    return np.column_stack(
        [
            X["visits"].astype(float),
            X["spend"].fillna(-1.0),
            X["地区"].eq("south").fillna(False),
            X["tier"].astype(object).eq("gold"),
            X["member"].astype(float),
            (X["joined"] - pd.Timestamp("2023-01-01")).dt.days,
            X["calls"].astype("Float64").fillna(-1.0).to_numpy(dtype=float),
        ]
    ).astype(float)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    row=st.integers(0, 119),
    depth=st.integers(1, 6),
    classes=st.integers(2, 3),
    levers=st.sets(
        st.sampled_from(["visits", "spend", "地区", "tier", "member", "joined", "calls"]), min_size=1, max_size=7
    ),
)
def test_any_tree(seed: int, row: int, depth: int, classes: int, levers: set[str]) -> None:
    frame = mixed(120, seed)
    labels = np.random.default_rng(seed + 1).integers(0, classes, len(frame))
    labels[:classes] = np.arange(classes)
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(numbers(frame), labels)
    table = lever_table(frame.assign(y=labels), sorted(levers), Task.BINARY if classes == 2 else Task.MULTICLASS)
    model = by_formula(table, lambda X: tree.predict_proba(numbers(X)), list(range(classes)))
    found = counterfactual(model, table, row, seed=seed)
    assert_kept(table, model, row, found, None, levers)
    assert set(found.levers) | set(found.left_out) == levers


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), row=st.integers(0, 99))
def test_of_single_changes_none_is_smaller(seed: int, row: int) -> None:
    frame = free_rows(100, seed, a=12, b=12, c=12)
    labels = np.random.default_rng(seed + 1).integers(0, 2, len(frame))
    labels[:2] = 0, 1
    tree = DecisionTreeClassifier(max_depth=5, random_state=0).fit(frame.to_numpy(), labels)
    table = lever_table(frame, ["a", "b", "c"])
    model = by_formula(table, lambda X: tree.predict_proba(X.to_numpy()), [0, 1])
    found = counterfactual(model, table, row, most_changes=1, count=3)
    gower = Gower.of(frame)
    own = int(tree.predict(frame.iloc[[row]].to_numpy())[0])
    best: dict[str, float] = {}
    for j, name in enumerate(frame.columns):
        values = np.unique(frame[name])
        tried = np.repeat(frame.iloc[[row]].to_numpy(), len(values), axis=0)
        tried[:, j] = values
        other = values[tree.predict(tried) != own]
        if len(other):
            best[name] = float(gower.part(j, frame.iloc[row, j], other).min()) / 3
    everything = {next(iter(one.changes)): one.distance for one in found.found}
    if all(one.plausible for one in found.found):
        assert all(everything[name] >= best[name] - 1e-12 for name in everything)  # a nearer one may be implausible
    else:
        assert everything == pytest.approx(best)  # nothing plausible: all that is implausible is told
    assert set(everything) <= set(best) and (bool(everything) or not best)


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), row=st.integers(0, 149), rise=st.floats(0.01, 3))
def test_any_forest_for_numbers(seed: int, row: int, rise: float) -> None:
    frame = mixed(150, seed)
    target = numbers(frame) @ np.array([3, 0.5, 20, 5, 10, 0.01, -2]) + np.random.default_rng(seed).normal(0, 3, 150)
    forest = RandomForestRegressor(8, random_state=0).fit(numbers(frame), target)
    levers = {"visits", "spend", "member", "calls"}
    table = lever_table(frame.assign(y=target), sorted(levers), Task.REGRESSION)
    model = by_formula(table, lambda X: forest.predict(numbers(X)))
    aim = Aim(at_least=float(model.predict(table.frame.iloc[[row]]).iloc[0, 0] + rise * target.std()))
    assert_kept(table, model, row, counterfactual(model, table, row, aim), aim, levers)


def test_types_stay_what_they_are() -> None:
    frame = mixed(400, 3)
    kinds = {
        "visits": int,
        "spend": float,
        "地区": str,
        "tier": str,
        "member": bool,
        "joined": pd.Timestamp,
        "calls": int,
    }
    table = lever_table(frame, list(kinds))
    for name, kind in kinds.items():
        j = list(frame.columns).index(name)
        own = numbers(frame)[0, j]
        model = by_formula(table, lambda X, j=j, own=own: yes(numbers(X)[:, j] != own), ["no", "yes"])
        found = counterfactual(model, table, 0, columns=[name])
        [one] = found.found
        assert isinstance(one.changes[name][1], kind) and type(one.changes[name][1]).__module__ != "numpy"


@pytest.mark.parametrize(
    ("task", "make"),
    [
        (Task.REGRESSION, Ridge),
        (Task.REGRESSION, lambda: lightgbm.LGBMRegressor(n_estimators=8, verbose=-1, n_jobs=1)),
        (Task.BINARY, LogisticRegression),
        (Task.BINARY, lambda: RandomForestClassifier(5, random_state=0)),
        (Task.MULTICLASS, LogisticRegression),
    ],
)
def test_fitted_models_of_every_task(task: Task, make: Any) -> None:
    table = shop_table(task=task)
    model = fitted(table, make())
    levers = {"visits", "地区", "joined"}
    aim = Aim(at_least=float(model.predict(table.frame).iloc[5, 0]) + 5) if task is Task.REGRESSION else None
    found = counterfactual(model, table, 5, aim, columns=sorted(levers))
    assert found.found
    assert_kept(table, model, 5, found, aim, levers)
    given_as_values = counterfactual(model, table, table.frame.iloc[5], aim, columns=sorted(levers))
    assert given_as_values.row is None and given_as_values.found
    assert found == counterfactual(model, table, 5, aim, columns=sorted(levers))


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
@pytest.mark.parametrize("family_name", ["lightgbm", "linear"])
def test_the_products_own_models(task: Task, family_name: str) -> None:
    table = shop_table(task=task, gaps=True)
    model = champion(table, family_name, {"rounds": 8})
    row = int(model.predict(table.frame).iloc[:, -1].argmin())
    aim = Aim(at_least=float(model.predict(table.frame).iloc[row, 0]) + 2) if task is Task.REGRESSION else None
    levers = {"visits", "baskets, all [bold]", "地区"}
    found = counterfactual(model, table, row, aim, columns=sorted(levers))
    assert found.found
    assert_kept(table, model, row, found, aim, levers)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_hardly_any_rows(rows: int) -> None:
    frame = pd.DataFrame({"a": [1, 5, 9], "note": ["x", None, "y"], "gap": [np.nan] * 3}).iloc[:rows]
    table = lever_table(frame, ["a", "note", "gap"], texts=["note"])
    found = counterfactual(by_formula(table, lambda X: yes(X["a"] > 3), ["no", "yes"]), table, 0)
    assert found.rows == found.total_rows == rows
    if rows == 1:
        assert found.found == () and "'a': no other value occurs often enough" in found.reason
        assert np.isnan(found.usual)
    elif rows == 2:
        assert not found.found[0].plausible and "there are 1 other rows to compare with" in found.reason
    else:
        assert found.found[0].changes == {"a": (1, 5)}


def test_a_large_table_is_sampled_and_said() -> None:
    table = lever_table(free_rows(60_000, a=100, b=100), ["a"])
    model = by_formula(table, lambda X: yes(X["a"] >= 50), ["no", "yes"])
    row = int(np.flatnonzero(table.frame["a"] < 50)[0])
    found = counterfactual(model, table, row, seed=2)
    assert found.found[0].changes["a"][1] == 50
    assert found.total_rows == 60_000 and found.rows == 20_000
    assert "20,000 of 60,000 rows" in " ".join(found.words)


def test_columns_may_come_in_any_order() -> None:
    table = shop_table(task=Task.BINARY)
    model = fitted(table, LogisticRegression())
    other = replace(table, frame=table.frame[table.frame.columns[::-1]], columns=table.columns[::-1])
    assert counterfactual(model, table, 3) == counterfactual(model, other, 3)


def test_a_row_given_as_values_may_hold_what_no_row_has() -> None:
    frame = mixed(200, 5)
    frame["joined"] = frame["joined"].dt.tz_localize("UTC")
    table = lever_table(frame, ["visits", "tier", "joined"])
    model = by_formula(table, lambda X: yes(X["visits"].fillna(0).astype(float) >= 7), ["no", "yes"])
    row = frame.iloc[0].copy()
    row["visits"], row["tier"], row["member"], row["joined"] = np.nan, "bronze", None, None
    found = counterfactual(model, table, row)
    assert found.found[0].changes["visits"][0] is None
    assert int(str(found.found[0].changes["visits"][1])) >= 7
    assert neighbours(model, table, row, count=3).found[0].prediction["yes"] == pytest.approx(0.9)
