"""Whatever names and cells a table has and however it is written: a frame or one sentence, never anything else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.contracts import Source
from workbench.data import describe, guess_target, read_source, summary
from workbench.errors import InputError

HOSTILE = [
    "[bold]",
    "=cmd",
    '{"a"}',
    "",
    "a",
    "a",
    "😀",
    "\u202eabc",
    "two\nlines",
    "a,b",
    "'q'",
    "ﷺ مرحبا",
    "\ufeffid",
    "self",
]
NAMES = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), min_size=1, max_size=5)
CELL = st.one_of(
    st.sampled_from(
        ["", " ", "NA", "0001", "1,5", "1.234,5", "TRUE", "inf", "2024-01-31", "1/2/2024", "=1+1", '"', "\n", "是"]
    ),
    st.text(max_size=8),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
)
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DTYPES = {"str", "int64", "float64", "bool", "datetime64[us]"}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(NAMES)
    rows = draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=14))
    return names, rows


def check(frame: pd.DataFrame) -> None:
    assert {str(kind) for kind in frame.dtypes} <= DTYPES
    assert len(set(frame.columns)) == frame.shape[1]
    assert all(isinstance(name, str) and name.strip() for name in frame.columns)
    for name in frame.columns:
        assert summary(frame, name)["rows"] == len(frame)
    source = Source("t", "t", "csv", *frame.shape, "")
    for target in {None, guess_target(frame), str(frame.columns[-1])}:
        try:
            found = describe(frame, [source], target=target, name="t")
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert [column.name for column in found.columns] == list(found.frame.columns)


@FAST
@given(
    tables(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252", "latin-1"]),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_in_any_encoding(
    tmp_path: Path, table: tuple[list[str], list[list[str]]], encoding: str, separator: str, quoting: int
) -> None:
    names, rows = table
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(names)
    writer.writerows(rows)
    path = tmp_path / "t.csv"
    path.write_bytes(buffer.getvalue().encode(encoding, "replace"))
    try:
        frame, _, _ = read_source(path)
    except InputError as error:
        assert "\n" not in str(error)
        return
    check(frame)


@FAST
@given(st.binary(max_size=300), st.sampled_from([".csv", ".parquet", ".xlsx", ".csv.gz"]))
def test_any_bytes(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    try:
        frame, _, _ = read_source(path)
    except InputError:
        return
    check(frame)


@FAST
@given(tables())
def test_any_table_in_parquet(tmp_path: Path, table: tuple[list[str], list[list[str]]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, rows = table
    columns = [pa.array([row[k] for row in rows], pa.string()) for k in range(len(names))]
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns, names=names), path)
    try:
        frame, source, _ = read_source(path)
    except InputError:
        return
    assert source.rows == len(rows)
    check(frame)


@FAST
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=6)
                         .filter(lambda cell: cell.strip()).map(lambda cell: f"x{cell}y"), min_size=2, max_size=2),
                min_size=3, max_size=20))  # fmt: skip
def test_text_comes_back_as_it_stood(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "t.csv"
    pd.DataFrame(rows, columns=["first", "second"]).to_csv(path, index=False)
    frame, _, checks = read_source(path)
    assert not [found for found in checks if found.code in ("short-rows", "long-rows", "quotes")]
    assert frame.to_numpy().tolist() == rows


@pytest.mark.parametrize("names", [HOSTILE, HOSTILE[::-1]])
def test_hostile_names_reach_the_table(tmp_path: Path, names: list[str]) -> None:
    frame = pd.DataFrame([[i * (k + 1) % 7 for k in range(len(names))] for i in range(40)], columns=names)
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    read, source, checks = read_source(path)
    found = describe(read, [source], target=str(read.columns[1]), name="t", checks=checks)
    assert len(found.columns) == len(names)
    assert {"[bold]", "=cmd", '{"a"}', "😀", "a", "a (2)", "two lines", "abc"} <= set(read.columns)
