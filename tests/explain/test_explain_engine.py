"""From raw table to explanation in source columns: additivity, sampling, bad cells, order, words, one row."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
from explain_models import Clock, champion, fitted, quiet, shop_table
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB

from workbench.budget import Budget
from workbench.contracts import Explanation, Model, Table, Task
from workbench.errors import InputError, Stopped
from workbench.explain import Contributions, explain, explain_rows, importance_table, what_if
from workbench.explain.explainers.linear import LinearExplainer
from workbench.explain.words import describe
from workbench.pipelines import FAMILIES


def boosted(classifier: bool = False) -> Any:
    make = lightgbm.LGBMClassifier if classifier else lightgbm.LGBMRegressor
    return make(n_estimators=8, num_leaves=8, min_child_samples=5, verbose=-1, n_jobs=1)


def explained(table: Table, model: Model, **options: Any) -> Explanation:
    return explain(model, table, budget=options.pop("budget", Budget.unlimited()), events=quiet()[0], **options)


ALL = [
    (Task.REGRESSION, DummyRegressor),
    (Task.REGRESSION, Ridge),
    (Task.REGRESSION, boosted),
    (Task.REGRESSION, lambda: RandomForestRegressor(5, random_state=0)),
    (Task.BINARY, lambda: DummyClassifier(strategy="prior")),
    (Task.BINARY, LogisticRegression),
    (Task.BINARY, lambda: boosted(True)),
    (Task.BINARY, lambda: RandomForestClassifier(5, random_state=0)),
    (Task.BINARY, GaussianNB),
    (Task.MULTICLASS, LogisticRegression),
    (Task.MULTICLASS, lambda: boosted(True)),
    (Task.MULTICLASS, lambda: RandomForestClassifier(5, random_state=0)),
]


@pytest.mark.parametrize(("task", "make"), ALL)
class TestEveryModel:
    def test_adds_up_in_source_columns(self, task: Task, make: Any) -> None:
        table = shop_table(task=task)
        model = fitted(table, make())
        found = explained(table, model)
        assert all(check.passed for check in found.checks), found.checks
        assert found.columns == model.columns == tuple(found.data.columns)
        assert np.allclose(found.base + found.values.sum(axis=1), found.margin)
        rows, outputs = len(found.rows), 3 if task is Task.MULTICLASS else 1
        assert found.values.shape == (rows, len(model.columns), outputs)
        assert found.base.shape == (outputs,) and found.margin.shape == (rows, outputs)
        assert (
            found.outputs
            == {
                Task.REGRESSION: ("spend",),
                Task.BINARY: ("yes",),
                Task.MULTICLASS: ("0", "1", "2"),
            }[task]
        )
        assert set(found.importance["column"]) == set(model.columns)
        assert found.importance["share"].sum() == pytest.approx(0 if "Dummy" in str(model.pipeline[-1]) else 1)

    def test_rows_can_be_explained_later_in_the_same_terms(self, task: Task, make: Any) -> None:
        table = shop_table(task=task)
        model = fitted(table, make())
        found = explained(table, model)
        some = found.rows[[5, 2, 9]]
        again = explain_rows(model, table.frame.iloc[some], found)
        assert np.allclose(again.values, found.values[[5, 2, 9]], rtol=1e-9, atol=1e-12)
        assert np.allclose(again.base, found.base)
        assert again.outputs == found.outputs and again.columns == found.columns
        assert all(check.passed for check in again.checks)

    def test_column_order_does_not_matter(self, task: Task, make: Any) -> None:
        table = shop_table(task=task)
        model = fitted(table, make())
        shuffled = replace(table, frame=table.frame[table.frame.columns[::-1]], columns=table.columns[::-1])
        assert np.array_equal(explained(table, model).values, explained(shuffled, model).values)


SMALL = {"trees": 6, "rounds": 8, "shape": "spline"}


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
@pytest.mark.parametrize(
    "family_name",
    [
        pytest.param(name, marks=pytest.mark.skipif(bool(kind.missing), reason=kind.missing))
        for name, kind in FAMILIES.items()
        if kind.explainer != "none"
    ],
)
def test_every_family_of_the_search_is_explained(task: Task, family_name: str) -> None:
    table = shop_table(task=task, gaps=True)
    model = champion(table, family_name, SMALL)
    found = explained(table, model)
    assert all(check.passed for check in found.checks), found.checks
    assert ("sampled" in found.method) == (FAMILIES[family_name].explainer == "sampled")
    assert found.importance.set_index("column").loc["constant", "importance"] == 0
    strange = table.frame.iloc[[0, 0, 1]].copy()
    strange["地区"] = ["nowhere", None, "[red]{x}"]
    strange["visits"] = [np.nan, 1e9, -1e9]
    again = explain_rows(model, strange, found)
    assert all(check.passed for check in again.checks)
    answer = what_if(model, table.frame.iloc[0], {"地区": "moon", "visits": ""}, found)
    assert np.isfinite(answer.difference).all()
    if family_name != "baseline":
        # two columns that say the same share what they say
        shares = found.importance.set_index("column")["share"]
        twins = ["visits", "baskets, all [bold]"]
        assert shares[twins].sum() > shares.drop(twins).max()


@pytest.mark.parametrize("make", [boosted, lambda: RandomForestRegressor(5, random_state=0)])
def test_missing_values_and_unseen_levels(make: Any) -> None:
    table = shop_table(gaps=True)
    model = fitted(table, make())
    found = explained(table, model)
    assert all(check.passed for check in found.checks)
    strange = table.frame.iloc[:3].copy()
    strange["地区"] = ["nowhere", None, "[red]{x}"]
    strange["visits"] = [np.nan, 1e9, -1e9]
    again = explain_rows(model, strange, found)
    assert all(check.passed for check in again.checks)
    assert np.allclose(again.margin[:, 0], model.predict(strange)["prediction"])


def test_a_model_that_only_shap_knows_is_told() -> None:
    table, (events, heard) = shop_table(), quiet()
    model = fitted(table, GradientBoostingRegressor(n_estimators=5))
    found = explain(model, table, budget=Budget.unlimited(), events=events)
    assert any("shap explains it" in event.message for event in heard)
    assert "shap.TreeExplainer" in found.method and all(check.passed for check in found.checks)


def test_figures_are_right_where_the_truth_is_known() -> None:
    table = shop_table()
    found = explained(table, fitted(table, Ridge(alpha=1e-6)))
    importance = found.importance.set_index("column")
    assert importance.loc["constant", "importance"] == 0
    assert importance.loc["noise", "share"] < 0.05
    assert np.isnan(importance.loc["地区", "direction"])
    assert importance.loc["visits", "lever"] == "controllable"
    assert found.base[0] == pytest.approx(table.frame["spend"].mean(), rel=1e-6)
    inside = importance["low"].le(importance["importance"]) & importance["high"].ge(importance["importance"])
    assert inside.all()
    south = found.values[(found.data["地区"] == "south").to_numpy(), found.columns.index("地区"), 0]
    north = found.values[(found.data["地区"] == "north").to_numpy(), found.columns.index("地区"), 0]
    assert south.mean() - north.mean() == pytest.approx(30, abs=3)


def test_a_constant_model_says_so() -> None:
    table = shop_table()
    found = explained(table, fitted(table, DummyRegressor()))
    assert not found.values.any()
    assert found.words == ("The model says the same for every row: no column contributes anything to 'spend'.",)


def test_words_tell_association_and_caveats() -> None:
    table = shop_table()
    words = " ".join(explained(table, fitted(table, boosted())).words)
    assert "'visits'" in words and "association" in words
    assert "go together" in words and "baskets, all [bold]" in words
    assert "'south' goes with the highest predicted 'spend'" in words
    for verb in ("cause", "drive", "lead to", "because", "increase"):
        assert verb not in words


def test_words_for_several_classes_say_where_values_point() -> None:
    table = shop_table(task=Task.MULTICLASS)
    words = explained(table, fitted(table, LogisticRegression())).words
    assert "and 3 classes" in words[0] and "in log-odds" in words[0]
    assert any("point to '2'" in sentence and "away from '0'" in sentence for sentence in words)
    assert any("'south' points most to '2'" in sentence for sentence in words)


def test_words_for_one_row_add_up() -> None:
    table = shop_table()
    model = fitted(table, Ridge())
    words = explain_rows(model, table.frame.iloc[[3]], explained(table, model)).words
    assert words[0].startswith("For this row the predicted 'spend' is ")
    assert "'地区' = " in words[1] and "other column" in words[1]
    assert len(words) == 3


def test_texts_are_told_as_a_whole() -> None:
    table = shop_table()
    found = explained(table, fitted(table, Ridge()))
    data = found.data.assign(visits=[f"I came to the same shop again and again, {i}" for i in range(len(found.data))])
    told = describe(
        found.values,
        data,
        importance_table(found.values, data, {}),
        outputs=found.outputs,
        space=found.output_space,
        target="spend",
        total_rows=240,
    )
    assert "'visits' differs in nearly every row: it counts as a whole, and no single value stands out." in told


def test_a_failed_check_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = LinearExplainer.contributions

    def wrong(self: LinearExplainer, matrix: Any) -> Contributions:
        found = quick(self, matrix)
        return Contributions(found.values * 1.001, found.base)

    monkeypatch.setattr(LinearExplainer, "contributions", wrong)
    table = shop_table()
    events, _ = quiet()
    found = explain(fitted(table, Ridge()), table, budget=Budget.unlimited(), events=events)
    failed = [check.name for check in found.checks if not check.passed]
    assert failed == ["additivity", "additivity in source columns"]
    assert sum("failed" in event.message for event in events.notices) == 2


@pytest.mark.shared
def test_real_churn_is_explained(shared_data: Path) -> None:
    from workbench.data import load

    table = load(str(shared_data / "telco_churn.csv"), target="Churn")
    model = champion(table, "lightgbm", {"rounds": 40})
    found = explained(table, model, max_rows=400)
    assert all(check.passed for check in found.checks)
    assert found.importance["column"].iloc[0] == "Contract"
    assert found.outputs == ("Yes",) and found.output_space == "log-odds"
    assert any("'tenure' and 'TotalCharges' go together" in sentence for sentence in found.words)


def slow(monkeypatch: pytest.MonkeyPatch, seconds: Callable[[int], float]) -> Clock:
    """Makes linear explanations of n rows take ``seconds(n)`` on the clock that is given back."""
    clock = Clock()
    quick = LinearExplainer.contributions

    def contributions(self: LinearExplainer, matrix: Any) -> Contributions:
        clock.now += seconds(matrix.shape[0])
        return quick(self, matrix)

    monkeypatch.setattr(LinearExplainer, "contributions", contributions)
    return clock


def test_as_many_rows_are_explained_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shop_table(rows=3_000)
    model = fitted(table, Ridge())
    clock = slow(monkeypatch, lambda rows: 0.05 * rows)
    events, heard = quiet()
    found = explain(model, table, budget=Budget.of(60, clock=clock), events=events)
    count = len(found.rows)
    assert 800 <= count <= 60 / 0.05 and found.total_rows == 3_000
    assert clock.now <= 60
    assert [event.message for event in events.notices] == [
        f"Explained {count:,} of 3,000 rows, stratified by prediction."
    ]
    assert any(f"rest on {count:,} of 3,000 rows" in sentence for sentence in found.words)
    assert heard[-1].kind == "result"
    json.dumps(heard[-1].data)


def test_a_fixed_cost_of_each_call_does_not_cost_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shop_table(rows=3_000)
    clock = slow(monkeypatch, lambda rows: 0.5 + 0.001 * rows)
    found = explained(table, fitted(table, Ridge()), budget=Budget.of(20, clock=clock))
    assert len(found.rows) == 3_000


def test_rows_that_become_slower_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shop_table(rows=3_000)
    seen = []

    def slower(rows: int) -> float:
        seen.append(rows)
        return rows * (0.001 if sum(seen) < 200 else 0.1)

    clock = slow(monkeypatch, slower)
    found = explained(table, fitted(table, Ridge()), budget=Budget.of(10, clock=clock))
    assert 144 <= len(found.rows) < 3_000


def test_even_an_expired_budget_explains_some_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    table = shop_table()
    clock = slow(monkeypatch, lambda rows: 10.0 * rows)
    found = explained(table, fitted(table, Ridge()), budget=Budget.of(1, clock=clock))
    assert len(found.rows) == 16
    assert all(check.passed for check in found.checks)


def test_sampled_rows_represent_low_and_high_predictions() -> None:
    table = shop_table(rows=2_000)
    model = fitted(table, Ridge())
    found = explained(table, model, max_rows=200)
    every = np.sort(model.predict(table.frame)["prediction"].to_numpy())
    low, high = every[len(every) // 2 - 1], every[len(every) // 2]
    assert len(found.rows) == 200 and np.all(np.diff(found.rows) > 0)
    assert np.sum(found.margin[:, 0] <= (low + high) / 2) == 100
    assert found.margin.mean() == pytest.approx(every.mean(), abs=0.1 * every.std())
    assert np.array_equal(found.data.index, table.frame.index[found.rows])


def test_the_seed_decides_which_rows() -> None:
    table = shop_table(rows=500)
    model = fitted(table, Ridge())
    first, same, other = (explained(table, model, max_rows=50, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.rows, same.rows) and first.importance.equals(same.importance)
    assert not np.array_equal(first.rows, other.rows)


def test_a_wish_to_stop_is_heard() -> None:
    table = shop_table()
    events, _ = quiet()
    events.request_stop()
    with pytest.raises(Stopped):
        explain(fitted(table, Ridge()), table, budget=Budget.unlimited(), events=events)


def test_bad_input_is_said_in_a_sentence() -> None:
    table = shop_table()
    model = fitted(table, Ridge())
    found = explained(table, model)
    with pytest.raises(InputError, match="no rows"):
        explained(replace(table, frame=table.frame.iloc[:0]), model)
    with pytest.raises(InputError, match="no rows"):
        explain_rows(model, table.frame.iloc[:0], found)
    with pytest.raises(InputError, match="no column 'visits'"):
        explain_rows(model, table.frame.drop(columns="visits"), found)


def test_one_row_is_enough() -> None:
    table = shop_table()
    model = fitted(table, boosted())
    found = explained(replace(table, frame=table.frame.iloc[:1]), model)
    assert found.values.shape[0] == 1 and all(check.passed for check in found.checks)
    assert found.importance["low"].isna().all() and found.words


class TestWhatIf:
    def test_changes_go_through_the_raw_row(self) -> None:
        table = shop_table(task=Task.BINARY)
        model = fitted(table, boosted(True))
        found = explained(table, model)
        row = table.frame.iloc[3]
        answer = what_if(model, row, {"visits": "12", "地区": "south", "joined": "2024-06-01"}, found)
        changed = table.frame.iloc[[3]].assign(visits=12.0, joined=pd.Timestamp("2024-06-01"))
        changed["地区"] = "south"
        assert answer.predicted_before.iloc[0].equals(model.predict(table.frame.iloc[[3]]).iloc[0])
        assert np.allclose(answer.predicted_after, model.predict(changed))
        assert answer.difference == pytest.approx(answer.after.margin[0] - answer.before.margin[0])
        assert answer.unseen == ()
        assert answer.changes["visits"] == 12.0

    def test_no_change_changes_nothing(self) -> None:
        table = shop_table(gaps=True)
        model = fitted(table, boosted())
        answer = what_if(model, table.frame.iloc[0], {}, explained(table, model))
        assert np.array_equal(answer.before.values, answer.after.values)

    def test_empty_text_is_missing_and_new_levels_are_named(self) -> None:
        table = shop_table()
        model = fitted(table, boosted())
        answer = what_if(model, table.frame.iloc[0], {"visits": " ", "地区": "moon"}, explained(table, model))
        assert answer.after.data["visits"].isna().all()
        assert answer.unseen == ("地区",)

    @pytest.mark.parametrize(
        ("column", "value", "says"),
        [("visits", "many", "not a number"), ("joined", "soon", "not a date"), ("spend", 3, "no column 'spend'")],
    )
    def test_what_cannot_be_read_is_refused(self, column: str, value: object, says: str) -> None:
        table = shop_table()
        model = fitted(table, boosted())
        found = explained(table, model)
        with pytest.raises(InputError, match=says):
            what_if(model, table.frame.iloc[0], {column: value}, found)


def test_importing_the_package_is_light() -> None:
    code = "import sys, workbench.explain; print([m for m in ('shap', 'lightgbm', 'numba') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
