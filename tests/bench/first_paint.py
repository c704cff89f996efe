"""How long until the first screen is there: ``python tests/bench/first_paint.py [RUNS]``.

From the start of the process to the marker in a real terminal (tmux), polled every 10 ms; the median is reported.
The goal is 0.8 s. No test gates on it: tests gate on which modules are loaded.
"""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

MARKER = "No table yet."


def once(run: int) -> float:
    """Seconds from the start of the program to the marker."""
    server = ["tmux", "-L", f"paint-{os.getpid()}-{run}", "-f", "/dev/null"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [*server, "new-session", "-d", "-s", "t", "-x", "100", "-y", "30", "-c", folder, "sh"], check=True
        )
        subprocess.run([*server, "send-keys", "-t", "t", "stty -echo; clear", "Enter"], check=True)
        time.sleep(0.3)
        code = "from workbench.tui import run_app; run_app()"
        places = f"WORKBENCH_STATE={folder}/s WORKBENCH_CONFIG={folder}/c WORKBENCH_RUNTIME={folder}/r"
        command = f"{places} exec {shlex.quote(sys.executable)} -c {shlex.quote(code)}"
        began = time.perf_counter()
        subprocess.run([*server, "send-keys", "-t", "t", command, "Enter"], check=True)
        while True:
            shown = subprocess.run([*server, "capture-pane", "-p", "-t", "t"], capture_output=True, text=True).stdout
            if MARKER in shown:
                took = time.perf_counter() - began
                break
            if time.perf_counter() - began > 30:
                raise SystemExit(f"The first screen never came:\n{shown}")
            time.sleep(0.01)
        subprocess.run([*server, "send-keys", "-t", "t", "q"], check=True)
        time.sleep(1.0)
        subprocess.run([*server, "kill-server"], check=False)
    return took


def main(runs: int) -> None:
    """Measure and report; the first run, which may meet a cold disk, is told apart."""
    cold, *warm = [once(run) for run in range(runs + 1)]
    print(f"first paint: median {statistics.median(warm):.2f} s of {runs} (goal 0.80), "
          f"range {min(warm):.2f} to {max(warm):.2f}, first run {cold:.2f}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
