"""One task on its way to a cluster and back: a worker is waited for, the data is brought there, the model home."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.atomic import write_bytes, write_text
from workbench.errors import StoreError
from workbench.search.executors.abroad import MARK, Outcome, Parcel, receive, run_task
from workbench.search.executors.crew import Crew
from workbench.search.executors.worker import WholeTask

if TYPE_CHECKING:
    from distributed import Client

_LOOK = 0.5
"""Seconds between looks at whether the worker is still there."""


@dataclass(eq=False)
class Cluster:
    """What the errands of one search share.

    Attributes:
        shared: whether workers may see this machine's folders; where they do, nothing is sent.
        parcels: the workspaces that workers know, by folder.
        closed: nothing is wanted any more.
    """

    client: Client
    crew: Crew
    shared: bool = True
    parcels: dict[str, Parcel] = field(default_factory=dict)
    closed: bool = False

    def parcel(self, folder: str) -> Parcel:
        """The workspace in a folder as workers are told of it. Raises ``StoreError`` where it can't be written."""
        if folder not in self.parcels:
            token = uuid.uuid4().hex
            write_text(Path(folder) / MARK, token)
            self.parcels[folder] = Parcel(folder if self.shared else "", token)
        return self.parcels[folder]


class Errand:
    """Begins at once, in a thread of its own, because every step waits for another machine."""

    def __init__(self, cluster: Cluster, function: Callable[[Any], Any], task: Any, parcel: Parcel) -> None:
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()
        self._cluster, self._function, self._task, self._parcel = cluster, function, task, parcel
        self._dropped = False
        self._lock = threading.Lock()
        threading.Thread(target=self._go, name="cluster-errand", daemon=True).start()

    def drop(self) -> None:
        """Nobody wants the result any more; once this returns, nothing is written.

        A thread of a dask worker can't be ended from outside: the fit goes on to its own deadline, and only then is
        the worker lent again. Restarting the worker would end what others run there.
        """
        with self._lock:
            self._dropped = True

    def _unwanted(self) -> bool:
        return self._dropped or self._cluster.closed

    def _go(self) -> None:
        try:
            address = self._cluster.crew.lend(self._unwanted)
            if address is None:
                raise BrokenExecutor("no worker of the cluster is left")
            try:
                outcome = self._there(address)
            finally:
                self._cluster.crew.give_back(address)
            self._settle(outcome)
        except (BrokenExecutor, StoreError) as error:
            self._settle(Outcome(error=error))
        except Exception as error:  # noqa: BLE001 - dask has many words for a worker or a scheduler that is gone
            self._settle(Outcome(error=BrokenExecutor(f"{type(error).__name__}: {error}")))

    def _there(self, address: str) -> Outcome:
        for _ in range(3):
            outcome: Outcome | None = self._awaited(address, run_task, self._function, self._task, self._parcel)
            if outcome is not None:
                return outcome
            self._send(address)
        raise BrokenExecutor(f"the worker at {address} doesn't keep the data that it is sent")

    def _send(self, address: str) -> None:
        """Bring the workspace to a worker, one file after the other: never more than one in memory."""
        folder = Path(self._task.workspace)
        # models are made there and come from there; the mark comes last and says that all is there
        files = [path for path in sorted(folder.iterdir()) if path.suffix in (".npy", ".json", ".py")] + [folder / MARK]
        for path in files:
            data = self._cluster.client.scatter(path.read_bytes(), workers=[address], hash=False)
            self._awaited(address, receive, self._parcel.token, path.name, data)

    def _awaited(self, address: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function gives on one worker. Raises ``BrokenExecutor`` when the worker is gone."""
        future = self._cluster.client.submit(
            function,
            *arguments,
            key=f"workbench-{function.__name__}-{uuid.uuid4().hex}",
            workers=[address],
            allow_other_workers=False,
            pure=False,
        )
        ended = threading.Event()
        future.add_done_callback(lambda _: ended.set())
        while not ended.wait(_LOOK) and not future.done():
            self._check_there(address, future)
        patience = _LOOK
        while True:
            try:
                return future.result(timeout=patience)
            except TimeoutError:
                if future.status == "error":
                    raise  # it is the work that took too long, and that is its answer
                # a worker that ended between its work and the giving of it, or one whose answer is long on its way
                self._check_there(address, future)
                patience *= 2

    def _check_there(self, address: str, future: Any) -> None:
        """Raise ``BrokenExecutor`` where the worker is gone: dask would wait for this very worker for ever."""
        if self._cluster.closed or not self._cluster.crew.alive(address):
            future.cancel()
            raise BrokenExecutor(f"the worker at {address} is gone")

    def _settle(self, outcome: Outcome) -> None:
        with self._lock:
            if self._unwanted():
                return
            error = outcome.error
            if error is None and outcome.kept is not None:
                try:
                    write_bytes(Path(self._task.keep), outcome.kept)
                except StoreError as problem:
                    # as on this machine: without its models a trial is as good as ever, a model for its own sake isn't
                    error = problem if isinstance(self._task, WholeTask) else None
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(outcome.value)
