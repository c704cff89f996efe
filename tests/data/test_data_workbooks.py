"""Workbooks as people make them: a cover sheet before the table, a merged title above the header."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from workbench.data import read_source


def _rows(sheet) -> None:
    sheet.append(["id", "visits", "city"])
    for number in range(12):
        sheet.append([number, number % 5, "Graz"])


def test_a_cover_sheet_is_not_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active["B2"] = "Customers of spring"
    book.active["B3"] = "by Maria"
    _rows(book.create_sheet("Data"))
    _rows(book.create_sheet("Old"))
    book.save(tmp_path / "t.xlsx")
    frame, source, checks = read_source(tmp_path / "t.xlsx")
    assert source.details["sheet"] == "Data"
    assert list(frame.columns) == ["id", "visits", "city"]
    (told,) = [check.message for check in checks if check.code == "sheets"]
    assert "'Data'" in told and "'Cover', 'Old'" in told


def test_a_merged_title_is_not_the_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Customers", None, None])
    book.active.merge_cells("A1:C1")
    book.active.append([])
    _rows(book.active)
    book.save(tmp_path / "t.xlsx")
    frame, _, checks = read_source(tmp_path / "t.xlsx")
    assert list(frame.columns) == ["id", "visits", "city"]
    assert frame["visits"].tolist()[:3] == [0, 1, 2]
    assert "2 rows with a title" in next(check.message for check in checks if check.code == "title-rows")


def test_a_header_with_gaps_stays_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", None, None])
    for number in range(12):
        book.active.append([number, None if number % 2 else 1, "Graz"])
    book.save(tmp_path / "t.xlsx")
    frame, _, checks = read_source(tmp_path / "t.xlsx")
    assert next(iter(frame.columns)) == "id" and len(frame) == 12
    assert "title-rows" not in [check.code for check in checks]
