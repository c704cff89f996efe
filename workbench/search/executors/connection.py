"""The way to a cluster: a client of its scheduler, whose workers can run our tasks."""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.search.executors.abroad import versions

if TYPE_CHECKING:
    from distributed import Client

SCHEDULER_SECONDS = 5.0
WORKER_SECONDS = 10.0
"""How long a scheduler and its workers may take to answer."""


def check_cluster(address: str, packages: Sequence[str] = ()) -> int:
    """How many workers of the cluster at ``address`` can be used.

    Args:
        packages: what the searched families need.

    Raises:
        InputError: as ``connect`` does.
    """
    client = connect(address, packages)
    try:
        return len(workers_of(client))
    finally:
        client.close(timeout=2)


def connect(address: str, packages: Sequence[str] = ()) -> Client:
    """A client of the scheduler at ``address`` with at least one worker that has our versions, of ``packages`` too.

    Raises:
        InputError: ``distributed`` is not installed, nobody answers, or the workers can't run our tasks.
    """
    if not address.strip():
        raise InputError("--cluster needs the address of a dask scheduler, such as tcp://10.0.0.5:8786.")
    if importlib.util.find_spec("distributed") is None:
        raise InputError(
            "--cluster needs dask's distributed, which is not installed here: pip install 'segment-workbench[cluster]'."
        )
    # what goes wrong with the cluster is told in our own words; dask's would be written over the progress line
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            client = _begun(address.strip())
    except (AssertionError, OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        raise InputError(
            f"No scheduler answers at {address}: {_reason(error)}; check the address, or start one with "
            "`dask scheduler`."
        ) from error
    try:
        _check(client, address, packages)
    except BaseException:
        client.close(timeout=2)
        raise
    return client


def _begun(address: str) -> Client:
    """A client that is closed if it can't be begun.

    One that is only dropped is closed when the garbage is collected. That may be in the thread in which another client
    begins, while the lock is held that closing waits for: neither goes on.
    """
    from distributed import Client

    class Closing(Client):  # type: ignore[misc]
        def start(self, **options: Any) -> None:
            try:
                super().start(**options)
            except BaseException:
                self.close(timeout=2)
                raise

    return Closing(address, timeout=SCHEDULER_SECONDS, set_as_default=False)


def workers_of(client: Client) -> dict[str, int]:
    """Addresses of the workers that are there now, and the threads of each.

    Raises:
        OSError, TimeoutError: the scheduler doesn't answer.
    """
    found: dict[str, int] = client.sync(client.scheduler.ncores, callback_timeout=SCHEDULER_SECONDS)
    return found


def _check(client: Client, address: str, packages: Sequence[str]) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
        answers = client.run(versions, packages, on_error="return", callback_timeout=WORKER_SECONDS)
    except (OSError, TimeoutError) as error:
        if not client.sync(client.scheduler.ncores):
            raise InputError(
                f"The scheduler at {address} has no workers: start some with `dask worker {address}`."
            ) from error
        raise InputError(
            f"The workers of the cluster at {address} didn't answer within {WORKER_SECONDS:.0f} s: check that they "
            "are well and can be reached."
        ) from error
    here = versions(packages)
    if any(isinstance(there, dict) for there in answers.values()):
        # one that is just ending says nothing of the others
        answers = {worker: there for worker, there in answers.items() if not isinstance(there, OSError)}
    for worker, there in answers.items():
        if not isinstance(there, dict):
            raise InputError(
                f"The worker at {worker} can't run workbench's tasks ({_reason(there)}): install the same workbench "
                "with its extra 'cluster' there."
            )
        for package, version in here.items():
            if there.get(package) != version:
                raise InputError(
                    f"The worker at {worker} has {package} {there.get(package, 'missing')} and this machine "
                    f"{version}: install the same version on both."
                )


def _reason(error: object) -> str:
    if isinstance(error, AssertionError):
        return "this machine is too busy to begin talking to it"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".")[:160] if lines else type(error).__name__
