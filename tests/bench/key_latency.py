"""How long from a key to its paint: ``python tests/bench/key_latency.py [--search] [--rows N] [--page]``.

A real pty: one key is written, then the bytes on the wire are read until another row number is painted. With
``--search`` a search runs meanwhile, and trials must have been added for the figure to count.
Goals: p95 75 ms, worst 150 ms; page down over a million rows p95 180 ms.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

ROW = re.compile(rb"row ([0-9,]+)")


class Program:
    """The interface at the other end of a pty."""

    def __init__(self, folder: Path, table: str, width: int = 100, height: int = 30) -> None:
        self.said = b""
        self.pid, self.wire = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            for name in ("STATE", "CONFIG", "RUNTIME"):
                os.environ[f"WORKBENCH_{name}"] = str(folder / name.lower())
            os.environ["TERM"] = "xterm-256color"
            code = f"from workbench.tui import run_app; run_app({table!r})"
            os.execv(sys.executable, [sys.executable, "-c", code])
        fcntl.ioctl(self.wire, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, most: float) -> bytes:
        """What comes within so many seconds; empty when nothing does."""
        if not select.select([self.wire], [], [], most)[0]:
            return b""
        said = os.read(self.wire, 65536)
        self.said = (self.said + said)[-400_000:]
        return said

    def until(self, words: bytes, most: float) -> None:
        """Read until these words have come."""
        end = time.perf_counter() + most
        while words not in self.said:
            if time.perf_counter() > end:
                raise SystemExit(f"{words!r} never came; last: {self.said[-400:]!r}")
            self.read(0.2)

    def press(self, key: bytes) -> None:
        """Write a key; what was said before it no longer counts."""
        self.said = b""
        os.write(self.wire, key)

    def settle(self, seconds: float) -> None:
        """Read for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def row(self) -> bytes | None:
        """The row number that was painted last."""
        found = ROW.findall(self.said)
        return found[-1] if found else None

    def answer(self, key: bytes, most: float = 2.0) -> float | None:
        """Milliseconds from a key until another row number is on the wire; ``None`` when it never is."""
        before, began = self.row(), time.perf_counter()
        os.write(self.wire, key)
        while time.perf_counter() - began < most:
            self.read(0.01)
            if self.row() != before:
                return 1000 * (time.perf_counter() - began)
        return None


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
        found = program.answer(back if number % 16 >= 8 else key)
        if found is not None:
            took.append(found)
        program.settle(0.05)
    return took


def trials(program: Program) -> int:
    """Trials that the search had made when their number was painted last."""
    found = re.findall(rb"TRIALS +[0-9]+ of ([0-9]+)", program.said)
    return int(found[-1]) if found else 0


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
        program.until(f"ROWS  {chosen.rows:,}".encode(), 240)
        program.until(b"worker ready", 240)
        if chosen.search:
            program.press(b"g")
            program.until(b"enter start", 20)
            program.press(b"\r")
            program.until(b"done", 120)
            before = trials(program)
            program.press(b"1")
            program.until(b"COLUMNS", 20)
            program.settle(1.0)
        program.press(b"\t")
        program.settle(1.0)
        keys = (b"\x1b[6~", b"\x1b[5~") if chosen.page else (b"j", b"k")
        took = sorted(measure(program, *keys, chosen.keys))
        if chosen.search:
            program.press(b"2")
            program.settle(2.0)
            print(f"trials before {before}, after {trials(program)}")
        os.kill(program.pid, signal.SIGTERM)
        if not took:
            raise SystemExit("No key was answered.")
        what = "page" if chosen.page else "row"
        print(
            f"{what} over {chosen.rows:,} rows{', search running' if chosen.search else ''}: "
            f"p50 {took[len(took) // 2]:.0f} ms, p95 {took[int(0.95 * len(took))]:.0f} ms, worst {took[-1]:.0f} ms, "
            f"{chosen.keys - len(took)} of {chosen.keys} missed"
        )


if __name__ == "__main__":
    main()
