"""Child runs, one per trial: a batch in one transaction where the store is a database, one by one elsewhere.

Through MLflow's interface a child run takes three transactions, each with its own wait for the disk: two hundred
trials would take twenty seconds. The rows of a database can be added together; the tests compare both ways.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.tracking import marks
from workbench.tracking.plain import metrics_of, params_of, text_of

STATUS = {"done": "FINISHED", "pruned": "KILLED", "cut": "KILLED", "failed": "FAILED"}
"""MLflow's word for how a trial ended."""
BATCH = 50


@dataclass(frozen=True)
class Child:
    """A trial as a run, ready to write; times in milliseconds since 1970."""

    name: str
    status: str
    began: int
    ended: int
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]


def child_of(trial: Mapping[str, Any], *, journey: str, parent: str, stamp: int) -> Child:
    """The child run of an ended trial (a ``Trial`` as a mapping)."""
    seconds, state, family = float(trial.get("seconds") or 0.0), str(trial["state"]), str(trial.get("family", ""))
    tags = {
        marks.KIND: marks.TRIAL,
        marks.PARENT: parent,
        marks.NUMBER: str(trial["number"]),
        marks.STATE: state,
        "family": family,
        "origin": str(trial.get("origin", "")),
    }
    if trial.get("reason"):
        tags[marks.REASON] = text_of(trial["reason"])
    folds = {f"fold.{index}": score for index, score in enumerate(trial.get("fold_scores") or ())}
    return Child(
        name=f"{journey} {family} {trial['number']}",
        status=STATUS[state],
        began=stamp - int(1000 * seconds),
        ended=stamp,
        tags=tags,
        params=params_of({"family": family, **dict(trial.get("params") or {})}),
        metrics=metrics_of({"score": trial.get("score"), "seconds": seconds, **folds}),
    )


def write_each(client: Any, experiment: str, children: Sequence[Child]) -> None:
    """Write children through MLflow's interface, which every store has."""
    from mlflow.entities import Metric, Param

    for child in children:
        run = client.create_run(experiment, start_time=child.began, tags=child.tags, run_name=child.name)
        client.log_batch(
            run.info.run_id,
            metrics=[Metric(key, value, child.ended, 0) for key, value in child.metrics.items()],
            params=[Param(key, value) for key, value in child.params.items()],
        )
        client.set_terminated(run.info.run_id, child.status, child.ended)


def write_together(client: Any, experiment: str, children: Sequence[Child]) -> bool:
    """Write children in one transaction; ``False`` (and nothing written) where the store is no database of ours."""
    try:
        from mlflow.store.tracking.dbmodels import models
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
        from mlflow.utils.uri import append_to_uri_path

        store = client._tracking_client.store
        session_of = store.ManagedSessionMaker
        classes = (models.SqlRun, models.SqlTag, models.SqlParam, models.SqlMetric, models.SqlLatestMetric)
        folder = SqlAlchemyStore.ARTIFACTS_FOLDER_NAME
    except (ImportError, AttributeError):  # a server, or another mlflow than the one that we know
        return False
    root = client.get_experiment(experiment).artifact_location
    rows: list[Any] = []
    for child in children:
        run_id = uuid.uuid4().hex
        place = append_to_uri_path(root, run_id, folder)
        rows += _rows(classes, child, run_id, experiment, place)
    with session_of(read_only=False) as session:
        session.add_all(rows)
    return True


def _rows(classes: tuple[Any, ...], child: Child, run_id: str, experiment: str, place: str) -> list[Any]:
    run, tag, param, metric, latest = classes
    figures = [
        {"key": key, "value": value, "timestamp": child.ended, "step": 0, "is_nan": False, "run_uuid": run_id}
        for key, value in child.metrics.items()
    ]
    return [
        run(
            run_uuid=run_id,
            name=child.name,
            artifact_uri=place,
            experiment_id=int(experiment),
            source_type="UNKNOWN",
            source_name="",
            entry_point_name="",
            user_id="unknown",
            status=child.status,
            start_time=child.began,
            end_time=child.ended,
            deleted_time=None,
            source_version="",
            lifecycle_stage="active",
        ),
        *(
            tag(key=key, value=value, run_uuid=run_id)
            for key, value in {**child.tags, "mlflow.runName": child.name}.items()
        ),
        *(param(key=key, value=value, run_uuid=run_id) for key, value in child.params.items()),
        *(metric(**figure) for figure in figures),
        *(latest(**figure) for figure in figures),
    ]
