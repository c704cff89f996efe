"""Planted random columns: their names never clash, and a real model gives them next to nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_models import champion, quiet, shop_table
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.budget import Budget
from workbench.contracts import Role, Task
from workbench.errors import InputError
from workbench.explain import explain, noise_floor, planted_columns, planted_table


def importance(**sizes: float) -> pd.DataFrame:
    return pd.DataFrame({"column": list(sizes), "importance": list(sizes.values())})


def test_three_kinds_and_nothing_else_changes() -> None:
    table = shop_table()
    before = table.frame.copy()
    frame, names = planted_columns(table.frame, seed=1)
    pd.testing.assert_frame_equal(frame[list(before.columns)], before)
    pd.testing.assert_frame_equal(table.frame, before)
    shuffled, normal, category = (frame[name] for name in names)
    # the copy is of a column with most different values, and keeps all of them
    assert sorted(shuffled) in (sorted(before["noise"]), sorted(before["spend"]), sorted(before["baskets, all [bold]"]))
    assert abs(normal.mean()) < 0.3 and normal.nunique() == len(frame)
    assert category.nunique() == 5


def test_only_features_are_copied() -> None:
    table = shop_table()
    wide, names = planted_table(table)
    assert sorted(wide.frame[names[0]]) != sorted(table.frame["spend"])
    assert [column.name for column in wide.columns] == list(wide.frame.columns)
    assert all(wide.column(name).role is Role.FEATURE for name in names)
    assert set(names) <= set(wide.features.columns)


def test_the_seed_decides() -> None:
    frame = shop_table().frame
    one, other, third = (planted_columns(frame, seed=seed)[0].iloc[:, -3:] for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one, other)
    assert not one.equals(third)


@settings(max_examples=30)
@given(
    st.lists(st.text(max_size=3) | st.sampled_from(["planted normal 2", "planted shuffled 1"]), unique=True),
    st.integers(0, 6),
    st.integers(1, 7),
)
def test_names_never_clash(names: list[str], rows: int, count: int) -> None:
    frame = pd.DataFrame({name: np.arange(rows, dtype=float) for name in names}, index=range(rows))
    wide, planted = planted_columns(frame, count=count)
    assert len(planted) == count and not set(planted) & set(names)
    assert list(wide.columns) == [*names, *planted] and wide.columns.is_unique
    assert len(wide) == rows


def test_without_a_numeric_column() -> None:
    frame = pd.DataFrame({"城市": ["a", "b", "c"], "活跃": [True, False, True]}, index=[9, 9, 4])
    wide, names = planted_columns(frame)
    assert sorted(wide[names[0]]) == [0, 1, 2] and list(wide.index) == [9, 9, 4]


def test_the_floor_is_the_best_planted_column() -> None:
    found = noise_floor(importance(销售=8, p1=0.5, weak=0.4, p2=1.0, edge=1.0), ["p1", "p2"])
    assert found.floor == 1.0 and found.planted == ("p2", "p1") and found.below == ("edge", "weak")
    assert found.share == pytest.approx(1 / 10.9) and found.luck == pytest.approx(1 / 3)
    assert found.sentence == (
        "The best of 2 planted random columns got an importance of 1.00 (9.2% of everything attributed); "
        "'edge', 'weak' lie no higher and can't be told from chance."
    )
    clear = noise_floor(importance(a=8, p1=0.5), ["p1"])
    assert clear.below == () and clear.sentence.endswith("; all 1 columns lie above it.")
    silent = noise_floor(importance(a=0, p1=0), ["p1"])
    assert silent.below == ("a",) and silent.share == 0


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(InputError, match="lacks the planted column 'p2'"):
        noise_floor(importance(a=1, p1=0.1), ["p1", "p2"])
    with pytest.raises(InputError, match="lacks any planted column"):
        noise_floor(importance(a=1), [])
    with pytest.raises(InputError, match="at least one"):
        planted_columns(pd.DataFrame({"a": [1]}), count=0)


@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY, Task.MULTICLASS], ids=str)
def test_a_real_model_gives_them_next_to_nothing(task: Task) -> None:
    wide, names = planted_table(shop_table(rows=600, task=task))

    model = champion(wide, "lightgbm", {"rounds": 40, "min_samples_leaf": 20})
    assert set(names) <= set(model.columns)
    found = noise_floor(explain(model, wide, budget=Budget.unlimited(), events=quiet()[0]).importance, names)
    assert found.planted and set(found.planted) == set(names)
    assert found.share < 0.08
    assert "constant" in found.below and "visits" not in found.below
    assert not {"visits", "baskets, all [bold]"} <= set(found.below)
