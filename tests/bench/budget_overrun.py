"""Whether the budget holds: the whole process of `workbench run`, imports included, divided by its budget.

Each case several times: the median, and the worst.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

CASES = ((2_000, 12), (30_000, 30))
BUDGETS = (10, 30, 60)


def make_table(rows: int, columns: int) -> pd.DataFrame:
    """A table with numbers, categories and missing values, and a target that depends on some of them."""
    rng = np.random.default_rng(rows)
    numbers = rng.normal(size=(rows, columns - 2))
    frame = pd.DataFrame(numbers, columns=[f"x{index}" for index in range(columns - 2)])
    frame["city"] = rng.choice(["Ulm", "Köln", "Bonn", "Trier"], rows)
    frame["plan"] = rng.choice([f"plan {index}" for index in range(40)], rows)
    frame = frame.mask(rng.random(frame.shape) < 0.03)
    score = numbers[:, 0] + numbers[:, 1] ** 2 + (frame["city"] == "Ulm") + rng.normal(size=rows)
    frame["bought"] = np.where(score > 1, "yes", "no")
    return frame


def ratio(table: Path, budget: int, *, report: bool, folder: str) -> float:
    """Wall-clock seconds of one whole process over its budget."""
    workbench = str(Path(sys.executable).with_name("workbench"))
    command = [workbench, "run", str(table), "--target", "bought", "--budget", f"{budget}s", "--quiet"]
    began = time.perf_counter()
    subprocess.run(command if report else [*command, "--no-report"], check=True, cwd=folder, capture_output=True)
    return (time.perf_counter() - began) / budget


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budgets", type=int, nargs="+", default=list(BUDGETS), help="seconds")
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    print(f"{'rows':>7} {'columns':>7} {'budget':>7} {'report':>7} {'median':>7} {'worst':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for rows, columns in CASES:
            table = Path(folder) / f"table-{rows}.parquet"
            make_table(rows, columns).to_parquet(table)
            for budget in args.budgets:
                for report in (False, True):
                    ratios = [ratio(table, budget, report=report, folder=folder) for _ in range(args.repeats)]
                    print(
                        f"{rows:7} {columns:7} {budget:6}s {'yes' if report else 'no':>7} "
                        f"{statistics.median(ratios):7.2f} {max(ratios):6.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
