"""Dates written as text: ISO, day/month/year in either order, month names, Chinese, and 20240131 as a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_TIME = r"(?:[T ]+(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2}(?:[.,][0-9]+)?))?\s*(?P<p>[AaPp][Mm])?)?"
_ZONE = r"\s*(?P<z>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
_YEAR_FIRST = rf"^(?P<y>[12][0-9]{{3}})[-/.](?P<m>[0-9]{{1,2}})[-/.](?P<d>[0-9]{{1,2}}){_TIME}{_ZONE}$"
_CHINESE = rf"^(?P<y>[12][0-9]{{3}})年(?P<m>[0-9]{{1,2}})月(?P<d>[0-9]{{1,2}})[日号]{_TIME}{_ZONE}$"
_YEAR_LAST = rf"^(?P<a>[0-9]{{1,2}})[-/.](?P<b>[0-9]{{1,2}})[-/.](?P<y>[12][0-9]{{3}}){_TIME}{_ZONE}$"
_SHORT_YEAR = rf"^(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})/(?P<y>[0-9]{{2}}){_TIME}{_ZONE}$"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAME = rf"(?P<n>(?i:{'|'.join(_MONTHS)})[a-z]{{0,6}})\.?"
_DAY_NAME = rf"^(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[- ]{_NAME}[-, ]+(?P<y>[12][0-9]{{3}}){_TIME}{_ZONE}$"
_NAME_DAY = rf"^{_NAME}[- ](?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[- ]+(?P<y>[12][0-9]{{3}}){_TIME}{_ZONE}$"
_PATTERNS = (_YEAR_FIRST, _CHINESE, _YEAR_LAST, _SHORT_YEAR, _DAY_NAME, _NAME_DAY)
_ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "00/00/0000")


@dataclass(frozen=True)
class Dates:
    """A column read as dates.

    Attributes:
        values: Arrow timestamps in microseconds without zone, shape (rows,).
        order: ``year first``, ``day/month`` or ``month/day``.
        ambiguous: no cell tells whether day or month comes first.
        lost: cells that are no date and count as missing.
        zoned: times carried a zone and are UTC now.
    """

    values: Any
    order: str
    ambiguous: bool = False
    lost: int = 0
    zoned: bool = False


def parse_dates(values: Any) -> Dates | None:
    """The column as dates, ``None`` unless at least 99 % of the cells are dates written one way.

    Args:
        values: Arrow text without blanks at its ends, shape (rows,); missing cells are null.
    """
    head = pc.drop_null(values.slice(0, 2000)).slice(0, 200)
    head = head if len(head) else pc.drop_null(values).slice(0, 200)
    pattern = next((p for p in _PATTERNS if _share(head, p) >= 0.9), None)
    if pattern is None:
        return None
    encoded = values.combine_chunks().dictionary_encode() if isinstance(values, pa.ChunkedArray) else None
    encoded = values.dictionary_encode() if encoded is None else encoded
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    distinct = encoded.dictionary
    parsed = _distinct_dates(distinct, pattern)
    if parsed is None:
        return None
    stamps, order, ambiguous, zoned = parsed
    result = pc.take(pa.array(stamps.to_numpy(dtype="datetime64[us]"), from_pandas=True), encoded.indices)
    zero = pc.sum(pc.is_in(values, pa.array(_ZERO_DATES, values.type))).as_py() or 0
    lost = result.null_count - values.null_count
    if lost - zero > 0.01 * (len(values) - values.null_count):
        return None
    return Dates(result, order, ambiguous, lost, zoned)


def compact_dates(values: Any) -> Any | None:
    """Whole numbers such as 20240131 as dates; ``None`` unless every one is a valid day from 1900 to 2100."""
    span = pc.min_max(values).as_py()
    if span["min"] is None or span["min"] < 19000101 or span["max"] > 21001231:
        return None
    numbers = pc.drop_null(values).to_numpy().astype(np.int64)
    days = pd.to_datetime(
        pd.DataFrame({"year": numbers // 10000, "month": numbers // 100 % 100, "day": numbers % 100}), errors="coerce"
    )
    if days.isna().any():
        return None
    whole = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[us]")
    whole[pc.is_valid(values).to_numpy()] = days.to_numpy(dtype="datetime64[us]")
    return pa.array(whole, from_pandas=True)


def _share(values: Any, pattern: str) -> float:
    return float(pc.mean(pc.cast(pc.match_substring_regex(values, pattern), pa.int8())).as_py() or 0.0)


def _distinct_dates(distinct: Any, pattern: str) -> tuple[pd.Series, str, bool, bool] | None:
    """Dates of the distinct cells, the order of day and month, whether that is a guess, whether zones were there."""
    parts = pc.extract_regex(distinct, pattern)
    fields = {parts.type.field(i).name: pc.struct_field(parts, [i]) for i in range(parts.type.num_fields)}
    year = _numbers(fields["y"])
    order, ambiguous = "year first", False
    if "a" in fields:
        first, second = _numbers(fields["a"]), _numbers(fields["b"])
        day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
        if day_first and month_first:
            return None
        ambiguous = not day_first and not month_first
        if ambiguous:  # points are written where the day comes first; slashes and dashes may be either
            day_first = "." in str(distinct[0].as_py() or distinct[-1].as_py())[:6]
            ambiguous = not day_first
        order = "day/month" if day_first else "month/day"
        day, month = (first, second) if day_first else (second, first)
    elif "n" in fields:
        names = pc.utf8_lower(pc.utf8_slice_codeunits(fields["n"], 0, 3))
        month = _numbers(pc.add(pc.cast(pc.index_in(names, pa.array(_MONTHS, names.type)), pa.float64()), 1.0))
        day, order = _numbers(fields["d"]), "month names"
    else:
        day, month = _numbers(fields["d"]), _numbers(fields["m"])
    if pattern == _SHORT_YEAR:
        year = year + np.where(year < 70, 2000, 1900)
    stamps = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    stamps = stamps.astype("datetime64[us]") + _time_of_day(fields)
    zone = fields["z"]
    offsets = _offsets(zone)
    zoned = bool(pc.any(pc.not_equal(zone, "")).as_py())
    return stamps - offsets, order, ambiguous, zoned


def _numbers(text: Any) -> np.ndarray:
    if pa.types.is_floating(text.type):
        return np.asarray(text.to_numpy(zero_copy_only=False), dtype=float)
    text = pc.replace_substring(pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text), ",", ".")
    return np.asarray(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)


def _time_of_day(fields: dict[str, Any]) -> pd.Series:
    hour, minute, second = (np.nan_to_num(_numbers(fields[part])) for part in "HMS")
    half = pc.utf8_lower(fields["p"]).to_numpy(zero_copy_only=False)
    hour = np.where((half == "pm") & (hour < 12), hour + 12, np.where((half == "am") & (hour == 12), 0, hour))
    beyond = (hour > 23) | (minute > 59) | (second >= 61)
    microseconds = np.round((hour * 3600 + minute * 60 + second) * 1e6).astype(np.int64)
    delta = pd.Series(microseconds.astype("timedelta64[us]"))
    return delta.mask(beyond)


def _offsets(zone: Any) -> pd.Series:
    """What local times are ahead of UTC."""
    codes = {text: _offset(text) for text in pc.unique(zone).to_pylist()}
    minutes = [codes[text] for text in zone.to_pylist()] if any(codes.values()) else [0] * len(zone)
    return pd.Series(np.asarray(minutes, dtype=np.int64) * 60_000_000).astype("timedelta64[us]")


def _offset(text: str | None) -> int:
    if not text or text in ("Z", "UTC"):
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if text[0] == "-" else minutes
