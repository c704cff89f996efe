"""Peak memory and time of `workbench run` on a large table: ``python -m tests.bench peak_memory [--rows N]``.

A million rows of 40 numbers and 10 categories by default. Memory is the sum of the proportional set sizes of the whole
process tree, so that what processes share counts once, over what the table takes in pandas. The goals: 4 times the
table at most, 1.05 times the budget at most, and predictions on disk.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench._tree import Tree

TEST_ROWS = 50_000


def make_table(rows: int, numbers: int, categories: int) -> pd.DataFrame:
    """Numbers, categories of 3 to 40 levels, missing values, and a binary target ``bought``."""
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame({f"x{place}": rng.normal(size=rows) for place in range(numbers)})
    score = frame["x0"] + np.sin(2 * frame["x1"]) + frame["x2"] * frame["x3"]
    for place in range(categories):
        levels = 3 + 4 * place
        codes = rng.integers(levels, size=rows)
        score += rng.normal(scale=0.3, size=levels)[codes]
        frame[f"c{place}"] = pd.array([f"level {code}" for code in range(levels)], dtype="str")[codes]
    for name in frame.columns[::3]:
        frame[name] = frame[name].mask(rng.random(rows) < 0.05)
    frame["bought"] = np.where(score + rng.normal(size=rows) > 1, "yes", "no")
    return frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--budget", type=int, default=120, help="seconds")
    parser.add_argument("--formats", nargs="+", default=["parquet", "csv"])
    parser.add_argument("--report", action="store_true", help="the whole journey and not only model and predictions")
    args = parser.parse_args()
    frame = make_table(args.rows + TEST_ROWS, 40, 10)
    with tempfile.TemporaryDirectory() as folder:
        frame.iloc[args.rows :].drop(columns="bought").to_parquet(f"{folder}/new.parquet", index=False)
        frame = frame.iloc[: args.rows]
        size = int(frame.memory_usage(deep=True).sum())
        if "parquet" in args.formats:
            frame.to_parquet(f"{folder}/table.parquet", index=False)
        if "csv" in args.formats:
            frame.to_csv(f"{folder}/table.csv", index=False)
        del frame
        print(f"{args.rows:,} rows x 50 columns take {size / 2**20:,.0f} MiB in pandas", flush=True)
        for form in args.formats:
            _measure(folder, f"table.{form}", size, args.budget, args.report)


def _measure(folder: str, table: str, size: int, budget: int, report: bool) -> None:
    scores = Path(folder) / "scores.parquet"
    scores.unlink(missing_ok=True)
    command = [
        str(Path(sys.executable).with_name("workbench")), "run", table, "--target", "bought", "--budget", f"{budget}s",
        "--predict", "new.parquet", "--predictions", scores.name,
    ]  # fmt: skip
    began = time.perf_counter()
    with (Path(folder) / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command if report else [*command, "--no-report"], cwd=folder, stdout=said, stderr=subprocess.STDOUT
        )
        with Tree(process.pid) as tree:
            code = process.wait()
        took = time.perf_counter() - began
        said.seek(0)
        if code:
            print(said.read()[-2_000:])
    rows = len(pd.read_parquet(scores)) if scores.exists() else 0
    parts = " + ".join(f"{part / 2**20:,.0f}" for part in sorted(tree.parts.values(), reverse=True))
    print(
        f"{table}: exit {code}, {took:.1f} s ({took / budget:.2f} of the budget), predictions for {rows:,} rows, peak "
        f"{tree.peak / 2**20:,.0f} MiB ({tree.peak / size:.1f} times the table) after {tree.when:.0f} s: {parts}",
        flush=True,
    )


if __name__ == "__main__":
    main()
