"""MLflow's own page on the same store, for this machine only."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from workbench.errors import InputError, StoreError
from workbench.tracking.location import ARTIFACTS, HOME, is_server, store_uri, without_credentials
from workbench.tracking.store import Store

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # eight more processes, for evaluations that we don't have
    "PYTHONWARNINGS": "ignore",
}


def serve_ui(host: str = "127.0.0.1", port: int = 5000, *, home: Path = HOME) -> None:
    """Serve MLflow's page until Ctrl-C.

    Args:
        host: an address of this machine; the page has no password, so no other is taken.
        port: where it listens.
        home: folder of the embedded store.

    Raises:
        InputError: the address is not this machine's own.
        StoreError: the store is a server already, can't be opened, or the port is taken.
    """
    if host not in LOOPBACK:
        raise InputError(
            f"The page has no password, so it is not served on {host}; use 127.0.0.1, or ssh -L from afar."
        )
    uri = store_uri(home)
    if is_server(uri):
        raise StoreError(f"The store is a server with its own page: open {without_credentials(uri)} in a browser.")
    _check_port(host, port)
    Store(home).experiment()  # a store that can't be opened is told in a sentence, not in the server's log
    command = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--workers", "1"]
    command += ["--default-artifact-root", (home.absolute() / ARTIFACTS).as_uri()]
    # The address travels in the environment, where a password in it is not seen in the list of processes.
    settings = {"MLFLOW_BACKEND_STORE_URI": uri, "MLFLOW_TRACKING_URI": uri, **_SETTINGS}
    sys.stderr.write(f"MLflow's page: http://{'[::1]' if host == '::1' else host}:{port}  (Ctrl-C ends it)\n")
    code = _run(command, {**os.environ, **settings})
    if code != 0:
        raise StoreError(f"MLflow's page on port {port} ended with code {code}; its log above says why.")


def _run(command: list[str], settings: dict[str, str]) -> int:
    """Run the server until it ends or we are asked to; 0 when we were. Its own children end with it."""
    server = subprocess.Popen(command, env=settings, start_new_session=True)

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, end) if threading.current_thread() is threading.main_thread() else None
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        if former is not None:
            signal.signal(signal.SIGTERM, former)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _check_port(host: str, port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else "ports go from 0 to 65535"
            raise StoreError(f"Port {port} can't be used ({reason}); choose another with --port.") from error
