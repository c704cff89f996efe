"""Text cells become numbers, truth values and dates where they clearly are; all else stays as it stands."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.contracts import Check
from workbench.data import numbers
from workbench.data._base import Raw
from workbench.data.dates import compact_dates, parse_dates
from workbench.data.findings import info, rows_of, shown, warning
from workbench.data.numbers import MISSING_WORDS, Reading, Style

MISSING_TOKENS = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "<NA>", "NaT")
"""Cells of a file without types that mean "no value" in any column."""

_DATE_NAME = re.compile(r"date|datum|fecha|day|time|日期|时间|(^|_)dt(_|$)", re.IGNORECASE)
_FEW = 20
"""A text column of a typed file with no more different values holds labels, not numbers."""


def type_columns(raw: Raw, names: list[str]) -> tuple[list[Any], list[Check], dict[str, str]]:
    """Every column as one of the package's types, what was done to it, and details such as the file's decimal sign.

    Columns that could be read with a decimal comma or with thousands are settled by what the rest of the file does.
    ``raw.columns`` is used up: each is let go once it has its type.
    """
    # cells are prepared twice rather than kept: those of all columns together may be larger than memory
    readings = [_first_reading(raw.columns, place, raw.typed) for place in range(len(names))]
    comma = _decimal_comma(readings, raw.details.get("separator"))
    columns: list[Any] = []
    checks: list[Check] = []
    for place, name in enumerate(names):
        column, reading = raw.columns[place], readings[place]
        raw.columns[place] = readings[place] = None
        cells = _prepare(column, raw.typed)
        if cells is None:
            typed, found = _typed(name, column)
        else:
            checks.extend(_blanks(name, column, cells))
            typed, found = _text(name, column, cells, reading, comma=comma, typed=raw.typed)
        columns.append(typed)
        checks.extend(found)
    decimal = any(check.code == "decimal-comma" for check in checks)
    details = {"decimal": "," if decimal else "."} if not raw.typed and "separator" in raw.details else {}
    return columns, checks, details


def _prepare(column: Any, typed: bool) -> Any | None:
    """Text cells without blanks at their ends, missing ones as null; ``None`` for columns that aren't text."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return None
    cells = pc.utf8_trim_whitespace(column)
    empty = pc.equal(cells, "")
    if not typed:
        empty = pc.or_(empty, pc.is_in(cells, pa.array(MISSING_TOKENS, cells.type)))
    return pc.if_else(empty, pa.scalar(None, cells.type), cells)


def _first_reading(columns: list[Any], place: int, typed: bool) -> Reading | None:
    """How a column's cells read as numbers; ``None`` for those that aren't text, or text that is no numbers.

    Where they are nothing but plain numbers, whatever the rest of the file does, the numbers take their place.
    """
    cells = _prepare(columns[place], typed)
    reading = None if cells is None else _reading(cells, typed)
    if reading is None or reading.parsed is None or cells is None:
        return reading
    grouped = pa.types.is_floating(reading.parsed.type) and all(
        pc.all(numbers.is_number(part, Style.THOUSANDS_POINT)).as_py() for part in (cells.slice(0, 1000), cells)
    )
    names = numbers.has_code(cells) or numbers.loses_digits(cells, reading.parsed)
    if grouped or names or _blanks("", columns[place], cells):
        return reading
    columns[place] = reading.parsed
    return None


def _blanks(name: str, column: Any, cells: Any) -> list[Check]:
    """Cells that hold blanks and nothing else look filled in a spreadsheet."""
    blank = pc.and_(pc.and_(pc.is_valid(column), pc.is_null(cells)), pc.starts_with(column, " "))
    rows = pc.sum(blank).as_py() or 0
    if not rows:
        return []
    return [
        info("blank-cells", name, rows, f"'{name}' holds nothing but blanks in {rows_of(rows)}.", "count as missing")
    ]


def _reading(cells: Any, typed: bool) -> Reading | None:
    """How the cells read as numbers; a look at the first ones spares the rest of the work for plain text."""
    head = pc.drop_null(cells.slice(0, 5000)).slice(0, 500)
    if len(head) >= 50:
        digits = pc.sum(pc.match_substring_regex(head, "^[^0-9]{0,3}[0-9]")).as_py() or 0
        if digits < 0.3 * len(head):
            return None
    if typed and len(pc.unique(cells.slice(0, 200_000))) <= _FEW:
        return None
    return numbers.read_numbers(cells)


def _decimal_comma(readings: list[Reading | None], separator: str | None) -> bool:
    """Whether ``1,234`` means one and a bit in this file."""
    sure = [reading for reading in readings if reading is not None and not reading.ambiguous]
    if any(reading.style is Style.DECIMAL_COMMA for reading in sure):
        return True
    if any(reading.style is Style.THOUSANDS_COMMA for reading in sure):
        return False
    return separator == ";"


def _text(
    name: str, column: Any, cells: Any, reading: Reading | None, *, comma: bool, typed: bool
) -> tuple[Any, list[Check]]:
    if reading is not None:
        done = _numeric(name, cells, reading, comma=comma)
        if done is not None:
            return done
    if not typed and (flags := _flags(cells)) is not None:
        return flags, []
    dates = parse_dates(cells)
    if dates is not None:
        return dates.values, _date_checks(name, dates.order, dates.ambiguous, dates.lost, dates.zoned, cells)
    checks = []
    if not typed and reading is not None and reading.others and not numbers.has_code(cells):
        checks.append(
            warning(
                "mixed-types",
                name,
                reading.others,
                f"'{name}' holds {reading.numeric:,} numbers and {reading.others:,} cells of other kinds "
                f"(such as {_sample(reading.words)}), so it is read as text.",
                "write one kind of value to use it as a number",
            )
        )
    # As they stand, blanks at the ends included; only cells that hold nothing are missing.
    return pc.if_else(pc.is_valid(cells), column, pa.scalar(None, column.type)), checks


def _numeric(name: str, cells: Any, reading: Reading, *, comma: bool) -> tuple[Any, list[Check]] | None:
    """The column as numbers with what to say about it, ``None`` where it must stay text."""
    style, checks = reading.style, []
    if numbers.has_code(cells):
        return None
    if reading.ambiguous and not comma:
        style = Style.THOUSANDS_COMMA
    grouped = numbers.is_number(cells, Style.THOUSANDS_POINT) if comma and style is Style.PLAIN else None
    if grouped is not None and pc.all(grouped).as_py() and pc.any(pc.match_substring(cells, ".")).as_py():
        style = Style.THOUSANDS_POINT  # 12.500 in a file that writes 12,5
    plain = style is Style.PLAIN and reading.parsed is not None
    parsed = reading.parsed if plain else numbers.parse_numbers(cells, style)
    if numbers.loses_digits(cells, parsed):
        return None
    others = reading.others
    if others:
        infinite = pc.sum(pc.match_substring_regex(cells, numbers.INFINITY)).as_py() or 0
        words = [word for word in reading.words if not re.match(numbers.INFINITY, word)]
        if not _placeholders(words, others - infinite, parsed):
            return None
        if infinite:
            checks.append(infinity_check(name, infinite))
        if others > infinite:
            checks.append(
                warning(
                    "words-among-numbers",
                    name,
                    others - infinite,
                    f"'{name}' holds no number but a word in {rows_of(others - infinite)} (such as {_sample(words)}).",
                    "they count as missing",
                )
            )
    if style is not Style.PLAIN:
        checks.append(_style_check(name, style, reading.ambiguous or style is Style.THOUSANDS_POINT))
    if reading.unit:
        checks.append(
            info(
                "unit-removed",
                name,
                0,
                f"The numbers of '{name}' are written with '{reading.unit}'.",
                "read as plain numbers",
            )
        )
    typed, found = _typed(name, parsed)
    return typed, checks + found


def _placeholders(words: list[str], rows: int, parsed: Any) -> bool:
    """Whether cells that are no numbers are words for "no value" among real numbers."""
    if not words:
        return True
    if any(re.search("[0-9]", word) for word in words):
        return False  # C536379 among 536365: codes
    known = all(word.lower() in MISSING_WORDS for word in words)
    numeric = len(parsed) - parsed.null_count
    rare = rows <= 0.05 * (numeric + rows) and len(words) <= 10
    return known or (rare and len(pc.unique(parsed)) > 10)


def _flags(cells: Any) -> Any | None:
    """TRUE and FALSE as truth values; with gaps they become the words ``True`` and ``False``."""
    distinct = pc.unique(cells.slice(0, 1000)).to_pylist()
    if not distinct or any(word is not None and word.lower() not in ("true", "false") for word in distinct):
        return None
    lower = pc.utf8_lower(cells)
    if not pc.all(pc.is_in(pc.drop_null(lower), pa.array(["true", "false"], lower.type))).as_py():
        return None
    if len(pc.drop_null(lower)) == 0:
        return None
    flags = pc.equal(lower, "true")
    return flags if not flags.null_count else pc.if_else(flags, "True", "False")


def _typed(name: str, column: Any) -> tuple[Any, list[Check]]:
    """Columns that have a type: infinities, zones, days as numbers and flags with gaps."""
    checks: list[Check] = []
    if pa.types.is_floating(column.type):
        bad = pc.sum(pc.is_inf(column)).as_py() or 0
        if bad:
            column = pc.if_else(pc.is_inf(column), pa.scalar(None, column.type), column)
            checks.append(infinity_check(name, bad))
    elif pa.types.is_integer(column.type) and _DATE_NAME.search(name):
        days = compact_dates(column)
        if days is not None:
            return days, _date_checks(name, "year first", False, 0, False, None)
    elif pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.cast(pc.cast(column, pa.timestamp("us", tz="UTC")), pa.timestamp("us"))
        checks.extend(_date_checks(name, "", False, 0, True, None))
    elif pa.types.is_boolean(column.type) and column.null_count:
        column = pc.if_else(column, "True", "False")
    return column, checks


def infinity_check(name: str, rows: int) -> Check:
    """What is said where infinite numbers became missing ones."""
    return warning("infinities", name, rows, f"'{name}' is infinite in {rows_of(rows)}.", "they count as missing")


def _style_check(name: str, style: Style, guess: bool) -> Check:
    if style is Style.DECIMAL_COMMA:
        code, how = "decimal-comma", "a decimal comma"
    else:
        code, how = "thousands-separators", "thousands separators"
    if not guess:
        return info(code, name, 0, f"'{name}' is written with {how}.", "read as numbers")
    return warning(
        code,
        name,
        0,
        f"'{name}' may be written with thousands separators or decimals; it was read with {how}.",
        "write the numbers without thousands separators if that is wrong",
    )


def _date_checks(name: str, order: str, ambiguous: bool, lost: int, zoned: bool, cells: Any) -> list[Check]:
    checks = []
    if ambiguous:
        checks.append(
            warning(
                "ambiguous-dates",
                name,
                0,
                f"No date of '{name}' tells whether day or month comes first; it was read as month/day/year.",
                "write dates as 2024-12-31 if that is wrong",
            )
        )
    elif cells is not None or order == "year first":
        checks.append(info("dates-as-text", name, 0, f"'{name}' holds dates ({order}).", "read as dates"))
    if lost:
        checks.append(
            warning(
                "invalid-dates",
                name,
                lost,
                f"'{name}' holds no valid date in {rows_of(lost)}.",
                "they count as missing",
            )
        )
    if zoned:
        checks.append(info("time-zone", name, 0, f"The times of '{name}' have a time zone.", "converted to UTC"))
    return checks


def _sample(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(shown(word) for word in words[:3])
