"""One MLflow run per journey: begun at its start, fed by its events, closed with its result."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, StoreError
from workbench.events import Event, Events
from workbench.tracking import facts, marks
from workbench.tracking.failures import told
from workbench.tracking.files import remove_model
from workbench.tracking.plain import metrics_of, now, params_of, redact, text_of
from workbench.tracking.rows import this_process
from workbench.tracking.store import Store
from workbench.tracking.trials import TrialWriter

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Model

_log = logging.getLogger(__name__)
_BATCH = 100
"""Parameters and tags that MLflow takes at once."""


class RunLogger:
    """Records one journey; a listener for ``Events``.

    Args:
        store: where to.
        events: told about what could not be recorded; without them it stands in the run only.

    ``begin`` comes first, then any number of events, then one of ``finish``, ``stopped`` and ``fail``.
    """

    def __init__(self, store: Store, events: Events | None = None) -> None:
        self._store = store
        self._events = events
        self._name = ""
        self._writer: TrialWriter | None = None
        self._whole = False
        self.run_id = ""

    @property
    def finished_before(self) -> bool:
        """Whether the run that goes on has a whole result on record, which stays until another one replaces it."""
        return self._whole

    def result_before(self, name: str) -> JourneyResult | None:
        """The whole result that the run had when it was gone on with, ``None`` where it had none that can be read."""
        if not self._whole:
            return None
        try:
            return self._store.load_result(name)
        except (InputError, StoreError):
            return None

    def begin(self, name: str, params: Mapping[str, Any], tags: Mapping[str, str], run_id: str | None = None) -> str:
        """Begin a run, or go on with the one that has ``run_id`` if it is still there.

        Args:
            name: such as ``customers-0001``.
            params: what was chosen; secrets in addresses are taken out.
            tags: further facts; their names must not begin with ``mlflow.``

        Returns:
            the id of the run.

        Raises:
            StoreError: the store can't be opened or written.
        """
        client, experiment = self._store.client(write=True), self._store.experiment()
        self._name = name
        own = {marks.KIND: marks.JOURNEY, marks.STATE: "running", marks.PROCESS: this_process()}
        own |= {key: text_of(value) for key, value in tags.items()}
        with told(self._store.uri, "begin a run"):
            known = self._go_on(run_id) if run_id else None
            if known is None:
                own[marks.SUMMARY] = facts.first_summary(params)  # a resumed run keeps the figures that it has
                self.run_id = str(client.create_run(experiment, run_name=name, tags=own).info.run_id)
        try:
            self._log(params=params_of(params), tags=own)
        except StoreError as error:
            self.fail(str(error))
            raise
        self._writer = TrialWriter(client, self._store.uri, experiment, self.run_id, name, known or ())
        return self.run_id

    def _go_on(self, run_id: str) -> list[int] | None:
        """Open an ended run again; the numbers of its trials, ``None`` when it is gone."""
        from mlflow.exceptions import MlflowException

        client = self._store.client()
        try:
            run = client.get_run(run_id)
        except MlflowException:
            return None
        if run.info.lifecycle_stage != "active":
            return None
        self.run_id = run_id
        # runs that were made before the mark was say it by their state
        self._whole = run.data.tags.get(marks.WHOLE, "yes" if run.data.tags.get(marks.STATE) == "done" else "") == "yes"
        if self._whole:
            self._log(tags={marks.WHOLE: "yes"})
        client.update_run(run_id, status="RUNNING")
        wish, token, numbers = f"tags.`{marks.PARENT}` = '{run_id}'", None, list[int]()
        while True:
            page = client.search_runs([run.info.experiment_id], wish, max_results=500, page_token=token)
            numbers += [int(child.data.tags.get(marks.NUMBER, -1)) for child in page]
            token = page.token
            if not token:
                return numbers

    def __call__(self, event: Event) -> None:
        """Take an event; trials are kept for the writing thread, so the search never waits."""
        if self._writer is None:
            return
        if event.kind == "trial":
            self._writer.add(event.data)
        elif event.kind == "best" and isinstance(event.data.get("score"), int | float):
            self._writer.best(float(event.data["score"]))

    def finish(self, result: JourneyResult, model: Model | None, files: Mapping[str, Path]) -> None:
        """Record the whole result and close the run: as stopped when the user ended it early.

        Args:
            model: the champion; ``None`` where there was no target.
            files: report and figures by the name that they get in the run.

        Raises:
            StoreError: something could not be recorded; the run stays open for ``fail``.
        """
        from workbench.tracking import artifacts
        from workbench.tracking import model as models

        self._store.client(
            write=True
        )  # a locked or full store is told now: mlflow would wait much longer at each write
        if self._whole:  # from here on it is replaced, which may be killed half-way
            self._log(tags={marks.WHOLE: ""})
            self._whole = False
        result = facts.without_secrets(dataclasses.replace(result, run_id=self.run_id))
        self._close_writer(result)
        tags = facts.tags(result)
        self._log(params=facts.params(result), metrics=facts.metrics(result), tags=tags)
        artifacts.log(self._store, self.run_id, result, files, self._tell)
        if model is not None:
            old = self._old_models()
            tags = {marks.MODEL: models.log(self._store, self.run_id, model, result.table), marks.EXPLAINABLE: ""}
            if result.search is not None and (single := result.search.single) is not None:
                tags[marks.EXPLAINABLE] = models.log(
                    self._store, self.run_id, single, result.table, name=marks.EXPLAINABLE_NAME
                )
            self._log(tags=tags)
            with told(self._store.uri, "replace the model"):
                for model_id in old:
                    remove_model(self._store.client(), model_id)
        self._end("KILLED" if result.stopped else "FINISHED", "stopped" if result.stopped else "done", "")

    def stopped(self, reason: str) -> None:
        """Close the run as stopped by the user, or as finished where it was so before; never raises."""
        self._end_quietly("KILLED", "stopped", reason)

    def fail(self, reason: str) -> None:
        """Close the run as failed, or as finished where it was so before and its result is on record still.

        It never raises, for it is called while another error is on its way.
        """
        self._end_quietly("FAILED", "failed", reason)

    def _end_quietly(self, status: str, state: str, reason: str) -> None:
        if not self.run_id:
            return
        try:
            self._store.client(write=True)
            self._close_writer(None)
            if self.finished_before:
                status, state = "FINISHED", "done"
            self._end(status, state, reason)
        except StoreError as error:
            if self._writer is not None:
                self._writer.abandon()
            _log.warning("%s", error)

    def _end(self, status: str, state: str, reason: str) -> None:
        whole = {marks.WHOLE: "yes"} if state == "done" else {}
        self._log(tags={marks.STATE: state, marks.REASON: text_of(reason), **whole})
        with told(self._store.uri, "close the run"):
            self._store.client().set_terminated(self.run_id, status)

    def _close_writer(self, result: JourneyResult | None) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        search = result.search if result is not None else None
        writer.close(dataclasses.asdict(trial) for trial in (search.trials if search else ()))
        if writer.problem:
            self._tell(f"Some trials are not in the MLflow store: {writer.problem}")
        elif writer.left_out:
            total = writer.written + writer.left_out
            self._tell(
                f"{writer.written} of {total} trials are child runs in MLflow; the others would have cost too much "
                "time and are in the run's trials.json only."
            )

    def _tell(self, message: str) -> None:
        if self._events is not None:
            self._events.notice("tracking", redact(message))
        else:
            _log.info("%s", message)

    def _old_models(self) -> list[str]:
        """Ids of the models that a resumed run had."""
        with told(self._store.uri, "read the run"):
            tags: dict[str, str] = self._store.client().get_run(self.run_id).data.tags
        return [tags[mark] for mark in (marks.MODEL, marks.EXPLAINABLE) if tags.get(mark)]

    def _log(
        self,
        *,
        params: Mapping[str, str] | None = None,
        metrics: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        from mlflow.entities import Metric, Param, RunTag

        client, stamp = self._store.client(), now()
        with told(self._store.uri, "record the run"):
            wanted = dict(params or {})
            if wanted:
                wanted = _not_yet(wanted, client.get_run(self.run_id).data.params)
            rows: list[Any] = [Param(key, value) for key, value in wanted.items()]
            for start in range(0, len(rows), _BATCH):
                client.log_batch(self.run_id, params=rows[start : start + _BATCH])
            figures = metrics_of(metrics or {})
            client.log_batch(
                self.run_id,
                metrics=[Metric(key, value, stamp, 0) for key, value in figures.items()],
                tags=[RunTag(key, value) for key, value in (tags or {}).items()],
            )


def _not_yet(wanted: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Parameters to log: MLflow never changes one, so what a resumed run changes gets the next number."""
    fresh: dict[str, str] = {}
    for key, value in wanted.items():
        name, number = key, 1
        while name in known and known[name] != value:
            number += 1
            name = f"{key} - {number}"
        if name not in known:
            fresh[name] = value
    return fresh
