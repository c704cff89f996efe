"""How long `workbench --help` takes, whole process: median of five, beside an empty Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 5


def seconds(command: list[str]) -> float:
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])  # the first one fills the file cache


def main() -> None:
    workbench = str(Path(sys.executable).with_name("workbench"))
    print(f"python -c pass    {seconds([sys.executable, '-c', 'pass']):.2f} s")
    print(f"workbench --help  {seconds([workbench, '--help']):.2f} s")


if __name__ == "__main__":
    main()
