"""Real stores of the kinds that a team has: an MLflow server and a PostgreSQL database, each thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

USER, SECRET = "maria", "ge-heim!7"
WAIT = 90.0


@contextlib.contextmanager
def mlflow_server(folder: Path) -> Iterator[str]:
    """An MLflow server on this machine, which keeps files itself; gives its address, with a password in it."""
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}"]
    command += ["--artifacts-destination", str(folder / "files")]
    settings = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **settings}, stdout=log, stderr=log, start_new_session=True
        )
    try:
        deadline = time.monotonic() + WAIT
        while not _answers(f"http://127.0.0.1:{port}/health"):
            assert server.poll() is None and time.monotonic() < deadline, (folder / "server.log").read_text()
            time.sleep(0.1)
        yield f"http://{USER}:{SECRET}@127.0.0.1:{port}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(WAIT)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster of its own on this machine; the test is skipped where there is none to start."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here: no initdb")
    # PostgreSQL refuses to work for root, and its own user can't enter the folders of the tests.
    owner = "postgres" if os.geteuid() == 0 else None
    place = Path(f"/tmp/workbench-postgres-{os.getpid()}") if owner else folder / "postgres"
    place.mkdir(mode=0o700)
    password = place / "password"
    password.write_text(SECRET)
    port = free_port()
    try:
        if owner:
            try:
                for path in (place, password):
                    shutil.chown(path, owner)
            except LookupError:
                pytest.skip("PostgreSQL can't be started: there is no user 'postgres'")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {place} -c fsync=off"

        def call(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", place / "data", *arguments],
                user=owner, cwd=place, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=WAIT,
            )  # fmt: skip

        call("initdb", "-U", USER, f"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync")
        call("pg_ctl", "-w", "-l", str(place / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://{USER}:{SECRET}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def postgres_programs() -> Path | None:
    """Folder of PostgreSQL's programs: Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
