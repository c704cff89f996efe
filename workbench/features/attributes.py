"""One-row-per-entity tables, joined to the customers of a store."""

from __future__ import annotations

import pandas as pd

from workbench.errors import InputError
from workbench.events import Events
from workbench.features import _sql
from workbench.features.catalogue import unique_name
from workbench.features.event_store import EventStore
from workbench.features.sources import AttributeSource


def attributes_of(
    store: EventStore, source: AttributeSource, entities: pd.Index, taken: set[str], *, notices: Events
) -> pd.DataFrame:
    """The source's columns for the given entities, shape (entities, columns), missing where it has no row.

    Of several rows with one entity the first is kept, which is told. Columns whose name is taken get a number.

    Raises:
        InputError: the file, the entity or a column is missing, or no entity is in both.
    """
    view = "attributes"
    kinds = _sql.open_relation(store.connection, source.relation, view, source.name)
    wanted = source.columns or tuple(name for name in kinds if name != source.entity)
    for name in (source.entity, *wanted):
        if name not in kinds:
            raise InputError(f"{source.name} has no column '{name}'; its columns are: {', '.join(list(kinds)[:20])}.")
    key = store.key_expression(source.entity, kinds[source.entity])
    chosen = ", ".join([f"{key} AS k", *(f"{_sql.quoted(name)} AS c{i}" for i, name in enumerate(wanted))])
    rows = store.ask(f"SELECT {chosen} FROM {_sql.quoted(view)}").dropna(subset=["k"])  # noqa: S608 - names are quoted
    rows.columns = pd.Index(["k", *wanted], dtype=object)
    repeated = int(rows["k"].duplicated().sum())
    if repeated:
        notices.notice(
            "features",
            f"{source.name} has {repeated:,} further rows for customers that it already has; the first of each counts.",
            rows=repeated,
        )
        rows = rows.drop_duplicates("k")
    joined = rows.set_index("k").reindex(entities)
    found = int(entities.isin(rows["k"]).sum())
    if not found:
        raise InputError(
            f"No '{source.entity}' of {source.name} is among the customers of {store.purchases[0].name} "
            f"('{store.entity}'); name the columns that hold the same ids."
        )
    if found < len(entities):
        notices.notice(
            "features",
            f"{source.name} knows {found:,} of {len(entities):,} customers; its columns are empty for the others.",
            rows=len(entities) - found,
        )
    names: list[str] = []
    for name in wanted:
        names.append(unique_name(name, {*taken, *names}))
    joined.columns = pd.Index(names, dtype=object)
    return joined
