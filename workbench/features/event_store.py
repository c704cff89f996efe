"""Events in DuckDB, in one standard form, ready to be asked at any cut-off."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from types import TracebackType

import duckdb
import pandas as pd

from workbench.errors import InputError, StoreError
from workbench.events import Events
from workbench.features import _sql
from workbench.features.sources import EventSource, Purpose

_LINE_COLUMNS = ("value", "quantity", "discount", "coupon")


class EventStore:
    """Purchases, contacts and responses, loaded once and asked many times; use it in a ``with`` block.

    Tables inside: ``slips`` (purchase lines summed by entity, basket, instant and store), ``lines`` (what was bought:
    entity, instant, goods, value), ``goods`` (pairs of category and department) and ``touches`` (contacts and
    responses). Instants are microseconds since 1970, money whole ten-thousandths.

    Args:
        sources: at least one with purchases.
        events: told how many rows were left out, and why.
        threads, memory_limit: of DuckDB; larger data spill to a temporary folder.

    Raises:
        InputError: a file or a column is missing, or no row can be used.
    """

    def __init__(
        self,
        sources: Sequence[EventSource],
        *,
        events: Events | None = None,
        threads: int = 2,
        memory_limit: str = "2GB",
    ) -> None:
        self._events = events or Events()
        self.purchases = [source for source in sources if source.purpose is Purpose.PURCHASES]
        self.touches = [source for source in sources if source.purpose is not Purpose.PURCHASES]
        if not self.purchases:
            raise InputError("No table of purchases is named: features at a cut-off need one.")
        # The store outlives this call, so the folder is cleaned in close() and not by a with block.
        self._folder = tempfile.TemporaryDirectory(prefix="workbench-duckdb-")
        self.connection = duckdb.connect(
            config={"threads": threads, "memory_limit": memory_limit, "temp_directory": self._folder.name}
        )
        try:
            self._load()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> EventStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory and the temporary folder."""
        self.connection.close()
        self._folder.cleanup()

    @property
    def entity(self) -> str:
        """Name of the entity column, as the first purchases call it."""
        return self.purchases[0].entity

    @property
    def observed_until(self) -> pd.Timestamp:
        """The end of the last day with a purchase: windows up to here have elapsed."""
        (last,) = self.connection.execute("SELECT max(ts) FROM slips").fetchone() or (0,)
        return pd.Timestamp(int(last), unit="us").floor("D") + pd.Timedelta(days=1)

    @property
    def observed_from(self) -> pd.Timestamp:
        """The beginning of the first day with a purchase."""
        (first,) = self.connection.execute("SELECT min(ts) FROM slips").fetchone() or (0,)
        return pd.Timestamp(int(first), unit="us").floor("D")

    def has(self, attribute: str) -> bool:
        """Whether any purchases name this column, such as ``discount``."""
        return any(getattr(source, attribute) for source in self.purchases)

    def ask(self, sql: str, **parameters: int | str) -> pd.DataFrame:
        """Rows of a query; ``$name`` in it stands for a parameter."""
        self._events.check_stop()
        try:
            rows: pd.DataFrame = self.connection.execute(sql, parameters).df()
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            reason = str(error).splitlines()[0]
            raise StoreError(f"The purchases are too many for this machine: {reason}; free memory or disk.") from error
        return rows

    def key_expression(self, column: str, kind: str) -> str:
        """SQL that gives an entity of another table in this store's form."""
        return _sql.key(column, kind, numeric=self.numeric_keys)

    def _load(self) -> None:
        kinds = [self._open(f"purchases_{i}", source) for i, source in enumerate(self.purchases)]
        self.numeric_keys = all(
            _sql.is_number(kind[source.entity]) for kind, source in zip(kinds, self.purchases, strict=True)
        )
        self._numeric_baskets = all(
            source.basket is None or _sql.is_integer(kind[source.basket])
            for kind, source in zip(kinds, self.purchases, strict=True)
        )
        parts = [
            self._lines(f"purchases_{i}", source, kind)
            for i, (source, kind) in enumerate(zip(self.purchases, kinds, strict=True))
        ]
        self._create("raw", parts)
        self._clean()
        self.connection.execute(_SLIPS.format(flags=self._flag_sums(), day=_sql.day("ts")))
        self.connection.execute(_GOODS)
        self.connection.execute(_LINES)
        self.connection.execute("DROP TABLE raw")
        self.goods = self.ask("SELECT code, category, department FROM goods ORDER BY code").set_index("code")
        self._load_touches()

    def _open(self, view: str, source: EventSource) -> dict[str, str]:
        kinds = _sql.open_relation(self.connection, source.relation, view, source.name)
        for column in source.columns:
            if column not in kinds:
                known = ", ".join(list(kinds)[:20])
                raise InputError(f"{source.name} has no column '{column}'; its columns are: {known}.")
        return kinds

    @property
    def flag_names(self) -> list[str]:
        """Features made of flags, each once."""
        return list(dict.fromkeys(flag.feature for source in self.purchases for flag in source.flags))

    def _lines(self, view: str, source: EventSource, kinds: dict[str, str]) -> str:
        def text(column: str | None) -> str:
            return f"nullif(CAST({_sql.quoted(column)} AS VARCHAR), '')" if column else "CAST(NULL AS VARCHAR)"

        def money(column: str | None) -> str:
            if not column:
                return "CAST(0 AS BIGINT)"
            return f"coalesce({_sql.scaled(_sql.number(column, kinds[column]))}, 0)"

        ts = _sql.instant(source.time, kinds[source.time], source.name)
        if source.value:
            value = _sql.number(source.value, kinds[source.value])
        else:
            quantity, price = str(source.quantity), str(source.price)
            value = f"{_sql.number(quantity, kinds[quantity])} * {_sql.number(price, kinds[price])}"
        flags = {flag.feature: flag.column for flag in source.flags}
        columns = {
            "entity": self.key_expression(source.entity, kinds[source.entity]),
            "ts": ts,
            "basket": self._basket(source, _sql.day(ts)),
            "store": text(source.store),
            "category": text(source.category),
            "department": text(source.department or source.category),
            "value": _sql.scaled(value),
            "quantity": money(source.quantity) if source.quantity else f"CAST({_sql.MONEY_SCALE} AS BIGINT)",
            "discount": money(source.discount),
            "coupon": money(source.coupon),
        } | {
            f"flag_{i}": f"coalesce(TRY_CAST({_sql.quoted(flags[name])} AS BOOLEAN), false)"
            if name in flags
            else "false"
            for i, name in enumerate(self.flag_names)
        }
        chosen = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
        return f"SELECT {chosen} FROM {_sql.quoted(view)}"  # noqa: S608 - names are quoted

    def _basket(self, source: EventSource, day: str) -> str:
        """The basket, without one the day; numbers stay numbers, because texts are slow to group by."""
        days = f"-1 - {day}" if self._numeric_baskets else f"'day ' || CAST({day} AS VARCHAR)"
        if not source.basket:
            return days
        kind = "BIGINT" if self._numeric_baskets else "VARCHAR"
        return f"coalesce(TRY_CAST({_sql.quoted(source.basket)} AS {kind}), {days})"

    def _create(self, table: str, parts: Sequence[str]) -> None:
        try:
            self.connection.execute(f"CREATE TABLE {table} AS {' UNION ALL '.join(parts)}")
        except duckdb.Error as error:
            names = ", ".join(source.name for source in self.purchases)
            raise InputError(f"Can't read the events of {names}: {str(error).splitlines()[0]}") from error

    def _clean(self) -> None:
        counts = self.ask(
            "SELECT count(*) AS rows, count(*) - count(entity) AS entity, count(*) - count(ts) AS ts,"
            " count(*) - count(value) AS value FROM raw"
        ).iloc[0]
        reasons = {"entity": "without a customer", "ts": "without a readable time", "value": "without a usable value"}
        for column, why in reasons.items():
            if counts[column]:
                self._events.notice(
                    "features",
                    f"{int(counts[column]):,} of {int(counts['rows']):,} purchase lines {why} are left out.",
                    rows=int(counts[column]),
                )
        self.connection.execute("DELETE FROM raw WHERE entity IS NULL OR ts IS NULL OR value IS NULL")
        if not self.ask("SELECT 1 FROM raw LIMIT 1").size:
            names = ", ".join(source.name for source in self.purchases)
            raise InputError(f"No row of {names} has a customer, a time and a value; check the named columns.")

    def _flag_sums(self) -> str:
        return "".join(
            f", CAST(coalesce(sum(value) FILTER (WHERE flag_{i} AND value > 0), 0) AS BIGINT) AS flag_{i}"
            for i, _ in enumerate(self.flag_names)
        )

    def _load_touches(self) -> None:
        parts = []
        for i, source in enumerate(self.touches):
            view = f"touches_{i}"
            kinds = self._open(view, source)
            kind = f"CAST({_sql.quoted(source.category)} AS VARCHAR)" if source.category else "CAST(NULL AS VARCHAR)"
            parts.append(
                f"SELECT {i} AS source, {self.key_expression(source.entity, kinds[source.entity])} AS entity, "  # noqa: S608
                f"{_sql.instant(source.time, kinds[source.time], source.name)} AS ts, {kind} AS kind "
                f"FROM {_sql.quoted(view)}"
            )
        empty = f"SELECT 0 AS source, CAST(NULL AS {'BIGINT' if self.numeric_keys else 'VARCHAR'}) AS entity,"
        self._create("touches", parts or [f"{empty} CAST(NULL AS BIGINT) AS ts, CAST(NULL AS VARCHAR) AS kind"])
        self.connection.execute("DELETE FROM touches WHERE entity IS NULL OR ts IS NULL")


_SLIPS = """
CREATE TABLE slips AS SELECT entity, basket, ts, store, {day} AS day, count(*) AS lines,
    CAST(sum(value) AS BIGINT) AS value,
    CAST(coalesce(sum(value) FILTER (WHERE value > 0), 0) AS BIGINT) AS gained,
    CAST(coalesce(sum(value) FILTER (WHERE value < 0), 0) AS BIGINT) AS returned,
    CAST(coalesce(sum(quantity) FILTER (WHERE value >= 0), 0) AS BIGINT) AS quantity,
    CAST(sum(discount) AS BIGINT) AS discount, CAST(sum(coupon) AS BIGINT) AS coupon{flags}
FROM raw GROUP BY entity, basket, ts, store
"""

_GOODS = """
CREATE TABLE goods AS
SELECT category, department, CAST(row_number() OVER (ORDER BY category, department) AS INTEGER) AS code
FROM (SELECT DISTINCT category, department FROM raw WHERE category IS NOT NULL OR department IS NOT NULL)
"""

_LINES = """
CREATE TABLE lines AS SELECT entity, ts, code, value FROM raw
JOIN goods ON raw.category IS NOT DISTINCT FROM goods.category AND raw.department IS NOT DISTINCT FROM goods.department
"""
