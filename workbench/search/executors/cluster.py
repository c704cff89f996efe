"""Workers of a dask cluster as slots. Imported only where a cluster is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from workbench.cores import cores
from workbench.search.executors._base import Slots
from workbench.search.executors.abroad import forget, preload
from workbench.search.executors.connection import connect, workers_of
from workbench.search.executors.crew import Crew
from workbench.search.executors.errand import Cluster, Errand
from workbench.search.executors.local import LocalSlots

P = ParamSpec("P")
T = TypeVar("T")
_MOST_THREADS = 4
_GOODBYE_SECONDS = 2.0


class _Distant(Executor):
    """Sends one task at a time to whichever worker is free."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._errand: Errand | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of a fold or whole task."""
        task: Any = args[0]
        self._errand = Errand(self._cluster, fn, task, self._cluster.parcel(task.workspace))
        return self._errand.future

    def drop(self) -> None:
        """Let go of the task that is running."""
        if self._errand is not None:
            self._errand.drop()


class ClusterSlots(Slots):
    """As many slots as a dask cluster has workers when the search begins.

    Slots are not tied to workers: a task goes to any that is free, so that a worker that died only makes the others
    busier, and one that its nanny has started anew is used at once. When no worker is left, processes of this machine
    take over.

    Args:
        address: of the scheduler.
        width: at most this many workers at once; ``None`` for all.
        threads: of each fit; ``None`` takes what the smallest worker has.
        notice: called with a sentence when the cluster is given up.
        packages: what the searched families need: workers must have the same versions of these.

    Attributes:
        shared: ``False`` sends the data to every worker, even to one that could read it where it is.

    Raises:
        InputError: the cluster can't be reached or used.
    """

    shared = True

    def __init__(
        self,
        address: str,
        *,
        width: int | None,
        threads: int | None,
        notice: Callable[[str], None],
        packages: Sequence[str] = (),
    ) -> None:
        self.address = address
        self._notice = notice
        self._local: LocalSlots | None = None
        client = connect(address, packages)
        self._cluster = Cluster(client, Crew(client), shared=self.shared)
        workers = workers_of(client)
        # the futures are kept: letting go of them would call the work off
        self._preloads = [client.submit(preload, workers=[one], pure=False) for one in workers]
        self.threads = threads or max(1, min(_MOST_THREADS, *workers.values()))
        super().__init__(max(1, min(width or len(workers), len(workers))))

    def submit(self, slot: int, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run ``function(*arguments)`` on a worker that is free."""
        if self._cluster.crew.lost and not self._cluster.closed and self._local is None:
            self._notice(f"No worker of the cluster at {self.address} is left; this machine fits the models from now.")
            self._local = LocalSlots(min(self.width, cores()), self.threads)
        if self._local is not None:
            return self._local.submit(slot % self._local.width, function, *arguments)
        return super().submit(slot, function, *arguments)

    def renew(self, slot: int) -> None:
        """Let go of what runs in a slot and make the slot usable again."""
        if self._local is not None:
            self._local.renew(slot % self._local.width)
        else:
            super().renew(slot)

    def close(self) -> None:
        """Let go of everything, on the workers as well; closing again does nothing."""
        super().close()
        if self._local is not None:
            self._local.close()
        cluster = self._cluster
        if cluster.closed:
            return
        cluster.closed = True
        # a cluster that is gone has nothing to be cleaned, and must not hold up the end of a search
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            for parcel in cluster.parcels.values():
                cluster.client.run(forget, parcel, on_error="ignore", callback_timeout=_GOODBYE_SECONDS)
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            cluster.client.close(timeout=_GOODBYE_SECONDS)

    def _make(self) -> Executor:
        return _Distant(self._cluster)

    def _end(self, executor: Any) -> None:
        executor.drop()
