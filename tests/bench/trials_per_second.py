"""Trials per second against plain Optuna: ``python -m tests.bench trials_per_second [--seconds N]``.

The same estimators, search spaces, folds and two cores; the plain search is ``study.optimize`` over
``cross_val_score``, once with threads in the estimators and once with a process per core. Two columns, as trials that
are stopped after a fold are not whole ones. The goal is five times, on 10,000 rows and 30 columns.

Over all families the two choose differently how often the cheap ones are tried; ``--families lightgbm`` compares like
with like. Our spaces hold the most rounds that may be boosted, 5,000, as fits stop early; ``cross_val_score`` can't, so
the plain search chooses its rounds from 50 to 1,000, as a user would let it. ``--rounds space`` gives it our spaces to
the letter. Where the plain search finished nothing in twice its time, it counts as one trial.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import psutil

from tests.bench import _throughput
from tests.bench._throughput import Measured
from tests.bench._tree import Tree

PATIENCE = 2.0
"""Times its seconds that the plain search may take: it looks at the time between trials, and some take minutes."""


def alone(seconds: float, function: Callable[..., Measured], *arguments: Any, log: str = "") -> Measured:
    """The result of a function in a fresh process: thread settings of one search must not reach another.

    Args:
        seconds: after which it is ended, and what it has written to its log counts.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.submit(_throughput.imports).result()
        process = pool.submit(os.getpid).result()
        with Tree(process, memory=False) as tree:
            try:
                found = pool.submit(function, *arguments, *([log] if log else [])).result(timeout=seconds)
            except TimeoutError:
                found = _throughput.finished(log, seconds)
        _end(process)
    return replace(found, processor=tree.cpu - tree.before)


def _end(process: int) -> None:
    root = psutil.Process(process)
    for one in [root, *root.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            one.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--tasks", nargs="+", default=["regression", "binary"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--families", nargs="+", default=list(_throughput.FAMILIES))
    parser.add_argument("--rounds", choices=["searched", "space"], default="searched", help="of the plain search")
    args = parser.parse_args()
    for task in args.tasks:
        setting = (args.rows, args.columns, task, args.seconds, args.seed, tuple(args.families))
        found = {"workbench": alone(2 * PATIENCE * args.seconds, _throughput.ours, *setting)}
        for jobs, name in ((1, "plain, 2 threads"), (2, "plain, 2 processes")):
            with tempfile.NamedTemporaryFile() as log:
                searched = args.rounds == "searched"
                found[name] = alone(PATIENCE * args.seconds, _throughput.plain, *setting, searched, jobs, log=log.name)
        _tell(task, found)


def _tell(task: str, found: dict[str, Measured]) -> None:
    mine = found["workbench"]
    print(
        f"{task}: best is the mean over the folds, larger is better; by the clock, and by seconds on processors\n"
        f"  {'':18} {'seconds':>8} {'on cpu':>7} {'trials':>7} {'per s':>6} {'whole':>6} {'per s':>6} {'best':>9}"
    )
    for name, one in found.items():
        print(
            f"  {name:18} {one.seconds:8.1f} {one.processor:7.1f} {one.evaluated:7} {one.evaluated / one.seconds:6.2f} "
            f"{one.whole:6} {one.whole / one.seconds:6.2f} {one.best:9.5f}"
        )
    for name, one in found.items():
        if one is mine:
            print(f"  {name}: fits took {mine.busy:.0f} s of {_throughput.CORES} x {mine.seconds:.0f} s.")
            continue
        clock, processor = one.seconds / mine.seconds, one.processor / mine.processor
        trials, whole = mine.evaluated / max(1, one.evaluated), mine.whole / max(1, one.whole)
        print(
            f"  against {name}: {trials * clock:.1f} times the trials per second ({trials * processor:.1f} per second "
            f"on processors), {whole * clock:.1f} ({whole * processor:.1f}) times the whole trials; it was as good as "
            f"ours in the end {_when(one.reached(mine.best))}, ours as good as it {_when(mine.reached(one.best))}.",
            flush=True,
        )


def _when(seconds: float | None) -> str:
    return "never" if seconds is None else f"after {seconds:.0f} s"


if __name__ == "__main__":
    main()
