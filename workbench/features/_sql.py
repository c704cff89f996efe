"""Small pieces of SQL: quoting, and one typed expression each for keys, instants and money."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from workbench.errors import InputError
from workbench.features.sources import Query, Relation

MONEY_SCALE = 10_000
"""Money is summed in whole ten-thousandths: sums of integers don't depend on the order in which threads add."""

MICROSECONDS_PER_DAY = 86_400_000_000

_INTEGERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
}
_LARGEST_KEY = 9e15
_LARGEST_MONEY = 1e11


def quoted(name: str) -> str:
    """An SQL identifier from any text."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string from any text."""
    return "'" + text.replace("'", "''") + "'"


def is_integer(kind: str) -> bool:
    """Whether an SQL type holds whole numbers."""
    return kind in _INTEGERS


def is_number(kind: str) -> bool:
    """Whether an SQL type holds numbers."""
    return is_integer(kind) or kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL")


def is_time(kind: str) -> bool:
    """Whether an SQL type holds instants or days."""
    return kind == "DATE" or kind.startswith("TIMESTAMP")


def open_relation(connection: duckdb.DuckDBPyConnection, relation: Relation, view: str, name: str) -> dict[str, str]:
    """Make ``view`` stand for the relation.

    Returns:
        SQL type by column name.

    Raises:
        InputError: the file is missing or can't be read.
    """
    try:
        if isinstance(relation, pd.DataFrame):
            connection.register(view, relation)
        else:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(view)} AS {_select(relation, name)}")
        described = connection.execute(f"DESCRIBE {quoted(view)}").fetchall()
    except duckdb.Error as error:
        raise InputError(f"Can't read {name}: {str(error).splitlines()[0]}") from error
    return {str(row[0]): str(row[1]) for row in described}


def _select(relation: Path | str | Query, name: str) -> str:
    if isinstance(relation, Query):
        return relation.sql
    path = Path(relation)
    if not path.exists():
        raise InputError(f"There is no file {path} for {name}; check the path.")
    reader = "read_csv" if path.suffix.casefold() in {".csv", ".tsv", ".txt"} else "read_parquet"
    return f"SELECT * FROM {reader}({literal(str(path))})"  # noqa: S608 - the path is quoted


def key(column: str, kind: str, *, numeric: bool) -> str:
    """The entity as ``BIGINT`` where all keys are numbers, else as ``VARCHAR``; NULL where there is none."""
    name = quoted(column)
    if numeric:
        if is_integer(kind):
            return f"TRY_CAST({name} AS BIGINT)"
        if is_number(kind):
            return f"CASE WHEN {name} = round({name}) AND abs({name}) < {_LARGEST_KEY} THEN CAST({name} AS BIGINT) END"
        return f"TRY_CAST(CAST({name} AS VARCHAR) AS BIGINT)"
    if is_number(kind) and not is_integer(kind):
        return (
            f"CASE WHEN {name} = round({name}) AND abs({name}) < {_LARGEST_KEY} "
            f"THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) WHEN isfinite({name}) THEN CAST({name} AS VARCHAR) END"
        )
    return f"nullif(CAST({name} AS VARCHAR), '')"


def instant(column: str, kind: str, source: str) -> str:
    """The event's instant in microseconds since 1970, NULL where there is none.

    Raises:
        InputError: the column can't hold a time.
    """
    name = quoted(column)
    if kind == "TIMESTAMP WITH TIME ZONE":
        stamp = f"timezone('UTC', {name})"
    elif is_time(kind):
        stamp = f"CAST({name} AS TIMESTAMP)"
    elif kind == "VARCHAR":
        stamp = f"TRY_CAST({name} AS TIMESTAMP)"
    else:
        raise InputError(f"Column '{column}' of {source} holds {kind.lower()} values, not times; name another one.")
    return f"CASE WHEN isfinite({stamp}) THEN epoch_us({stamp}) END"


def number(column: str, kind: str) -> str:
    """The column as ``DOUBLE``; NULL where it is no number."""
    name = quoted(column)
    return f"CAST({name} AS DOUBLE)" if is_number(kind) or kind == "BOOLEAN" else f"TRY_CAST({name} AS DOUBLE)"


def scaled(expression: str) -> str:
    """A number as whole ten-thousandths, NULL where it is missing, infinite or beyond reason."""
    return (
        f"CASE WHEN isfinite({expression}) AND abs({expression}) < {_LARGEST_MONEY} "
        f"THEN CAST(round(({expression}) * {MONEY_SCALE}) AS BIGINT) END"
    )


def day(instant_sql: str) -> str:
    """The day of an instant as whole days since 1970."""
    return f"CAST(CAST(make_timestamp({instant_sql}) AS DATE) - DATE '1970-01-01' AS INTEGER)"
