"""The worker's end of the wire: takes requests, answers them in lanes, pushes what happens, leaves when unneeded."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from workbench.worker import place
from workbench.worker.coalesce import Coalescer
from workbench.worker.dispatch import answer, failure
from workbench.worker.protocol import (
    LINE_LIMIT,
    VERSION,
    Cancel,
    Message,
    ProtocolError,
    Push,
    Reply,
    Request,
    decode,
    encode,
)
from workbench.worker.session import Session
from workbench.worker.supervisor import Supervisor
from workbench.worker.warm import GROUPS, Warmer

IDLE_SECONDS = 20.0
"""A worker without a face and without work leaves after this long."""


class Server:
    """One worker.

    Args:
        socket: where faces find it.
        folder: working folder: relative paths and the store are meant from here.
    """

    def __init__(self, socket: Path, folder: Path) -> None:
        exchange = place.exchange_folder(socket)
        shutil.rmtree(exchange, ignore_errors=True)
        exchange.mkdir(mode=0o700, parents=True)
        self._socket = socket
        self._session = Session(folder=folder, exchange=exchange)
        self._supervisor = Supervisor(self._job_changed, folder, exchange)
        self._faces: set[asyncio.StreamWriter] = set()
        self._lanes = {group: ThreadPoolExecutor(1, thread_name_prefix=group) for group in GROUPS}
        self._tasks: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._leave = asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None
        self._updates = Coalescer(self._push_job)
        self._works = Coalescer(self._push_works)
        self._warm = False
        loop = asyncio.get_running_loop()

        def worked() -> None:
            # the threads of long work outlive the loop when the worker leaves
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._works.touch)

        self._session.news.heard = worked

        def warmed(group: str) -> None:
            loop.call_soon_threadsafe(self._warmed, group)

        self._warmer = Warmer(warmed)
        self._inline: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "hello": self._hello,
            "job.start": self._start,
            "job.snapshot": self._snapshot,
            "job.pause": self._pause,
            "job.resume": self._resume,
            "job.stop": self._stop,
            "shutdown": self._shutdown,
        }

    async def serve(self) -> None:
        """Listen until told to leave, or until nobody needs this worker."""
        mask = os.umask(0o177)
        try:
            listener = await asyncio.start_unix_server(self._face, path=str(self._socket), limit=LINE_LIMIT)
        finally:
            os.umask(mask)
        self._warmer.start()
        self._watch_idle()
        try:
            await self._leave.wait()
        finally:
            self._socket.unlink(missing_ok=True)
            listener.close()
            self._session.close()
            await self._supervisor.close()
            for writer in list(self._faces):
                writer.close()
            shutil.rmtree(self._session.exchange, ignore_errors=True)

    async def _face(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._faces.add(writer)
        self._watch_idle()
        try:
            while line := await reader.readline():
                self._take(decode(line), writer)
        except (ConnectionError, ProtocolError, ValueError):
            # A face that speaks something else is hung up on; others are not concerned.
            pass
        finally:
            self._faces.discard(writer)
            writer.close()
            self._watch_idle()

    def _take(self, message: Message, writer: asyncio.StreamWriter) -> None:
        key = (id(writer), message.id) if isinstance(message, Request | Cancel) else (0, 0)
        if isinstance(message, Request):
            task = asyncio.create_task(self._reply(message, writer))
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))
        elif isinstance(message, Cancel) and (task := self._tasks.get(key)) is not None:  # type: ignore[assignment]
            task.cancel()

    async def _reply(self, request: Request, writer: asyncio.StreamWriter) -> None:
        try:
            inline = self._inline.get(request.method)
            result = await (inline(request.params) if inline else self._in_lane(request))
            line = encode(Reply(request.id, result))
        except asyncio.CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - every error becomes an answer; the worker lives on
            line = encode(failure(request.id, error))
        await self._send(writer, line)

    async def _in_lane(self, request: Request) -> Any:
        """Answer in the thread of the method's group: in order within it, beside the others."""
        group = request.method.partition(".")[0]
        lane = self._lanes.get(group)
        if lane is None:
            return answer(self._session, request.method, request.params)

        def work() -> Any:
            self._warmer.need(group)
            return answer(self._session, request.method, request.params)

        return await asyncio.get_running_loop().run_in_executor(lane, work)

    async def _send(self, writer: asyncio.StreamWriter, line: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(line)
            await writer.drain()

    def _push(self, topic: str, data: dict[str, Any]) -> None:
        line = encode(Push(topic, data))
        for writer in list(self._faces):
            writer.write(line)

    def _warmed(self, group: str) -> None:
        self._warm = not group
        self._push("warm", {"group": group, "done": self._warm})
        if self._warm:
            # The journey's process loads after us and not beside us: two cores are all that may be there.
            self._tasks[(0, 0)] = asyncio.create_task(self._supervisor.prepare())

    def _job_changed(self, at_once: bool) -> None:
        if at_once:
            self._updates.now()
        else:
            self._updates.touch()
        state = self._supervisor.state
        if state is not None and state.ended:
            self._session.finished = self._supervisor.result
            self._watch_idle()
            if self._faces:
                self._tasks[(0, 1)] = asyncio.create_task(self._supervisor.prepare())

    def _push_job(self) -> None:
        if self._supervisor.state is not None:
            self._push("job", self._supervisor.state.changes())

    def _push_works(self) -> None:
        for view in self._session.news.take():
            self._push("work", dict(view))

    def _watch_idle(self) -> None:
        """Leave some time after the last face has gone, unless a journey runs."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if not self._faces and not self._supervisor.running:
            self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._leave.set)

    async def _hello(self, _: dict[str, Any]) -> dict[str, Any]:
        state = self._supervisor.state
        opened = self._session.opened
        return {
            "version": VERSION,
            "pid": os.getpid(),
            "folder": str(self._session.folder),
            "faces": len(self._faces),
            "warm": self._warm,
            "job": {key: state.head[key] for key in ("state", "name", "stage")} if state is not None else None,
            "table": opened.request.location if opened is not None else None,
        }

    async def _start(self, params: dict[str, Any]) -> dict[str, Any]:
        spec = await self._in_lane(Request(0, "job.spec", params))
        await self._supervisor.start(spec)
        return {"command": spec["settings"].get("command", "")}

    async def _snapshot(self, _: dict[str, Any]) -> dict[str, Any] | None:
        return self._supervisor.state.snapshot() if self._supervisor.state is not None else None

    async def _pause(self, _: dict[str, Any]) -> None:
        self._supervisor.command("pause")

    async def _resume(self, _: dict[str, Any]) -> None:
        self._supervisor.command("resume")

    async def _stop(self, _: dict[str, Any]) -> None:
        await self._supervisor.stop()

    async def _shutdown(self, _: dict[str, Any]) -> None:
        await self._supervisor.stop()
        asyncio.get_running_loop().call_later(0.05, self._leave.set)
