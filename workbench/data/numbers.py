"""Numbers written as text: decimal commas, thousands separators, currency signs, blanks and words among them.

All functions take Arrow text without blanks at its ends, and missing cells as nulls.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_SPACE = "[ '\u2019\u00a0\u202f]"
_POWER = "([eE][+-]?[0-9]+)?"


class Style(Enum):
    """How a column writes numbers: the pattern of a cell."""

    PLAIN = rf"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+){_POWER}"
    DECIMAL_COMMA = (
        rf"[+-]?([0-9]+|[1-9][0-9]{{0,2}}(\.[0-9]{{3}})+|[1-9][0-9]{{0,2}}({_SPACE}[0-9]{{3}})+)(,[0-9]+)?{_POWER}"
    )
    THOUSANDS_COMMA = r"[+-]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?"
    THOUSANDS_POINT = r"[+-]?([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)"
    THOUSANDS_SPACE = rf"[+-]?([1-9][0-9]{{0,2}}({_SPACE}[0-9]{{3}})+|[0-9]+)(\.[0-9]+)?"


INFINITY = r"^[+-]?(?i:inf|infinity|∞)$"
_UNIT = "[$€£¥￥₹%]"
_LEADING_ZERO = r"^[+-]?0[0-9xX]"
_PHONE = r"^\+[0-9]{7,}$"
MISSING_WORDS = frozenset((
    "-", "--", "---", "?", ".", "..", "*", "none", "na", "n/a", "n.a.", "nan", "null", "nil", "unknown", "missing",
    "not available", "not applicable", "unbekannt", "k.a.", "未知", "无", "缺失", "不详", "暂无", "空",
))  # fmt: skip
"""Words that mean "no value" where the other cells are numbers."""


@dataclass(frozen=True)
class Reading:
    """How a column of text reads as numbers.

    Attributes:
        ambiguous: ``1,234`` could be a thousand or a decimal number in every cell that has a comma.
        words: distinct cells that are no numbers.
        others: rows that hold such a cell.
        numeric: rows that hold a number.
        parsed: the numbers, where all cells are plain ones.
        unit: a sign such as ``$`` or ``%`` that the numbers stand with; empty otherwise.
    """

    style: Style
    ambiguous: bool
    words: tuple[str, ...]
    others: int
    numeric: int
    unit: str = ""
    parsed: Any = None


def is_number(values: Any, style: Style) -> Any:
    """Whether each cell is a number in this style; nulls stay null."""
    return pc.match_substring_regex(values, f"^({style.value})$")


def has_code(values: Any) -> bool:
    """Whether some cell has a leading zero or is a telephone number: such columns are names, not numbers."""
    starts = [pc.starts_with(values, sign) for sign in ("0", "-0", "+")]
    suspects = pc.filter(values, pc.or_(pc.or_(starts[0], starts[1]), starts[2]))
    return _any(pc.match_substring_regex(suspects, f"{_LEADING_ZERO}|{_PHONE}"))


def plain_numbers(values: Any) -> Any | None:
    """The quick way for columns that are nothing but plain numbers; ``None`` for all others."""
    for kind in (pa.int64(), pa.float64()):
        try:
            parsed = pc.cast(values, kind)
        except pa.ArrowInvalid:
            continue
        strange = kind == pa.float64() and not pc.all(pc.is_finite(parsed)).as_py()
        return None if strange or parsed.null_count == len(parsed) else parsed
    return None


def read_numbers(values: Any) -> Reading | None:
    """The style under which most cells are numbers; ``None`` where fewer than half are.

    Args:
        values: Arrow text, shape (rows,).
    """
    total = len(values) - values.null_count
    if not total:
        return None
    parsed = plain_numbers(values)
    if parsed is not None:
        return Reading(Style.PLAIN, False, (), 0, total, parsed=parsed)
    values, unit = _without_unit(values, total)
    best: Reading | None = None
    for style in Style:
        matches = is_number(values, style)
        numeric = pc.sum(matches).as_py() or 0
        if numeric < 0.5 * total or (best is not None and numeric <= best.numeric):
            continue
        rest = pc.drop_null(pc.filter(values, pc.invert(matches)))
        words = tuple(pc.unique(rest).slice(0, 50).to_pylist())
        best = Reading(style, False, words, total - numeric, numeric, unit)
        if numeric == total:
            break
    if best is None:
        return None
    if best.style is Style.DECIMAL_COMMA:
        # Every comma before exactly three digits, and no other sign in the cell: a thousand or a decimal?
        commas = pc.filter(values, pc.fill_null(pc.match_substring(values, ","), False))
        both = pc.sum(is_number(commas, Style.THOUSANDS_COMMA)).as_py() or 0
        if len(commas) and both == len(commas):
            best = Reading(best.style, True, best.words, best.others, best.numeric, unit)
    return best


def parse_numbers(values: Any, style: Style) -> Any:
    """Arrow int64 where all are whole numbers, else float64; cells that are no numbers become null."""
    values, _ = _without_unit(values, len(values) - values.null_count)
    values = pc.if_else(is_number(values, style), values, pa.scalar(None, values.type))
    if style is Style.DECIMAL_COMMA:
        values = pc.replace_substring_regex(values, rf"\.|{_SPACE}", "")
        values = pc.replace_substring(values, ",", ".")
    elif style is Style.THOUSANDS_COMMA:
        values = pc.replace_substring(values, ",", "")
    elif style is Style.THOUSANDS_POINT:
        values = pc.replace_substring(values, ".", "")
    elif style is Style.THOUSANDS_SPACE:
        values = pc.replace_substring_regex(values, _SPACE, "")
    values = pc.replace_substring_regex(values, r"^\+", "")
    try:
        return pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return pc.cast(values, pa.float64())


def loses_digits(values: Any, numbers: Any) -> bool:
    """Whether whole numbers are too long for what they were parsed to: 20-digit card numbers, long ids with gaps."""
    if pa.types.is_integer(numbers.type):
        span = pc.min_max(numbers).as_py()
        return bool(numbers.null_count) and max(abs(span["min"] or 0), abs(span["max"] or 0)) > 2**53
    long = pc.filter(values, pc.greater_equal(pc.binary_length(values), 16))
    return _any(pc.match_substring_regex(long, r"^[+-]?[0-9]{16,}$"))


def _without_unit(values: Any, total: int) -> tuple[Any, str]:
    """Cells without the one sign that (nearly) all of them carry, such as ``$`` before or ``%`` behind."""
    head = values.slice(0, 1000)
    for pattern, replacement in ((rf"^([+-]?)({_UNIT})\s*", r"\1"), (rf"()\s*({_UNIT}|元)$", r"\1")):
        if not _any(pc.match_substring_regex(head, pattern)):
            continue
        hits = pc.match_substring_regex(values, pattern)
        if (pc.sum(hits).as_py() or 0) < 0.5 * total:
            continue
        sign = pattern.replace("(", "(?P<a>", 1).replace("(", "(?P<b>", 2).replace("(?P<b>?P<a>", "(?P<a>", 1)
        found = pc.unique(pc.struct_field(pc.extract_regex(pc.filter(values, hits), sign), "b")).to_pylist()
        signs = [one for one in found if one]
        if len(signs) == 1:
            return pc.replace_substring_regex(values, pattern, replacement), signs[0]
    return values, ""


def _any(mask: Any) -> bool:
    return bool(pc.any(mask).as_py())
