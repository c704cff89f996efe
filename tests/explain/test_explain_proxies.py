"""Proxies of a group: a planted one is found, an independent column is not, and differences add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_models import champion, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.budget import Budget
from workbench.contracts import Explanation, Task
from workbench.errors import InputError
from workbench.explain import explain, fairness_words, group_metrics, proxy_columns
from workbench.explain.columns import read_column
from workbench.explain.fairness.telling import Telling
from workbench.explain.overall.importance import importance_table


def made(values: np.ndarray, data: pd.DataFrame, outputs: tuple[str, ...] = ("yes",)) -> Explanation:
    """An explanation with these contributions, shape (rows, columns) or (rows, columns, outputs)."""
    values = values if values.ndim == 3 else values[:, :, None]
    base = np.full(len(outputs), 0.25)
    return Explanation(
        values=values,
        base=base,
        margin=base + values.sum(axis=1),
        columns=tuple(data.columns),
        outputs=outputs,
        output_space="log-odds",
        rows=np.arange(len(data)),
        total_rows=len(data),
        data=data,
        importance=importance_table(values, data, {}),
        method="made up",
        checks=(),
        words=(),
        target="bought",
    )


def planted(rows: int = 600, seed: int = 0) -> tuple[Explanation, pd.Series]:
    """``postcode`` carries the group; ``visits`` contributes and is independent; ``hobby`` tells and is silent."""
    random = np.random.default_rng(seed)
    women = random.random(rows) < 0.4
    postcode = np.where(random.random(rows) < 0.85, women, ~women)
    visits = random.poisson(6, rows).astype(float)
    data = pd.DataFrame(
        {
            "邮编": np.where(postcode, "north", "south"),
            "visits": np.where(random.random(rows) < 0.1, np.nan, visits),
            "hobby": np.where(women, "a", "b"),
            "joined": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 300, rows), unit="D"),
            "vip": random.random(rows) < 0.5,
        }
    )
    values = np.column_stack(
        [
            np.where(postcode, -0.8, 0.4),
            0.3 * (visits - 6),
            np.zeros(rows),
            random.normal(0, 0.2, rows),
            np.where(data["vip"], 0.1, -0.1),
        ]
    )
    return made(values, data), pd.Series(np.where(women, "女", "男"), name="性别")


def test_nothing_follows_of_a_hidden_group() -> None:
    """Its rows may hold anything: no figure of the others changes, so none can be solved for it."""
    found, group = planted()
    group[:5] = "其他"
    other = found.values.copy()
    other[:5] = 100.0
    plain = proxy_columns(found, group)
    assert len(plain) and set(plain["group"]) <= {"女", "男"}
    pd.testing.assert_frame_equal(plain, proxy_columns(made(other[:, :, 0], found.data), group))


def test_the_planted_proxy_is_the_only_one() -> None:
    found = proxy_columns(*planted()).set_index("column")
    assert list(found.index[found["proxy"]]) == ["邮编"]
    assert found.loc["邮编", "auc"] == pytest.approx(0.85, abs=0.04)
    assert found.loc["邮编", "difference"] == pytest.approx(-1.2 * 0.7, abs=0.1)  # 85 % against 15 % of the rows
    assert found.loc["邮编", "low"] < found.loc["邮编", "difference"] < found.loc["邮编", "high"] < 0
    assert found.loc["hobby", "tells"] and not found.loc["hobby", "clear"] and found.loc["hobby", "difference"] == 0
    assert not found.loc["visits", "tells"] and not found.loc["visits", "clear"]
    sentence = found.loc["邮编", "words"]
    assert sentence.startswith("'邮编' is a proxy of '性别': its value tells '女' apart (AUC 0.8")
    assert "association" in sentence and (found.loc[~found["proxy"], "words"] == "").all()


def test_differences_add_up_to_that_of_the_output() -> None:
    explanation, group = planted()
    found = proxy_columns(explanation, group)
    inside = (group == "女").to_numpy()
    total = explanation.margin[inside, 0].mean() - explanation.margin[~inside, 0].mean()
    assert found["difference"].sum() == pytest.approx(total, abs=1e-12)
    assert found["total"].to_numpy() == pytest.approx(np.full(len(found), total))


@settings(max_examples=25)
@given(st.integers(0, 1_000), st.integers(2, 6), st.integers(1, 3))
def test_differences_add_up_for_any_groups_and_outputs(seed: int, kinds: int, outputs: int) -> None:
    random = np.random.default_rng(seed)
    rows = int(random.integers(1, 200))
    data = pd.DataFrame(random.normal(size=(rows, 3)), columns=["a", "b", "c"])
    explanation = made(random.normal(size=(rows, 3, outputs)), data, tuple("xyz"[:outputs]))
    group = pd.Series(random.integers(kinds, size=rows)).astype(object).where(random.random(rows) < 0.9, None)
    found = proxy_columns(explanation, group, output=outputs - 1, seed=seed)
    for _, own in found.groupby("group"):
        assert own["difference"].sum() == pytest.approx(own["total"].iloc[0], abs=1e-9)
        assert len(own) == 3
    assert not found["itself"].any()


def test_of_two_groups_one_is_told_and_of_three_all() -> None:
    explanation, group = planted()
    assert set(proxy_columns(explanation, group)["group"]) == {"女"}
    three = group.where(np.arange(len(group)) % 5 > 0, None)
    assert set(proxy_columns(explanation, three)["group"]) == {"女", "男", "missing"}


def test_a_hidden_group_is_no_rest_of_another() -> None:
    """The other group and 8 hidden rows: against all others the figures of the 8 would follow from the larger two."""
    explanation, group = planted(100)
    alone = pd.Series(["x"] * 92 + ["y"] * 8)
    assert proxy_columns(explanation, alone).empty
    assert proxy_columns(explanation, pd.Series(["x"] * 100)).empty and group.size == 100


def test_chance_finds_no_proxies() -> None:
    wrong = 0
    for seed in range(60):
        explanation, group = planted(200, seed)
        shuffled = pd.Series(np.random.default_rng(seed).permutation(group.to_numpy()))
        wrong += bool(proxy_columns(explanation, shuffled, seed=seed)["proxy"].any())
    assert wrong <= 3  # 5 % are to be expected at most


def test_intervals_hold_as_often_as_they_say() -> None:
    held = 0
    for seed in range(150):
        random = np.random.default_rng([seed, 3])
        women = np.arange(90) < 30
        values = random.normal(np.where(women, 1.0, 0.0), np.where(women, 2.0, 1.0))[:, None]
        found = proxy_columns(made(values, pd.DataFrame({"a": values[:, 0]})), pd.Series(women), seed=seed)
        held += bool(found["low"].iloc[0] <= 1.0 <= found["high"].iloc[0])
    assert 0.91 <= held / 150 <= 0.995


def test_the_group_column_itself_is_said_to_be_one() -> None:
    explanation, group = planted()
    found = proxy_columns(explanation, explanation.data["邮编"])
    own = found[found["itself"]]
    assert list(own["column"].unique()) == ["邮编"] and not own["proxy"].any()
    assert own["words"].iloc[0].startswith("'邮编' is a column of the model itself and carries")
    assert group.name == "性别"


def test_words_name_proxies_or_say_that_there_are_none() -> None:
    explanation, group = planted()
    random = np.random.default_rng(0)
    share = random.random(len(group))
    truth = np.where(random.random(len(group)) < share, "b", "a")
    metrics = group_metrics(group, truth, pd.DataFrame({"a": 1 - share, "b": share}), Task.BINARY)
    told = fairness_words(metrics, proxies=proxy_columns(explanation, group))
    assert any(sentence.startswith("'邮编' is a proxy of '性别'") for sentence in told)
    shuffled = pd.Series(random.permutation(group.to_numpy()), name="性别")
    told = fairness_words(metrics, proxies=proxy_columns(explanation, shuffled))
    assert "No other column both tells groups of '性别' apart and clearly carries a difference." in told


def test_what_is_wrong_is_said() -> None:
    explanation, group = planted(50)
    with pytest.raises(InputError, match="3 rows but 50 rows were explained"):
        proxy_columns(explanation, group.iloc[:3])
    with pytest.raises(InputError, match="no output 1"):
        proxy_columns(explanation, group, output=1)


@pytest.mark.parametrize("task", [Task.BINARY, Task.MULTICLASS, Task.REGRESSION], ids=str)
def test_with_a_real_model(task: Task) -> None:
    table = shop_table(300, task, gaps=True)
    model = champion(table, "lightgbm", {"rounds": 20, "num_leaves": 8, "min_data_in_leaf": 5})
    explanation = explain(model, table, budget=Budget.unlimited(), events=quiet()[0], max_rows=250)
    south = (table.frame["地区"] == "south").to_numpy()
    group = pd.Series(south ^ (np.random.default_rng(0).random(300) < 0.1), name="district").iloc[explanation.rows]
    found = proxy_columns(explanation, group)
    inside = group.to_numpy()
    total = explanation.margin[inside, 0].mean() - explanation.margin[~inside, 0].mean()
    assert found["difference"].sum() == pytest.approx(total, abs=1e-9)
    assert found.loc[found["proxy"], "column"].isin(["地区"]).all()
    if task is not Task.MULTICLASS:
        assert found["proxy"].any()


class TestTelling:
    CODES = np.repeat([0, 1], [300, 300])

    def area(self, column: pd.Series, codes: np.ndarray | None = None) -> np.ndarray:
        codes = self.CODES if codes is None else codes
        return Telling(codes, 2, seed=0).areas(read_column(column))

    def test_a_column_that_says_all(self) -> None:
        assert self.area(pd.Series(np.where(self.CODES, "x", "y"))) == pytest.approx([1.0, 1.0])

    def test_a_constant_says_nothing_at_all(self) -> None:
        assert self.area(pd.Series(np.ones(600))) == pytest.approx([0.5, 0.5])

    def test_values_in_the_middle_tell_as_well(self) -> None:
        random = np.random.default_rng(0)
        column = np.where(
            self.CODES, random.uniform(-1, 1, 600), random.choice([-2, 2], 600) + random.normal(0, 0.1, 600)
        )
        assert self.area(pd.Series(column)).min() > 0.95

    def test_so_do_missing_values(self) -> None:
        column = np.random.default_rng(0).normal(size=600)
        column[self.CODES == 1] = np.where(np.arange(300) % 2, np.nan, column[self.CODES == 1])
        assert self.area(pd.Series(column)).min() > 0.7

    def test_levels_seen_once_tell_nothing_of_others(self) -> None:
        assert self.area(pd.Series([f"id {i}" for i in range(600)])) == pytest.approx([0.5, 0.5])

    def test_noise_is_near_chance_on_average(self) -> None:
        random = np.random.default_rng(1)
        areas = [self.area(pd.Series(random.normal(size=600)))[0] for _ in range(60)]
        assert np.mean(areas) == pytest.approx(0.5, abs=0.01)

    def test_rows_of_no_group_are_others(self) -> None:
        codes = np.r_[np.zeros(100, dtype=int), np.full(500, -1)]
        areas = self.area(pd.Series(np.where(codes < 0, "x", "y")), codes)
        assert areas[0] == pytest.approx(1.0) and np.isnan(areas[1])
