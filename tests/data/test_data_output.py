"""What leaves the package: facts for the screen, files, and protection of small groups."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.contracts import Source
from workbench.data import describe, read_source, summary, suppress_small, write_table
from workbench.errors import InputError, StoreError


def facts(values: object) -> dict[str, object]:
    found = summary(pd.DataFrame({"v": values}), "v")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


def test_facts_of_numbers() -> None:
    found = facts([*range(100), None])
    assert (found["kind"], found["rows"], found["missing"], found["distinct"]) == ("integer", 101, 1, 100)
    assert (found["min"], found["median"], found["max"]) == (0.0, 49.5, 99.0)
    assert sum(bar["count"] for bar in found["bars"]) == 100  # type: ignore[attr-defined]


def test_a_long_tail_gets_one_open_bar() -> None:
    found = facts([*range(1000), 1e9])
    bars = found["bars"]
    assert bars[-1]["high"] == 1e9  # type: ignore[index]
    assert bars[0]["count"] > 50  # type: ignore[index]


def test_facts_of_other_kinds() -> None:
    levels = facts(["b", "a", "b", None])
    assert levels["levels"][0] == {"value": "b", "count": 2, "share": 2 / 3}  # type: ignore[index]
    assert facts([f"k{i % 50}" for i in range(100)])["others"] == 76
    dates = facts(pd.date_range("2024-01-01", periods=24))
    assert (dates["first"], dates["last"]) == ("2024-01-01", "2024-01-24")
    assert facts([None, None])["kind"] == "empty"
    assert facts([True, False])["levels"]
    assert "examples" in facts([f"a remark about the visit of customer {i}" for i in range(50)])
    with pytest.raises(InputError):
        summary(pd.DataFrame({"a": [1]}), "b")


def test_facts_of_a_table() -> None:
    frame = pd.DataFrame({"x": [i % 7 for i in range(20)], "y": ["a", "b"] * 10})
    table = describe(frame, [Source("t", "t", "csv", 20, 2, "")], target="y", name="t")
    assert summary(table, "y")["levels"][0]["count"] == 10


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**62), 2**62)), min_size=1))
def test_facts_never_fail_on_numbers(values: list[float | None]) -> None:
    found = facts(pd.array(values, dtype="float64") if any(v is not None for v in values) else values)
    if "bars" in found:
        assert sum(bar["count"] for bar in found["bars"]) == found["rows"] - found["missing"]  # type: ignore


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".xlsx"])
def test_what_is_written_reads_the_same(suffix: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"客户": ["甲", "乙", None], "n": [1, 2, 3], "x": [0.1, np.nan, -5.0], "d": pd.date_range("2024", periods=3)}
    )
    path = tmp_path / "new" / f"out{suffix}"
    write_table(frame, path)
    read, _, _ = read_source(path)
    pd.testing.assert_frame_equal(read, frame, check_dtype=False)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "=cmd|' /C calc'!A0"])
def test_no_formula_leaves_in_csv_or_excel(cell: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({cell: [cell, "fine"], "n": [-1, 2], "c": pd.Categorical([cell, "b"])})
    write_table(frame, tmp_path / "t.csv")
    back = pd.read_csv(tmp_path / "t.csv", keep_default_na=False)
    assert back.columns[0].startswith("'")
    assert back.iloc[0, 0].startswith("'")
    assert back.iloc[0, 2].startswith("'")
    assert back["n"].tolist() == [-1, 2]
    write_table(frame, tmp_path / "t.xlsx")
    assert pd.read_excel(tmp_path / "t.xlsx").iloc[0, 0].startswith("'")
    write_table(frame, tmp_path / "t.parquet")
    assert pd.read_parquet(tmp_path / "t.parquet").iloc[0, 0] == cell


def test_places_and_endings_that_do_not_work(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(InputError, match="ending"):
        write_table(frame, tmp_path / "t.doc")
    with pytest.raises(StoreError, match="folder"):
        write_table(frame, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        write_table(frame, tmp_path / "file" / "t.csv")


def test_small_groups_are_hidden_with_a_second_one() -> None:
    frame = pd.DataFrame({"segment": list("abcd"), "customers": [500, 40, 3, 90], "spend": [1.0, 2.0, 3.0, 4.0]})
    hidden = suppress_small(frame, "customers")
    assert hidden["customers"].isna().tolist() == [False, True, True, False]
    assert hidden["spend"].isna().tolist() == [False, True, True, False]
    assert hidden["segment"].tolist() == list("abcd")
    assert frame["customers"].tolist() == [500, 40, 3, 90]


def test_large_and_empty_groups_stay() -> None:
    frame = pd.DataFrame({"n": [0, 10, 20]}, index=[7, 7, 7])
    assert suppress_small(frame, "n")["n"].tolist() == [0, 10, 20]
    assert suppress_small(frame, "n", minimum=15)["n"].isna().tolist() == [False, True, True]
    with pytest.raises(InputError):
        suppress_small(frame, "count")


@given(st.lists(st.integers(0, 50), min_size=1))
def test_no_single_hidden_group_can_be_computed_from_a_total(counts: list[int]) -> None:
    shown = suppress_small(pd.DataFrame({"n": counts}), "n")["n"]
    assert not ((shown > 0) & (shown < 10)).any()
    others = sum(count > 0 for count in counts)
    assert shown.isna().sum() != 1 or others == 1
