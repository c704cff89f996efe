"""How long from a key to its paint: ``python tests/bench/key_latency.py [--search] [--rows N] [--page]``.

A real pty: one key is written, then the bytes on the wire are read until the row under the cursor has changed (the
screen is silent for a moment). With ``--search`` a search runs meanwhile, and trials must have been added for the
figure to count. Goals: p95 75 ms, worst 150 ms; page down over a million rows p95 180 ms.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

QUIET = 0.012
"""Seconds without a byte that end an answer."""


class Program:
    """The interface at the other end of a pty."""

    def __init__(self, folder: Path, table: str, width: int = 100, height: int = 30) -> None:
        self.pid, self.wire = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            for name in ("STATE", "CONFIG", "RUNTIME"):
                os.environ[f"WORKBENCH_{name}"] = str(folder / name.lower())
            os.environ["TERM"] = "xterm-256color"
            code = f"from workbench.tui import run_app; run_app({table!r})"
            os.execv(sys.executable, [sys.executable, "-c", code])
        fcntl.ioctl(self.wire, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, quiet: float, most: float) -> tuple[bytes, float]:
        """What comes until it is quiet for so long, and when the last of it came."""
        said, last, end = b"", time.perf_counter(), time.perf_counter() + most
        while time.perf_counter() < end:
            if select.select([self.wire], [], [], quiet)[0]:
                said += os.read(self.wire, 65536)
                last = time.perf_counter()
            elif said:
                break
        return said, last

    def until(self, words: bytes, most: float) -> bytes:
        """Read until these words came."""
        said, end = b"", time.perf_counter() + most
        while words not in said:
            if time.perf_counter() > end:
                raise SystemExit(f"{words!r} never came; last: {said[-400:]!r}")
            said += self.read(0.05, 0.5)[0]
        return said

    def first_answer(self, key: bytes, most: float = 2.0) -> float | None:
        """Milliseconds from a key to the first bytes after it."""
        began = time.perf_counter()
        os.write(self.wire, key)
        if not select.select([self.wire], [], [], most)[0]:
            return None
        os.read(self.wire, 65536)
        return 1000 * (time.perf_counter() - began)


def make_table(folder: Path, rows: int) -> str:
    """A Parquet table of so many customers."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = np.random.default_rng(0)
    columns = {"customer_id": np.arange(rows), **{f"feature_{i}": draw.normal(size=rows) for i in range(8)}}
    columns["churned"] = (columns["feature_0"] + draw.normal(size=rows) > 0).astype("int64")
    pq.write_table(pa.table(columns), folder / "customers.parquet")
    return "customers.parquet"


def measure(program: Program, key: bytes, back: bytes, keys: int) -> list[float]:
    """Milliseconds for each of so many keys; now and then back, so that there is always somewhere to go."""
    took = []
    for number in range(keys):
        program.read(QUIET, 0.3)
        found = program.first_answer(back if number % 16 >= 8 else key)
        if found is not None:
            took.append(found)
        time.sleep(0.03)
    return took


def main() -> None:
    """Open a table, move the cursor, report."""
    options = argparse.ArgumentParser()
    options.add_argument("--search", action="store_true")
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--page", action="store_true")
    options.add_argument("--keys", type=int, default=120)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = Program(folder, make_table(folder, chosen.rows))
        program.until(b"ROWS", 120)
        program.until(b"worker ready", 120)
        if chosen.search:
            os.write(program.wire, b"g")
            program.until(b"enter start", 20)
            os.write(program.wire, b"\r")
            program.until(b"TRIALS", 60)
            program.until(b"done", 120)
            os.write(program.wire, b"1")
            program.until(b"COLUMNS", 20)
        os.write(program.wire, b"\t")
        program.read(0.3, 2)
        keys = (b"\x1b[6~", b"\x1b[5~") if chosen.page else (b"j", b"k")
        took = sorted(measure(program, *keys, chosen.keys))
        os.kill(program.pid, signal.SIGTERM)
        what = "page" if chosen.page else "row"
        print(
            f"{what} over {chosen.rows:,} rows{', search running' if chosen.search else ''}: "
            f"p50 {took[len(took) // 2]:.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms, worst {took[-1]:.0f} ms, "
            f"{chosen.keys - len(took)} of {chosen.keys} missed"
        )


if __name__ == "__main__":
    main()
