"""From opening the Explain screen to its first picture: ``python -m tests.bench explain_paint [--home FOLDER]``.

A journey with a small budget is made on a table of 100,000 customers (``--rows``), once with its explanation and once
without one (``--no-report``); runs that a given folder holds from an earlier call are used again. Then the app is
started headless over a real worker, which has time to load its libraries, the run is opened, and the clock runs from
the key ``3``:

``rows``      until the grid of importances has rows and is painted;
``picture``   until the dependence of the first feature is there, too;
``N rows``    until so many customers are explained, where they come in steps; ``whole`` until no more come.

"held" is the run with its explanation, "made" the one whose explanation is made on demand, "blend" the key ``m``, which
goes from the explainable champion to the blend, where the run has one. Medians of several starts. The goal is 1 s.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.peak_memory import make_table

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp

RUNS = {"held": "paint-held", "made": "paint-made"}
EVERY = 0.004
PATIENCE = 300.0
SETTLE = 3.0
"""Seconds that the worker is left alone after it is ready: it loads the compiled walk last."""

Times = dict[str, float]


def journeys(folder: Path, rows: int, budget: int, families: str) -> None:
    """Make the runs that are not there yet."""
    table = folder / f"customers-{rows}.parquet"
    if not table.exists():
        make_table(rows, 25, 5).to_parquet(table, index=False)
    for kind, name in RUNS.items():
        done = folder / f"{name}-{rows}.done"
        if done.exists():
            continue
        command = [
            sys.executable, "-m", "workbench", "run", table.name, "--target", "bought", "--budget", f"{budget}s",
            "--name", f"{name}-{rows}", *(["--families", families] if families else []),
            *(["--no-report"] if kind == "made" else []),
        ]  # fmt: skip
        began = time.perf_counter()
        said = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if said.returncode:
            raise SystemExit(f"The journey failed: {said.stderr[-1_000:]}")
        done.touch()
        print(f"made the run {name}-{rows} in {time.perf_counter() - began:.0f} s", flush=True)


async def until(found: Callable[[], bool], what: str) -> None:
    """Wait; the loop goes on meanwhile."""
    end = time.perf_counter() + PATIENCE
    while not found():
        if time.perf_counter() > end:
            raise SystemExit(f"{what} never came.")
        await asyncio.sleep(EVERY)


async def watch(app: WorkbenchApp, key: str, is_new: Callable[[Any], bool]) -> Times:
    """Seconds from a key until the parts of the screen are there.

    Args:
        is_new: whether an explanation is the one that was asked for.
    """
    times: Times = {}
    began = time.perf_counter()
    app.simulate_key(key)

    def shown() -> Any:
        view = app.view("explain")
        return view if view is not None and view.explanation is not None and is_new(view.explanation) else None

    await until(lambda: shown() is not None and shown().query_one("#importance").current is not None, "An importance")
    first = f"{shown().explanation['rows']:,} rows"
    painted = asyncio.Event()
    shown().call_after_refresh(painted.set)
    await painted.wait()
    times["rows"] = times[first] = time.perf_counter() - began

    def whole() -> bool:
        view = shown()
        now = time.perf_counter() - began
        times.setdefault(f"{view.explanation['rows']:,} rows", now)
        if view.dependence is not None:
            times.setdefault("picture", now)
        return "picture" in times and not view.explanation.get("growing", False)

    await until(whole, "The whole explanation")
    times["whole"] = time.perf_counter() - began
    return times


async def once(folder: Path, name: str, blend: bool) -> dict[str, Times]:
    """One start of app and worker."""
    from workbench.tui.app import WorkbenchApp

    app, found = WorkbenchApp(folder=folder), dict[str, Times]()
    async with app.run_test(size=(120, 38)):
        await until(lambda: app.worker_state == "ready", "The worker")
        await asyncio.sleep(SETTLE)
        runs = (await app.link.call("runs.page"))["rows"]
        run = next(row["run_id"] for row in runs if row["name"] == name)
        began = time.perf_counter()
        app.take_result(await app.link.call("runs.open", run_id=run))
        opened = time.perf_counter() - began
        times = await watch(app, "3", lambda shown: True)
        found[name] = {"opening the run": opened, **times}
        shown = app.view("explain").explanation
        if blend and len(shown.get("models", ())) > 1:
            before = shown["model"]
            found["blend"] = await watch(app, "m", lambda other: other["model"] != before)
        await app.link.call("shutdown")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--budget", type=int, default=120, help="seconds of each journey")
    parser.add_argument("--families", default="", help="of the journeys, such as lightgbm,random_forest")
    parser.add_argument("--home", type=Path, default=None, help="folder whose runs are used, and that keeps them")
    parser.add_argument("--starts", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as state:
        for one in ("STATE", "CONFIG", "RUNTIME"):
            os.environ[f"WORKBENCH_{one}"] = str(Path(state) / one.lower())
        folder = (args.home or Path(state) / "home").resolve()
        folder.mkdir(parents=True, exist_ok=True)
        journeys(folder, args.rows, args.budget, args.families)
        # once a machine: after that the compiled code is on disk
        subprocess.run([sys.executable, "-c", "import workbench.explain as e; e.warm_up()"], check=True)
        for kind, name in RUNS.items():
            _tell(kind, [asyncio.run(once(folder, f"{name}-{args.rows}", kind == "held")) for _ in range(args.starts)])


def _tell(kind: str, found: list[dict[str, Times]]) -> None:
    for one in dict.fromkeys(name for start in found for name in start):
        all_times = [start[one] for start in found if one in start]
        print(f"{one if one == 'blend' else kind}: median of {len(all_times)} starts, range")
        for step in dict.fromkeys(step for times in all_times for step in times):
            took = [times[step] for times in all_times if step in times]
            print(f"  {step:16} {statistics.median(took):7.3f} s   {min(took):.3f} to {max(took):.3f}", flush=True)


if __name__ == "__main__":
    main()
