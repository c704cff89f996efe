"""What is wrong, or at least worth knowing, about the columns and rows of a table; nothing is changed here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.contracts import Check, Column, Kind, Role, Severity
from workbench.contracts.table import MODEL_ROLES
from workbench.data import words
from workbench.data.findings import info, rows_of, shown, warning
from workbench.data.frames import arrow, row_hashes
from workbench.data.numbers import MISSING_WORDS

_SENTINELS = (-9999.0, -999.0, -99.0, -9.0, -1.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0)
_MANY_CATEGORIES = 1000
_CORRELATION_ROWS = 20_000
_CORRELATION_COLUMNS = 200


def quality_checks(frame: pd.DataFrame, columns: tuple[Column, ...], target: str | None) -> list[Check]:
    """Missing, constant, repeated, extreme and too varied values; repeated rows, columns and ids."""
    checks: list[Check] = []
    for column in columns:
        checks += _column_checks(frame[column.name], column, len(frame))
    checks = _pooled_outliers(checks) + _row_checks(frame, columns)
    checks += _twin_columns(frame, [c for c in columns if c.role in (*MODEL_ROLES, Role.TARGET)], target)
    return checks


def _column_checks(values: pd.Series, column: Column, rows: int) -> list[Check]:
    name = column.name
    if column.kind is Kind.EMPTY:
        return [warning("all-missing", name, rows, f"'{name}' has no value in any row.", "left out")]
    checks = []
    if column.distinct == 1 and column.role is Role.IGNORE:
        checks.append(warning("constant", name, rows, f"'{name}' {column.reason}.", "left out"))
    if column.missing:
        share = column.missing / rows
        severity = Severity.WARNING if share >= 0.2 else Severity.INFO
        checks.append(
            Check(
                "missing-values",
                severity,
                name,
                column.missing,
                f"'{name}' is missing in {rows_of(column.missing)} ({share:.1%}).",
                "rows without it stand alone" if column.role in (Role.ID, Role.GROUP) else "kept as missing",
            )
        )
    if column.role in (Role.ID, Role.GROUP):
        checks += _id_checks(values, column)
    elif column.kind is Kind.CATEGORY:
        checks += _category_checks(values, column, rows)
    elif column.kind in (Kind.NUMBER, Kind.INTEGER) and column.role in (Role.FEATURE, Role.TARGET, Role.OUTCOME):
        checks += _number_checks(values, column, rows)
    return checks


def _id_checks(values: pd.Series, column: Column) -> list[Check]:
    filled = len(values) - column.missing
    repeated = filled - column.distinct
    if not repeated:
        return []
    if column.role is Role.GROUP:
        return [
            warning(
                "repeated-entities",
                column.name,
                filled,
                f"'{column.name}' has {column.distinct:,} values in {rows_of(filled)}: "
                "the same customer comes more than once.",
                "rows of one customer stay together in validation",
            )
        ]
    return [
        warning("duplicate-ids", column.name, repeated,
              f"'{column.name}' repeats an id that came before in {rows_of(repeated)}.",
              "kept; remove repeated rows if they are copies")
    ]  # fmt: skip


def _category_checks(values: pd.Series, column: Column, rows: int) -> list[Check]:
    name, checks = column.name, []
    if column.distinct > _MANY_CATEGORIES or (column.distinct > 50 and column.distinct > 0.5 * rows):
        left_out = column.role is Role.IGNORE
        checks.append(
            warning(
                "high-cardinality",
                name,
                rows,
                f"'{name}' has {column.distinct:,} different values in {rows:,} rows.",
                "left out" if left_out else "rare ones are pooled; group them by hand if they have an order",
            )
        )
    if column.distinct <= _MANY_CATEGORIES:
        counts = values.value_counts()
        said = [value for value in counts.index if str(value).strip().lower() in MISSING_WORDS]
        if said and len(counts) > 2:
            total = int(counts[said].sum())
            listed = ", ".join(map(shown, said[:3]))
            checks.append(
                info(
                    "missing-as-word",
                    name,
                    total,
                    f"'{name}' says {listed} in {rows_of(total)}.",
                    "kept as a category of its own",
                )
            )
        control = [value for value in counts.index if words.is_control_word(str(value))]
        if column.role is Role.FEATURE and 2 <= len(counts) <= 6 and (control or words.is_treatment_name(name)):
            checks.append(
                info(
                    "treatment-suspected",
                    name,
                    rows,
                    f"'{name}' looks like the arms of a test"
                    + (f" with the control {shown(control[0])}." if control else "."),
                    "give it the role treatment if it is one",
                )
            )
    return checks


def _number_checks(values: pd.Series, column: Column, rows: int) -> list[Check]:
    numbers = values.dropna().to_numpy(dtype=float)
    if len(numbers) < 20:
        return []
    name = column.name
    sentinel = _sentinel(numbers)
    if sentinel is not None:
        value, count = sentinel
        return [
            warning(
                "sentinel-suspected",
                name,
                count,
                f"'{name}' is {value:g} in {rows_of(count)} ({count / rows:.1%}), far from its other values: "
                'it may mean "none".',
                "kept as a number; leave it empty in the source if it means missing",
            )
        ]
    low, middle, high = np.percentile(numbers, [25, 50, 75])
    spread = high - low
    if spread <= 0:
        return []
    far = int(((numbers > high + 10 * spread) | (numbers < low - 10 * spread)).sum())
    if not far or far > 0.05 * len(numbers):
        return []
    return [
        info(
            "outliers",
            name,
            far,
            f"'{name}' lies more than ten interquartile ranges from its middle half in {rows_of(far)} "
            f"(median {middle:g}, largest {numbers.max():g}).",
            "kept",
        )
    ]


def _pooled_outliers(checks: list[Check]) -> list[Check]:
    """Money columns are skewed as a rule: more than three columns with outliers are told in one sentence."""
    found = [check for check in checks if check.code == "outliers"]
    if len(found) <= 3:
        return checks
    found.sort(key=lambda check: -check.rows)
    listed = ", ".join(f"'{check.column}' ({rows_of(check.rows)})" for check in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    pooled = info(
        "outliers",
        None,
        max(check.rows for check in found),
        f"Some values lie more than ten interquartile ranges from the middle half in {listed}{more}.",
        "kept",
    )
    return [check for check in checks if check.code != "outliers"] + [pooled]


def _sentinel(numbers: np.ndarray) -> tuple[float, int] | None:
    """A value such as 999 at the end of the range, often there and far from the rest."""
    for value in (numbers.max(), numbers.min()):
        if value not in _SENTINELS:
            continue
        rest = numbers[numbers != value]
        count = len(numbers) - len(rest)
        if count < max(5, 0.002 * len(numbers)) or len(rest) < 5:
            continue
        gap = abs(value - (rest.max() if value > rest.max() else rest.min()))
        negative = value < 0 and rest.min() >= 0 and value != -1
        if gap > 2 * max(rest.max() - rest.min(), 1.0) or negative:
            return float(value), count
    return None


def _row_checks(frame: pd.DataFrame, columns: tuple[Column, ...]) -> list[Check]:
    repeated = int(pd.Series(row_hashes(frame)).duplicated().sum())
    checks = []
    if repeated:
        checks.append(
            warning(
                "duplicate-rows",
                None,
                repeated,
                f"Equal to another row in every column: {rows_of(repeated)}.",
                "kept; the same customer twice makes figures look better than they are",
            )
        )
    labelled = [c.name for c in columns if c.role in (*MODEL_ROLES, Role.TARGET)]
    if any(c.role is Role.ID for c in columns) and len(labelled) >= 5:
        same = int(pd.Series(row_hashes(frame[labelled])).duplicated().sum())
        if same > max(repeated, 0.01 * len(frame)):
            checks.append(
                info(
                    "alike-rows",
                    None,
                    same,
                    f"Different from another row in nothing but the id: {rows_of(same)}.",
                    "kept",
                )
            )
    return checks


def _twin_columns(frame: pd.DataFrame, columns: list[Column], target: str | None) -> list[Check]:
    """Columns that say the same: equal or renamed categories, and numbers that correlate nearly perfectly."""
    chosen = columns[:_CORRELATION_COLUMNS]
    step = max(1, len(frame) // _CORRELATION_ROWS)
    sample = frame.iloc[::step]
    numeric = [c.name for c in chosen if c.kind in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN) and c.distinct > 1]
    pairs: list[tuple[str, str, str]] = []
    if len(numeric) > 1:
        correlation = np.abs(_correlation(sample[numeric]))
        for i, j in zip(*np.where(np.triu(correlation > 0.9999, 1)), strict=True):
            pairs.append((numeric[i], numeric[j], "rise and fall together"))
    labels = [c for c in chosen if c.kind is Kind.CATEGORY and 2 <= c.distinct <= _MANY_CATEGORIES]
    renamed = {c.name: _first_seen(sample[c.name]) for c in labels}
    names = list(renamed)
    for i, first in enumerate(names):
        pairs += [(first, second, "divide the rows alike") for second in names[i + 1 :]
                  if renamed[first] == renamed[second]]  # fmt: skip
    return [
        warning("twin-columns", second, 0, f"'{first}' and '{second}' {how}: one says what the other does.",
              "kept; leave one out to make importances readable")
        for first, second, how in pairs
        if target not in (first, second)
    ]  # fmt: skip


def _correlation(frame: pd.DataFrame) -> np.ndarray:
    values = frame.to_numpy(dtype=float)
    gaps = np.isnan(values)
    values = np.where(gaps, np.nanmean(np.where(gaps.all(axis=0), 0.0, values), axis=0), values)
    values = values - values.mean(axis=0)
    lengths = np.sqrt((values**2).sum(axis=0))
    scaled = np.divide(values, lengths, out=np.zeros_like(values), where=lengths > 0)
    return np.asarray(scaled.T @ scaled)


def _first_seen(column: pd.Series) -> bytes:
    """Categories numbered by first appearance: equal for columns that divide the rows alike."""
    encoded = arrow(column).dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, pa.scalar(-1, encoded.indices.type))).tobytes()
