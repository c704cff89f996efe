"""The suite that every reader passes: one table, written by each format, reads as the same frame."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.data import delimited, read_source
from workbench.data._base import Raw
from workbench.data.source import READERS
from workbench.errors import InputError

Write = Callable[[pd.DataFrame, Path], None]


def _excel(frame: pd.DataFrame, path: Path) -> None:
    frame.to_excel(path, index=False)


def _gzip(frame: pd.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))


def _csv(**options: object) -> Write:
    return lambda frame, path: frame.to_csv(path, index=False, **options)  # type: ignore[call-overload]


FORMATS: dict[str, tuple[str, Write]] = {
    "csv": ("t.csv", _csv()),
    "csv.gz": ("t.csv.gz", _gzip),
    "upper case": ("T.CSV", _csv()),
    "tsv": ("t.tsv", _csv(sep="\t")),
    "semicolon": ("t.txt", _csv(sep=";")),
    "decimal comma": ("t.csv", _csv(sep=";", decimal=",")),
    "pipe": ("t.txt", _csv(sep="|")),
    "bom": ("t.csv", _csv(encoding="utf-8-sig")),
    "utf-16": ("t.csv", _csv(encoding="utf-16")),
    "gb18030": ("t.csv", _csv(encoding="gb18030")),
    "crlf": ("t.csv", _csv(lineterminator="\r\n")),
    "cr": ("t.csv", _csv(lineterminator="\r")),
    "all quoted": ("t.csv", _csv(quoting=1)),
    "parquet": ("t.parquet", lambda frame, path: frame.to_parquet(path, index=False)),
    "excel": ("t.xlsx", _excel),
}


@pytest.fixture
def table() -> pd.DataFrame:
    n = 30
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "编号": [f"K{i:04d}" for i in range(n)],
            "visits": np.arange(n) * 3,
            "金额": np.round(rng.normal(100, 30, n), 2),
            "gap": [None if i % 7 == 0 else i + 0.5 for i in range(n)],
            "品类": [["食品", "家居用品", "数码, 电器", 'say "hi"', None][i % 5] for i in range(n)],
            "flag": [i % 3 == 0 for i in range(n)],
            "day": pd.date_range("2024-01-01", periods=n),
        }
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_frame(kind: str, table: pd.DataFrame, tmp_path: Path) -> None:
    name, write = FORMATS[kind]
    path = tmp_path / name
    write(table, path)
    frame, source, _ = read_source(path)
    assert list(frame.columns) == list(table.columns)
    assert isinstance(frame.index, pd.RangeIndex)
    assert [str(kind) for kind in frame.dtypes] == [
        "str",
        "int64",
        "float64",
        "float64",
        "str",
        "bool",
        "datetime64[us]",
    ]
    pd.testing.assert_frame_equal(frame, table, check_dtype=False)
    assert (source.rows, source.columns) == table.shape
    assert source.name in ("t", "T")
    assert len(source.fingerprint) == 64


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.format)
def test_readers_keep_the_contract(reader: object, table: pd.DataFrame) -> None:
    buffer = io.BytesIO()
    match reader.format:  # type: ignore[attr-defined]
        case "csv":
            table.to_csv(buffer, index=False)
        case "parquet":
            table.to_parquet(buffer, index=False)
        case "excel":
            table.to_excel(buffer, index=False)
    raw = reader.read(Path("x"), buffer.getvalue())  # type: ignore[attr-defined]
    assert isinstance(raw, Raw)
    assert raw.names == list(table.columns)
    assert {len(column) for column in raw.columns} == {len(table)}
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in reader.suffixes)  # type: ignore[attr-defined]


@pytest.mark.parametrize("suffix", [suffix for reader in READERS for suffix in reader.suffixes])
@pytest.mark.parametrize(
    "content", [b"", b"\n\n  \n", b"PK\x03\x04broken", bytes(range(256)) * 30, b"PAR1PAR1", b"\x1f\x8bxx"]
)
def test_damaged_content_is_one_sentence_or_a_table(suffix: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(content)
    try:
        frame, _, _ = read_source(path)
    except InputError as error:
        assert "\n" not in str(error)
        assert str(error).endswith(".")
    else:
        assert len(frame)


def test_truncated_files(table: pd.DataFrame, tmp_path: Path) -> None:
    for name, (file, write) in FORMATS.items():
        if name not in ("parquet", "excel", "csv.gz"):
            continue
        path = tmp_path / file
        write(table, path)
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(InputError):
            read_source(path)


def test_excel_takes_the_first_filled_sheet_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame().to_excel(book, sheet_name="empty", index=False)
        pd.DataFrame({"a": [1, 2], "b": ["x", 3]}).to_excel(
            book, sheet_name="data", index=False, startrow=2, startcol=1
        )
        pd.DataFrame({"c": [1]}).to_excel(book, sheet_name="more", index=False)
    frame, source, checks = read_source(path)
    assert source.details["sheet"] == "data"
    assert list(frame.columns) == ["a", "b"]
    assert frame["b"].tolist() == ["x", "3"]
    assert "sheets" in [check.code for check in checks]


def test_parquet_types_without_a_plain_form(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "t.parquet"
    columns = {
        "dict": pa.array(["a", "b", "a"]).dictionary_encode(),
        "decimal": pa.array([1, 2, None], pa.decimal128(8, 2)),
        "list": pa.array([[1], [2, 3], None]),
        "binary": pa.array([b"\xff\xfe", b"\x00", None]),
        "zoned": pa.array([0, 3_600_000_000, None], pa.timestamp("us", tz="Europe/Berlin")),
        "flag": pa.array([True, None, False]),
        "huge": pa.array([2**64 - 1, 1, 2], pa.uint64()),
        "span": pa.array([1_500_000, 0, None], pa.duration("us")),
        "small": pa.array([1.5, 2.5, None], pa.float32()),
        "nothing": pa.nulls(3),
    }
    pq.write_table(pa.table(columns), path)
    frame, _, checks = read_source(path)
    assert "binary" not in frame
    assert frame["list"].tolist()[:2] == ["[1]", "[2, 3]"]
    assert frame["zoned"].tolist()[1] == pd.Timestamp("1970-01-01 01:00")
    assert frame["flag"].tolist()[::2] == ["True", "False"]
    assert frame["span"].tolist()[0] == 1.5
    assert {str(kind) for kind in frame.dtypes} <= {"str", "int64", "float64", "bool", "datetime64[us]"}
    assert {"column-left-out", "time-zone"} <= {check.code for check in checks}


def test_long_columns_and_files_of_many_blocks_read_as_ever(table, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    table = pd.concat([table] * 20, ignore_index=True)
    table["编号"] = [f"K{i:06d}" for i in range(len(table))]
    table.to_csv(path, index=False)
    plain = read_source(path)[0]
    monkeypatch.setattr(delimited, "_BLOCK", 1_000)
    monkeypatch.setattr(delimited, "_LONG", 5_000)
    pd.testing.assert_frame_equal(read_source(path)[0], plain)
