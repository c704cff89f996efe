from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.contracts import Check
from workbench.data import read_source
from workbench.data.dates import parse_dates
from workbench.data.numbers import Style, parse_numbers, read_numbers


def column(
    tmp_path: Path, cells: list[str], name: str = "v", separator: str = ","
) -> tuple[pd.Series, dict[str, Check]]:
    frame = pd.DataFrame({name: cells, "other": "x"})
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False, sep=separator)
    read, _, checks = read_source(path)
    return read[name], {check.code: check for check in checks if check.column == name}


def numbers_and(words: list[str], count: int = 200) -> list[str]:
    return [str(i) for i in range(count)] + words


def test_blanks_among_numbers_are_missing(tmp_path: Path) -> None:
    values, checks = column(tmp_path, ["1.5", " ", "2.5", "  "])
    assert values.tolist()[::2] == [1.5, 2.5]
    assert values.isna().sum() == 2
    assert checks["blank-cells"].rows == 2


@pytest.mark.parametrize("word", ["unknown", "?", "-", "未知", "n/a", "none"])
def test_words_for_nothing_among_numbers(tmp_path: Path, word: str) -> None:
    values, checks = column(tmp_path, ["1", "2", word, "3.5"])
    assert values.dtype == "float64"
    assert values.isna().tolist() == [False, False, True, False]
    if word != "n/a":
        assert checks["words-among-numbers"].rows == 1


def test_a_rare_word_among_many_numbers_is_missing(tmp_path: Path) -> None:
    values, checks = column(tmp_path, numbers_and(["verweigert"] * 3))
    assert values.isna().sum() == 3
    assert "verweigert" in checks["words-among-numbers"].message


@pytest.mark.parametrize("cells", [numbers_and(["C536379"]), ["0", "1", "2", "more"] * 9, numbers_and(["abc"] * 90)])
def test_mixed_columns_stay_text_and_say_so(tmp_path: Path, cells: list[str]) -> None:
    values, checks = column(tmp_path, cells)
    assert values.tolist() == cells
    assert "mixed-types" in checks


@pytest.mark.parametrize(
    "cells",
    [
        ["0001", "0002"], ["007", "8"], ["+4915112345678", "+4915112345679"], ["12345678901234567890", "2"],
        ["9007199254740993", ""], ["1_000", "2"], ["0x1f", "2"], ["１２", "３"], ["1,2,3", "4,5,6"],
    ],
)  # fmt: skip
def test_codes_stay_text(tmp_path: Path, cells: list[str]) -> None:
    values, _ = column(tmp_path, cells)
    assert values.fillna("").tolist() == cells


def test_infinities_are_missing(tmp_path: Path) -> None:
    values, checks = column(tmp_path, ["1", "inf", "-Infinity", "2.5"])
    assert values.isna().tolist() == [False, True, True, False]
    assert checks["infinities"].rows == 2


@pytest.mark.parametrize(
    ("cells", "separator", "expected", "code"),
    [
        (["1,5", "2", "3,25"], ";", [1.5, 2, 3.25], "decimal-comma"),
        (["1.234,5", "2", "1.234.567,25"], ";", [1234.5, 2, 1234567.25], "decimal-comma"),
        (["1,234.5", "2", "1,234,567.25"], ",", [1234.5, 2, 1234567.25], "thousands-separators"),
        (["1,234,567", "2"], ";", [1234567, 2], "thousands-separators"),
        (["1 234", "12 345,5"], ";", [1234, 12345.5], "decimal-comma"),
        (["1 234", "12 345"], ",", [1234, 12345], None),
        (["1'234.5", "2"], ",", [1234.5, 2], "thousands-separators"),
        (["0,123", "1,234"], ",", [0.123, 1.234], "decimal-comma"),
        (["$1,234.50", "$2.00"], ",", [1234.5, 2], "unit-removed"),
        (["12 %", "5%"], ",", [12, 5], "unit-removed"),
        (["-5", "+3", "1e3", ".5"], ",", [-5, 3, 1000, 0.5], None),
    ],
)
def test_number_styles(
    tmp_path: Path, cells: list[str], separator: str, expected: list[float], code: str | None
) -> None:
    values, checks = column(tmp_path, cells, separator=separator)
    assert values.tolist() == pytest.approx(expected)
    assert code is None or code in checks


def test_an_ambiguous_comma_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,234;1,5\n2,345;2,5\n")
    frame, source, checks = read_source(path)
    assert frame["a"].tolist() == [1.234, 2.345]
    assert source.details["decimal"] == ","
    assert any(check.column == "a" and check.severity == "warning" for check in checks)
    path.write_text('a,b\n"1,234","5,000.5"\n"2,345","6,000.5"\n')
    assert read_source(path)[0]["a"].tolist() == [1234, 2345]


def test_truth_values(tmp_path: Path) -> None:
    assert column(tmp_path, ["TRUE", "FALSE", "TRUE"])[0].dtype == "bool"
    gaps, _ = column(tmp_path, ["TRUE", "", "FALSE"])
    assert gaps.tolist()[::2] == ["True", "False"]
    assert column(tmp_path, ["yes", "no"])[0].tolist() == ["yes", "no"]


@pytest.mark.parametrize(
    ("cells", "first", "told"),
    [
        (["2024-01-31", "2024-02-01"], "2024-01-31", "dates-as-text"),
        (["2024/1/31 08:05", "2024/2/1 23:59:59"], "2024-01-31 08:05", "dates-as-text"),
        (["2024年1月31日", "2024年2月1日"], "2024-01-31", "dates-as-text"),
        (["1/13/2011", "1/2/2011"], "2011-01-13", "dates-as-text"),
        (["13/1/2011", "2/1/2011"], "2011-01-13", "dates-as-text"),
        (["13.01.2011", "02.01.2011"], "2011-01-13", "dates-as-text"),
        (["02.01.2011", "03.01.2011"], "2011-01-02", "dates-as-text"),
        (["2/1/2011", "3/1/2011"], "2011-02-01", "ambiguous-dates"),
        (["1/13/11 3:05 PM", "1/14/11 12:00 AM"], "2011-01-13 15:05", "dates-as-text"),
        (["31-Jan-2024", "01-Feb-2024"], "2024-01-31", "dates-as-text"),
        (["January 31, 2024", "Feb 1, 2024"], "2024-01-31", "dates-as-text"),
        (["2024-01-31T10:00:00+02:00", "2024-02-01T00:00:00Z"], "2024-01-31 08:00", "time-zone"),
        (["2024-01-31 10:00:00.125", "2024-02-01 00:00:00"], "2024-01-31 10:00:00.125", "dates-as-text"),
    ],
)
def test_dates(tmp_path: Path, cells: list[str], first: str, told: str) -> None:
    values, checks = column(tmp_path, cells)
    assert values[0] == pd.Timestamp(first)
    assert told in checks


@pytest.mark.parametrize("cells", [["1-2", "2-3"], ["13/13/2011", "1/1/2011"], ["12:30", "13:45"], ["1.2.3", "1.2.4"],
                                   ["25/12/2011", "12/25/2011"], ["2024-13-01", "2024-14-01"]])  # fmt: skip
def test_what_is_no_date_stays_text(tmp_path: Path, cells: list[str]) -> None:
    assert column(tmp_path, cells)[0].tolist() == cells


def test_compact_days_need_a_telling_name(tmp_path: Path) -> None:
    cells = ["20240131", "20240201"]
    assert column(tmp_path, cells, name="order_date")[0][0] == pd.Timestamp("2024-01-31")
    assert column(tmp_path, cells, name="code")[0].tolist() == [20240131, 20240201]
    assert column(tmp_path, ["20241399", "20240201"], name="date")[0].dtype == "int64"


def test_few_invalid_dates_are_missing(tmp_path: Path) -> None:
    cells = [f"2024-01-{1 + i % 28:02d}" for i in range(300)] + ["2024-02-30", "0000-00-00"]
    values, checks = column(tmp_path, cells)
    assert values.isna().sum() == 2
    assert checks["invalid-dates"].rows == 2


def test_typed_text_with_few_values_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({
        "label": ["1.0", "0.0"] * 20, "flag": ["True", "False"] * 20, "word": ["NA", "b"] * 20,
        "total": [" ", *[f"{i}.5" for i in range(39)]],
    }).to_parquet(path)  # fmt: skip
    frame, _, _ = read_source(path)
    assert [str(kind) for kind in frame.dtypes] == ["str", "str", "str", "float64"]
    assert frame["word"].notna().all()
    assert frame["total"].isna().sum() == 1


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1))
def test_what_python_writes_is_read_exactly(values: list[float | None]) -> None:
    cells = pa.chunked_array([pa.array([None if v is None else repr(v) for v in values], pa.large_string())])
    reading = read_numbers(cells)
    assert (reading is None) == all(v is None for v in values)
    if reading is not None:
        assert reading.style is Style.PLAIN
        parsed = parse_numbers(cells, reading.style).to_pylist()
        np.testing.assert_array_equal(np.array(parsed, dtype=float), np.array(values, dtype=float))


@given(st.lists(st.datetimes(min_value=pd.Timestamp("1900-01-01").to_pydatetime(),
                             max_value=pd.Timestamp("2200-01-01").to_pydatetime()), min_size=1),
       st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%fZ", "%d.%m.%Y %H:%M:%S.%f"]))  # fmt: skip
def test_written_instants_are_read_exactly(instants: list[pd.Timestamp], form: str) -> None:
    cells = pa.chunked_array([pa.array([instant.strftime(form) for instant in instants], pa.large_string())])
    found = parse_dates(cells)
    assert found is not None
    assert found.values.to_pylist() == instants


def test_messages_stay_on_one_line(tmp_path: Path) -> None:
    _, checks = column(tmp_path, numbers_and(["two\nlines \u202e"]))
    assert "'two lines'" in checks["words-among-numbers"].message
