"""The app's hold on its worker: find or start it, ask it, and say what to do when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.worker import launch
from workbench.worker.client import WorkerClient
from workbench.worker.protocol import Push


class Link:
    """One worker for one app.

    Args:
        folder: working folder.
        on_push: called with every push.
        on_state: called with ``starting``, ``loading``, ``ready`` or ``lost``.
    """

    def __init__(self, folder: Path, on_push: Callable[[Push], None], on_state: Callable[[str], None]) -> None:
        self.folder = folder
        self.pid: int | None = None
        self.state = "starting"
        self._on_push = on_push
        self._on_state = on_state
        self._client = self._new_client()

    @property
    def connected(self) -> bool:
        """Whether there is a worker to ask."""
        return self._client.connected

    async def find(self) -> dict[str, Any] | None:
        """The greeting of a worker that was left running here, ``None`` without one."""
        hello = await launch.find(self._client, self.folder)
        if hello is not None:
            self._greeted(hello)
        return hello

    async def start(self, *, beside: bool = False) -> dict[str, Any]:
        """Start a worker. Raises ``WorkerLost`` when it does not come up."""
        await self._client.close()
        self._client = self._new_client()
        self._set("starting")
        hello = await launch.start(self._client, self.folder, beside=beside)
        self._greeted(hello)
        return hello

    async def call(self, method: str, **params: Any) -> Any:
        """Ask; see ``WorkerClient.call``."""
        return await self._client.call(method, **params)

    async def hang_up(self) -> None:
        """Leave the worker running."""
        await self._client.close()

    def _new_client(self) -> WorkerClient:
        return WorkerClient(self._pushed, lambda: self._set("lost"))

    def _greeted(self, hello: dict[str, Any]) -> None:
        self.pid = hello["pid"]
        self._set("ready" if hello["warm"] else "loading")

    def _pushed(self, push: Push) -> None:
        if push.topic == "warm" and push.data["done"]:
            self._set("ready")
        self._on_push(push)

    def _set(self, state: str) -> None:
        self.state = state
        self._on_state(state)
