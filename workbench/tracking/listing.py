"""The journeys of a store, with no more of each than a list needs.

MLflow reads all parameters and metrics of every run that it lists: four seconds for a thousand runs. Where the store
is a database, the few tags that a list shows are asked for alone; elsewhere MLflow's own search is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from workbench.tracking import marks

_WISH = f"tags.`{marks.KIND}` = '{marks.JOURNEY}'"


def journeys(client: Any, experiment: str, page: int) -> Iterator[Any]:
    """Runs that are journeys, newest first, fetched ``page`` at a time."""
    database = _database(client)
    if database is not None:
        yield from _from_database(*database, int(experiment), page)
        return
    token = None
    while True:
        found = client.search_runs(
            [experiment], _WISH, max_results=page, order_by=["attributes.start_time DESC"], page_token=token
        )
        yield from found
        token = found.token
        if not token:
            return


def _database(client: Any) -> tuple[Any, Any] | None:
    """The session maker and the table classes of a store in a database that we know."""
    try:
        from mlflow.store.tracking.dbmodels import models

        return client._tracking_client.store.ManagedSessionMaker, (models.SqlRun, models.SqlTag)
    except (ImportError, AttributeError):
        return None


def _from_database(session_of: Any, tables: Any, experiment: int, page: int) -> Iterator[Any]:
    from sqlalchemy import and_, select

    run, tag = tables
    kind = and_(tag.run_uuid == run.run_uuid, tag.key == marks.KIND, tag.value == marks.JOURNEY)
    wish = (
        select(run.run_uuid, run.name, run.status, run.start_time, run.end_time)
        .join(tag, kind)
        .where(run.experiment_id == experiment, run.lifecycle_stage == "active")
        .order_by(run.start_time.desc(), run.run_uuid)
    )
    start = 0
    while True:
        with session_of() as session:
            rows = session.execute(wish.offset(start).limit(page)).all()
            ids = [row.run_uuid for row in rows]
            about = select(tag.run_uuid, tag.key, tag.value).where(tag.run_uuid.in_(ids), tag.key != marks.NOTE)
            facts: dict[str, dict[str, str]] = {run_id: {} for run_id in ids}
            for run_id, key, value in session.execute(about):
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
