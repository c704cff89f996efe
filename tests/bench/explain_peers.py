"""A complete set of explanations beside those of other systems: ``python -m tests.bench explain_peers [--model M]``.

The systems are explainerdashboard and shapash. The same fitted model (LightGBM, or a random forest by ``--model``) on
the same encoded table, each system in a fresh process: contributions of all rows, then global importance, one customer,
dependence and interactions, each with the system's own picture. Printed are seconds of each step, their sum (imports
apart), and the peak memory of the process tree. The table is Telco of ../shared where that is there, else a made one,
or ``--table FILE TARGET``. Ours makes importance, sentences and pairs (of up to 500 rows) with the values; what stands
"beside" is not in the sum.

Peers pin what we don't: each may have an environment of its own, which needs nothing of ours:

    python -m venv /tmp/peers/shapash && /tmp/peers/shapash/bin/pip install shapash lightgbm
    python -m tests.bench explain_peers --python-for shapash=/tmp/peers/shapash/bin/python
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.bench._throughput import make_table
from tests.bench._tree import Tree

HERE = Path(__file__).parent
TELCO = HERE.parents[2] / "shared" / "data" / "telco_churn.csv"
SYSTEMS = ("workbench", "explainerdashboard", "shapash")
STEPS = ("values", "importance", "customer", "dependence", "interactions")


def encoded(frame: pd.DataFrame, target: str, rows: int | None) -> dict[str, np.ndarray]:
    """Numbers as they are, everything else as codes, gaps as the median: what every system takes."""
    frame = frame[frame[target].notna()]
    if rows is not None and len(frame) > rows:
        frame = frame.sample(rows, random_state=0)
    columns: dict[str, np.ndarray] = {}
    for name in frame.columns.drop(target):
        column = frame[name]
        read = pd.to_numeric(column, errors="coerce")
        column = read if read.notna().mean() > 0.9 else column
        if pd.api.types.is_numeric_dtype(column):
            columns[str(name)] = column.fillna(column.median()).to_numpy(dtype=np.float64)
        elif column.nunique() < len(frame) / 2:  # else it names the rows
            columns[str(name)] = pd.factorize(column, sort=True)[0].astype(np.float64)
    answers = pd.factorize(frame[target], sort=True)[0]
    return {"rows": np.column_stack(list(columns.values())), "names": np.array(list(columns)), "target": answers == 1}


def measure(name: str, python: str, table: dict[str, np.ndarray], kind: str, trees: int, wait: float) -> dict[str, Any]:
    """Steps of one system, with its contributions and what its model says."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        np.savez(place / "table.npz", **table)
        fitted = subprocess.run(
            [python, str(HERE / "_peer_steps.py"), folder, kind, str(trees)], capture_output=True, text=True
        )
        if fitted.returncode:
            return {"error": fitted.stderr.strip().split("\n")[-1]}
        began = time.perf_counter()
        with (place / "said").open("w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                [python, str(HERE / f"_peer_{name}.py"), folder], stdout=said, stderr=subprocess.STDOUT
            )
            with Tree(process.pid, every=0.05) as tree:
                try:
                    process.wait(timeout=wait)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            said.seek(0)
            last = said.read().strip().split("\n")[-1]
        if not (place / "facts.json").exists():
            return {"error": last or f"ended after {time.perf_counter() - began:.0f} s"}
        facts: dict[str, Any] = json.loads((place / "facts.json").read_text(encoding="utf-8"))
        for one in ("said", "values"):
            file = place / f"{one}.npy"
            facts[one] = np.load(file) if file.exists() else None
        return {**facts, "peak": tree.peak / 2**20, "process": time.perf_counter() - began}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", nargs=2, metavar=("FILE", "TARGET"))
    parser.add_argument("--rows", type=int, default=None, help="of the table at most")
    parser.add_argument("--model", choices=["lightgbm", "random_forest"], default="lightgbm")
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=SYSTEMS)
    parser.add_argument("--python-for", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--wait", type=float, default=1800.0, help="seconds after which a system is ended")
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    pythons = dict(one.split("=", 1) for one in args.python_for)
    if args.table:
        place = Path(args.table[0])
        frame = pd.read_parquet(place) if place.suffix == ".parquet" else pd.read_csv(place, sep=None, engine="python")
        target, told = args.table[1], place.name
    elif TELCO.exists():
        frame, target, told = pd.read_csv(TELCO).drop(columns="customerID"), "Churn", TELCO.name
    else:
        frame, target, told = make_table(7_000, 20, "binary"), "y", "a made table"
    table = encoded(frame, target, args.rows)
    count, columns = table["rows"].shape
    print(f"{told}: {count:,} rows x {columns} columns, {args.model} of {args.trees} trees")
    # once a machine: after that the compiled code is on disk
    subprocess.run([sys.executable, "-c", "import workbench.explain as e; e.warm_up()"], check=True)
    found = {}
    for name in args.systems:
        found[name] = measure(name, pythons.get(name, sys.executable), table, args.model, args.trees, args.wait)
        _tell(name, found[name], found.get("workbench"))
    if args.json:
        kept = {
            name: {key: value for key, value in facts.items() if not isinstance(value, np.ndarray)}
            for name, facts in found.items()
        }
        Path(args.json).write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _tell(name: str, facts: dict[str, Any], ours: dict[str, Any] | None) -> None:
    if "error" in facts:
        print(f"{name}: cannot: {facts['error']}", flush=True)
        return
    seconds: dict[str, float] = facts["seconds"]
    total = sum(seconds[step] for step in STEPS)
    all_of_it = "not all" if any(note.startswith("failed") for note in facts["notes"].values()) else "all"
    print(
        f"{facts['library']}: {all_of_it} of it in {total:.2f} s (imports {seconds['imports']:.2f} s, the process "
        f"{facts['process']:.1f} s), peak {facts['peak']:,.0f} MiB"
    )
    for step, took in seconds.items():
        if step != "imports":
            print(f"  {step:20} {took:8.2f} s  {facts['notes'].get(step, '')}")
    if ours is not None and ours is not facts and ours.get("values") is not None and facts.get("values") is not None:
        apart = float(np.abs(ours["values"] - facts["values"]).max())
        said = float(np.abs(ours["said"] - facts["said"]).max())
        print(f"  contributions differ from ours by {apart:.1e} at most, the models' probabilities by {said:.1e}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
