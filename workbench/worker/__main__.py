"""``python -m workbench.worker SOCKET FOLDER``: serve one working folder until nobody needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path


async def _serve(socket: Path, folder: Path) -> None:
    from workbench.worker.server import Server

    server = Server(socket, folder)
    serving = asyncio.create_task(server.serve())
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        if not serving.cancelled():
            raise


def main() -> None:
    """Read the arguments and serve; the thread that loads libraries must not hold up the end."""
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2])))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
