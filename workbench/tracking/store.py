"""The store of all runs: opened or made on first use, browsed by summaries, asked for results and models."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, StoreError
from workbench.tracking import files, fresh, marks
from workbench.tracking.failures import check_readable, check_writable, database_errors, told
from workbench.tracking.library import mlflow
from workbench.tracking.listing import from_database, from_mlflow
from workbench.tracking.location import ARTIFACTS, HOME, database_file, is_server, store_uri
from workbench.tracking.relocation import relocate
from workbench.tracking.rows import RunDetails, RunRow, row_of

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult, Model

_PAGE = 500
LATEST = "latest"
_OUTCOME = ("state", "metric", "score", "low", "high", "baseline", "champion", "trials", "seconds")


class Store:
    """Runs in the MLflow store.

    Args:
        home: folder of the embedded store; ``MLFLOW_TRACKING_URI`` moves the store elsewhere, while journals
            and reports stay in ``home``.

    Nothing is read or written before a method is called; mlflow is imported then.
    """

    def __init__(self, home: Path = HOME) -> None:
        self.home = home
        self.uri = store_uri(home)
        self._client: Any = None
        self._experiment: str | None = None
        self._placed = False
        self._lock = threading.RLock()

    def client(self, *, write: bool = False) -> Any:
        """The ``MlflowClient`` on this store, which is made if it is not there.

        Raises:
            StoreError: it can't be reached, read or (``write``) written.
        """
        with self._lock:
            if write:
                check_writable(self.uri, self.artifacts)
            if self._client is None:
                check_readable(self.uri)
                package = mlflow()
                with told(self.uri, "open the store"):
                    file = database_file(self.uri)
                    if file is not None:
                        file.parent.mkdir(parents=True, exist_ok=True)
                        fresh.create(file)
                    self._client = package.MlflowClient(self.uri)
            if write and not self._placed:
                self._place()
            return self._client

    def _place(self) -> None:
        """See to it that an embedded store writes below its own folder, wherever it was made."""
        file = database_file(self.uri)
        if file is not None and file.exists() and file.absolute().parent == self.home.absolute():
            with told(self.uri, "open the store where it is now"):
                relocate(file, self.artifacts)
        self._placed = True

    @property
    def artifacts(self) -> Path:
        """Where the embedded store keeps the files of runs and models."""
        return self.home.absolute() / ARTIFACTS

    def experiment(self) -> str:
        """Id of the experiment that all runs belong to; it is made when it is missing. Raises ``StoreError``."""
        with self._lock:
            if self._experiment is None:
                client = self.client()
                with told(self.uri, "open the experiment"):
                    self._experiment = self._find_experiment() or client.create_experiment(
                        marks.EXPERIMENT, artifact_location=None if is_server(self.uri) else self.artifacts.as_uri()
                    )
            return self._experiment

    def _find_experiment(self) -> str | None:
        found = self.client().get_experiment_by_name(marks.EXPERIMENT)
        if found is None:
            return None
        if found.lifecycle_stage == "deleted":  # deleted in MLflow's page: a new run wants it back
            self.client().restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    def _exists(self) -> bool:
        """Whether there is anything to read; looking must not make a store."""
        file = database_file(self.uri)
        return file is None or file.exists()

    def runs(self, limit: int = 50, text_filter: str = "") -> list[RunRow]:
        """The newest journeys first.

        Args:
            limit: how many at most.
            text_filter: words that must all appear in a row.

        Raises:
            StoreError: the store can't be read.
        """
        rows = self._rows(_PAGE if text_filter else max(1, min(limit, _PAGE)))
        return list(islice((row for row in rows if row.matches(text_filter)), max(0, limit)))

    def _rows(self, page: int = _PAGE) -> Iterator[RunRow]:
        """All journeys, newest first."""
        if not self._exists():
            return
        check_readable(self.uri)
        if not is_server(self.uri):
            found = from_database(self.uri, page)
            with contextlib.suppress(*database_errors()):  # no tables yet: MLflow makes them, or says why it can't
                first = next(found, None)
                yield from self._told_rows(chain([] if first is None else [first], found))
                return
        client = self.client()
        with told(self.uri, "read the runs"):
            experiment = self._find_experiment()
        if experiment is None:
            return
        yield from self._told_rows(from_mlflow(client, experiment, page))

    def _told_rows(self, runs: Iterator[Any]) -> Iterator[RunRow]:
        while True:
            with told(self.uri, "read the runs"):
                run = next(runs, None)
            if run is None:
                return
            yield row_of(run)

    def next_name(self, stem: str) -> str:
        """The next free name ``<stem>-0001``, ``-0002`` … among runs, journals and reports."""
        plain = re.sub(r"[^\w.-]+", "-", stem).strip("-._")[:40].strip("-._") or "table"
        pattern = re.compile(re.escape(plain) + r"-(\d{4,})")
        names = [row.name for row in self._rows()]
        for folder in ("journals", "reports"):
            if (self.home / folder).is_dir():
                names += [path.name.partition("-figures")[0].split(".")[0] for path in (self.home / folder).iterdir()]
        taken = [int(match[1]) for match in map(pattern.fullmatch, names) if match]
        return f"{plain}-{max(taken, default=0) + 1:04d}"

    def find(self, text: str) -> str:
        """The id of the run that is called, or whose name or id begins with, ``text``; ``latest`` is the newest.

        Raises:
            InputError: there is none, or there are several.
            StoreError: the store can't be read.
        """
        wanted = text.strip()
        if wanted == LATEST and (newest := next(self._rows(1), None)) is not None:
            return newest.run_id
        rows = list(self._rows())
        same = [row for row in rows if wanted in (row.name, row.run_id)]
        if same:
            return same[0].run_id  # a name that was used twice means the newer run
        near = [row for row in rows if wanted and _begins(row, wanted)]
        if len(near) == 1:
            return near[0].run_id
        if near:
            names = ", ".join(row.name for row in near[:5])
            raise InputError(f"'{text}' may mean {len(near)} runs ({names}); give more of the name or id.")
        raise InputError(f"There is no run '{text}' in {self.home}; `workbench runs list` shows what there is.")

    def _run(self, run: str) -> Any:
        """The mlflow run with this id or name."""
        client = self.client()
        if not re.fullmatch(r"[0-9a-f]{32}", run):
            run = self.find(run)
        with told(self.uri, f"read the run {run}"):
            return client.get_run(run)

    def details(self, run: str) -> RunDetails:
        """All small facts of a run, by id or name. Raises ``InputError`` and ``StoreError``."""
        found = self._run(run)
        with told(self.uri, "list the files of the run"):
            artifacts = tuple(sorted(item.path for item in self.client().list_artifacts(found.info.run_id)))
        return RunDetails(
            row=row_of(found),
            params=dict(sorted(found.data.params.items())),
            metrics=dict(sorted(found.data.metrics.items())),
            artifacts=artifacts,
            model=found.data.tags.get(marks.MODEL),
        )

    def compare(self, runs: Sequence[str]) -> list[dict[str, Any]]:
        """Where runs differ: ``{"name": …, "values": [one per run, None where it has none]}``, outcome first."""
        details = [self._run(run) for run in runs]
        rows = [row_of(run) for run in details]
        result: list[dict[str, Any]] = [
            {"name": name, "values": [getattr(row, name) for row in rows]} for name in _OUTCOME
        ]
        for kind in ("params", "metrics"):
            facts = [getattr(run.data, kind) for run in details]
            result += [
                {"name": key, "values": [fact.get(key) for fact in facts]} for key in sorted(set().union(*facts))
            ]
        return [row for row in result if len({repr(value) for value in row["values"]}) > 1]

    def tag(self, run: str, key: str, value: str) -> None:
        """Set a tag of the user's own. Raises ``InputError`` for a name that is not free to use."""
        if not key.strip() or key.startswith((marks.OWN_TAGS, "mlflow.")):
            raise InputError(
                f"A tag can't be called '{key}'; choose a name that does not begin with workbench. or mlflow."
            )
        run_id = self._run(run).info.run_id
        with told(self.uri, "set a tag"):
            self.client(write=True).set_tag(run_id, key, value)

    def delete(self, run: str) -> None:
        """Delete a run, its trials, its model and its files. Raises ``InputError`` and ``StoreError``."""
        found = self._run(run)
        client, run_id = self.client(write=True), found.info.run_id
        with told(self.uri, f"delete the run {found.info.run_name}"):
            children = f"tags.`{marks.PARENT}` = '{run_id}'"
            while batch := client.search_runs([found.info.experiment_id], children, max_results=_PAGE):
                for child in batch:
                    client.delete_run(child.info.run_id)
            files.remove(client, found, self.home)
            client.delete_run(run_id)

    def artifact_path(self, run: str, name: str) -> Path:
        """A file or folder of a run on this machine; of a remote store it is fetched. Raises ``StoreError``."""
        found = self._run(run)
        with told(self.uri, f"fetch {name} of the run {found.info.run_name}"):
            return files.local(found.info.artifact_uri, name, self.artifacts, self.uri)

    def load_result(self, run: str) -> JourneyResult:
        """What a run found, with what the analyst decided on it since; the pipeline is loaded when it is first used.

        Raises:
            InputError: there is no such run, or it ended before it had a result.
            StoreError: the archive can't be read.
        """
        from workbench.tracking.archive import load_result
        from workbench.tracking.decisions import recall

        found = self._run(run)
        run_id, name = found.info.run_id, found.info.run_name
        try:
            folder = self.artifact_path(run_id, marks.ARCHIVE)
        except StoreError as error:
            state = row_of(found).state
            raise InputError(
                f"The run {name} is {state} and has no result; `workbench runs resume {name}` goes on."
            ) from error
        result = load_result(folder, lambda field: self.load_model(run_id, explainable=field == "single").pipeline)
        return recall(result, row_of(found).tags)

    def load_model(self, run: str, *, explainable: bool = False) -> Model:
        """The champion that was logged with a run.

        Args:
            explainable: the model that explanations are of: where the champion is a blend, the best single one.

        Raises:
            InputError: there is no such run, or it has no model.
            StoreError: the model can't be read here.
        """
        from workbench.tracking import model

        found = self._run(run)
        tags = found.data.tags
        model_id = (tags.get(marks.EXPLAINABLE) if explainable else None) or tags.get(marks.MODEL)
        if model_id is None:
            raise InputError(
                f"The run {found.info.run_name} has no model: it had no target, or ended before it had one."
            )
        return model.load(self, model_id)


def _begins(row: RunRow, text: str) -> bool:
    return row.name.casefold().startswith(text.casefold()) or row.run_id.startswith(text.lower())
