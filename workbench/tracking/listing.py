"""The journeys of a store, with no more of each than a list needs.

MLflow reads all parameters and metrics of every run that it lists, four seconds for a thousand runs, and is itself
seconds to import. Where the store is a database, the few tags that a list shows are asked for alone and without
MLflow; elsewhere its own search is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from workbench.tracking import marks
from workbench.tracking.location import database_file

_WISH = f"tags.`{marks.KIND}` = '{marks.JOURNEY}'"
_PATIENCE = 10.0
"""Seconds that another program may hold an SQLite file."""


def from_database(uri: str, page: int) -> Iterator[Any]:
    """Runs that are journeys, newest first, ``page`` at a time: what ``row_of`` needs of mlflow's run.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database can't be read or has no tables of MLflow.
    """
    import sqlalchemy as sql

    columns = {
        "experiments": ("experiment_id", "name"),
        "runs": ("run_uuid", "experiment_id", "name", "status", "start_time", "end_time", "lifecycle_stage"),
        "tags": ("run_uuid", "key", "value"),
    }
    tables = [sql.table(name, *(sql.column(column) for column in names)) for name, names in columns.items()]
    experiment, run, tag = (table.c for table in tables)
    journey = sql.and_(tag.run_uuid == run.run_uuid, tag.key == marks.KIND, tag.value == marks.JOURNEY)
    wish = (
        sql.select(run.run_uuid, run.name, run.status, run.start_time, run.end_time)
        .select_from(tables[1].join(tables[2], journey))
        .join(tables[0], experiment.experiment_id == run.experiment_id)
        .where(experiment.name == marks.EXPERIMENT, run.lifecycle_stage == "active")
        .order_by(run.start_time.desc(), run.run_uuid)
    )
    settings = {"timeout": _PATIENCE} if database_file(uri) is not None else {}
    engine = sql.create_engine(uri, poolclass=sql.NullPool, connect_args=settings)
    start = 0
    while True:
        with engine.connect() as connection:
            rows = connection.execute(wish.offset(start).limit(page)).all()
            facts: dict[str, dict[str, str]] = {row.run_uuid: {} for row in rows}
            about = sql.select(tag.run_uuid, tag.key, tag.value).where(tag.run_uuid.in_(list(facts)))
            for run_id, key, value in connection.execute(about.where(tag.key != marks.NOTE)):
                facts[run_id][key] = value
        for row in rows:
            info = SimpleNamespace(
                run_id=row.run_uuid,
                run_name=row.name,
                status=row.status,
                start_time=row.start_time,
                end_time=row.end_time,
            )
            yield SimpleNamespace(info=info, data=SimpleNamespace(tags=facts[row.run_uuid]))
        start += page
        if len(rows) < page:
            return


def from_mlflow(client: Any, experiment: str, page: int) -> Iterator[Any]:
    """The same runs through MLflow's interface."""
    token = None
    while True:
        found = client.search_runs(
            [experiment], _WISH, max_results=page, order_by=["attributes.start_time DESC"], page_token=token
        )
        yield from found
        token = found.token
        if not token:
            return
