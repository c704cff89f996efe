from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from workbench.contracts import Check
from workbench.data import read_source
from workbench.data.sniff import sniff_dialect, sniff_encoding
from workbench.errors import InputError


def read(tmp_path: Path, content: str | bytes, name: str = "t.csv") -> tuple[pd.DataFrame, list[Check]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    frame, source, checks = read_source(path)
    assert source.fingerprint == hashlib.sha256(path.read_bytes()).hexdigest()
    return frame, checks


def codes(checks: list[Check]) -> set[str]:
    return {check.code for check in checks}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.csv", None, "no file"),
        ("t.csv", b"", "empty"),
        ("t.csv", b"\xef\xbb\xbf\n\n", "empty"),
        ("t.csv", b"a,b\n", "no rows"),
        ("t.csv", b"a,b", "no rows"),
        ("t.doc", b"a,b\n1,2\n", "ending"),
        ("t", b"a,b\n1,2\n", "ending"),
        ("t.csv", b"\x00\x01\x02\x00" * 99, "binary"),
        ("t.csv.gz", b"\x1f\x8bno", "gzip"),
        ("t.parquet", b"PAR1", "Parquet"),
        ("t.xlsx", b"PK", "Excel"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_source(path)
    assert words in str(caught.value)
    assert name in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_folder_and_an_address(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        read_source(tmp_path)
    with pytest.raises(InputError, match="Only files") as caught:
        read_source("postgresql://me:secret@host/db")
    assert "secret" not in str(caught.value)


def test_an_empty_parquet_table(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": pd.Series([], dtype="int64")}).to_parquet(path)
    with pytest.raises(InputError, match="no rows"):
        read_source(path)
    pd.DataFrame(index=range(3)).to_parquet(path, index=False)
    with pytest.raises(InputError):
        read_source(path)


def test_one_column_without_separator(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "price\n1\n\n3\n")
    assert frame["price"].isna().tolist() == [False, True, False]


def test_hostile_and_repeated_names(tmp_path: Path) -> None:
    frame, checks = read(tmp_path, 'a,a,,[bold],"{""x"": 1}","two\nlines",=cmd()\n1,2,3,4,5,6,7\n')
    assert list(frame.columns) == ["a", "a (2)", "column 3", "[bold]", '{"x": 1}', "two lines", "=cmd()"]
    assert frame.iloc[0].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert sum(check.code == "column-renamed" for check in checks) == 3


def test_a_separator_at_each_line_end_makes_no_column(tmp_path: Path) -> None:
    frame, checks = read(tmp_path, "a;b;\n1;2;\n3;4;\n")
    assert list(frame.columns) == ["a", "b"]
    assert "columns-left-out" in codes(checks)


def test_ragged_rows_are_kept_and_told(tmp_path: Path) -> None:
    frame, checks = read(tmp_path, "a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,11,12,\n")
    assert frame["a"].tolist() == [1, 4, 6, 10]
    assert frame["c"].isna().tolist() == [False, True, False, False]
    told = {check.code: check.rows for check in checks}
    assert told["short-rows"] == 1
    assert told["long-rows"] == 1


def test_a_stray_quotation_mark_does_not_swallow_rows(tmp_path: Path) -> None:
    frame, checks = read(tmp_path, 'size,n\n"5 inch,1\n6 inch,2\n7 inch,3\n')
    assert frame["n"].tolist() == [1, 2, 3]
    assert "quotes" in codes(checks)


def test_quoted_line_breaks_and_a_cell_larger_than_a_block(tmp_path: Path) -> None:
    long = "x" * (9 << 20)
    frame, _ = read(tmp_path, f'a,b\n"one\ntwo",1\n"{long}",2\n')
    assert frame["a"].tolist()[0] == "one\ntwo"
    assert frame["a"].str.len().tolist()[1] == len(long)


def test_spreadsheets_say_their_separator(tmp_path: Path) -> None:
    frame, _ = read(tmp_path, "sep=;\na;b\n1,5;2\n")
    assert frame.iloc[0].tolist() == [1.5, 2]


def test_a_file_without_header(tmp_path: Path) -> None:
    frame, checks = read(tmp_path, "1.5,2\n2.5,3\n3.5,4\n")
    assert frame["column 1"].tolist() == [1.5, 2.5, 3.5]
    assert "no-header" in codes(checks)
    years, checks = read(tmp_path, "2019,2020\n1,2\n")
    assert list(years.columns) == ["2019", "2020"]
    assert "no-header" not in codes(checks)


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("name,city\nJosé,Köln\nZoë,Málaga\n", "cp1252", "cp1252"),
        ("price,sign\n5 €,“a”\n", "cp1252", "cp1252"),
        ("姓名,城市,备注\n张三,北京,喜欢购物\n李四,上海,常买食品\n", "gb18030", "gb18030"),
        ("购买频率,购买行为\n3,是\n", "gbk", "gb18030"),
        ("a,b\n1,x\n", "utf-16-le", "utf-16-le"),
        ("a,b\n1,é\n", "utf-16", "utf-16"),
        ("a,b\n1,é\n", "utf-8-sig", "utf-8-sig"),
        ("a,b\n1,購\n", "utf-8", "utf-8"),
        ("город,имя\nМосква,Анна\nКазань,Пётр\nСамара,Ольга Николаевна\n" * 5, "cp1251", "cp1251"),
    ],
)
def test_encodings(text: str, encoding: str, expected: str) -> None:
    assert sniff_encoding(text.encode(encoding)) == expected


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb c, d\n1\t2, 3, 4\n", "\t"),
        ("a|b\nx,y,z|1\n", "|"),
        ('name,text\nx,"a;b;c"\ny,"d;e;f"\n', ","),
        ("note\nfirst, second\nthird\n", ","),
        ("", ","),
    ],
)
def test_separators(text: str, separator: str) -> None:
    assert sniff_dialect(text).separator == separator


def test_apostrophes_as_quotes() -> None:
    assert sniff_dialect("'a','b'\n'x, y','2'\n").quote == "'"
    assert sniff_dialect("a,b\nit's,2\nthat's,3\n").quote == '"'
