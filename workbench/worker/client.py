"""The face's end of the wire: ask the worker, be told what happens, notice when it is gone. Imports nothing heavy."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.worker.protocol import (
    LINE_LIMIT,
    Cancel,
    Failure,
    ProtocolError,
    Push,
    Reply,
    Request,
    decode,
    encode,
)


class WorkerFailure(WorkbenchError):  # noqa: N818 - what happened, in the user's word
    """The worker answered that it could not do it.

    Attributes:
        kind: as in ``Failure``.
        detail: a traceback for a defect, else empty.
    """

    def __init__(self, kind: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = detail


class WorkerLost(WorkbenchError):  # noqa: N818 - what happened, in the user's word
    """The worker process is gone, or never came."""


class WorkerClient:
    """A connection to one worker.

    Args:
        on_push: called in the event loop with every push, in order.
        on_lost: called once when the connection ends without ``close``.
    """

    def __init__(self, on_push: Callable[[Push], None], on_lost: Callable[[], None]) -> None:
        self._on_push = on_push
        self._on_lost = on_lost
        self._ids = itertools.count(1)
        self._open: dict[int, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a worker at the other end."""
        return self._writer is not None

    async def connect(self, socket: Path) -> dict[str, Any]:
        """Open the connection and greet.

        Returns:
            what the worker says of itself: ``pid``, ``faces``, ``job``, ``folder``.

        Raises:
            WorkerLost: nobody listens there, or it is another version.
        """
        try:
            reader, self._writer = await asyncio.open_unix_connection(str(socket), limit=LINE_LIMIT)
        except OSError as error:
            raise WorkerLost(f"No worker answers at {socket} ({error.strerror or error}).") from error
        self._reading = asyncio.create_task(self._read(reader), name="worker-wire")
        hello: dict[str, Any] = await self.call("hello")
        return hello

    async def call(self, method: str, **params: Any) -> Any:
        """Ask and wait for the answer. A cancelled call is taken back from the worker too.

        Raises:
            WorkerFailure: the worker can't do it; the message is for the user.
            WorkerLost: the worker is gone.
        """
        writer = self._writer
        if writer is None:
            raise WorkerLost("The worker process is not running.")
        number = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open[number] = answer
        try:
            writer.write(encode(Request(number, method, params)))
            await writer.drain()
            return await answer
        except asyncio.CancelledError:
            if self._writer is not None:
                self._writer.write(encode(Cancel(number)))
            raise
        except (ConnectionError, OSError) as error:
            raise WorkerLost("The worker process has ended.") from error
        finally:
            self._open.pop(number, None)

    async def close(self) -> None:
        """Hang up; the worker stays as it is."""
        writer, self._writer = self._writer, None
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
        if writer is not None:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(line)
        except (ConnectionError, ProtocolError, ValueError):
            # A broken line can't be repaired from this side: the connection is as good as gone.
            pass
        self._lose()

    def _take(self, line: bytes) -> None:
        match decode(line):
            case Reply(id=number, result=result):
                if (answer := self._open.get(number)) is not None and not answer.done():
                    answer.set_result(result)
            case Failure(id=number, kind=kind, message=text, detail=detail):
                if (answer := self._open.get(number)) is not None and not answer.done():
                    answer.set_exception(WorkerFailure(kind, text, detail))
            case Push() as push:
                self._on_push(push)
            case _:
                raise ProtocolError("The worker sent what only a face may send.")

    def _lose(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        writer.close()
        for answer in list(self._open.values()):
            if not answer.done():
                answer.set_exception(WorkerLost("The worker process has ended."))
        self._on_lost()
