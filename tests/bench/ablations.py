"""What the parts of the search are worth: ``python -m tests.bench ablations --table FILE TARGET … [--budget S]``.

Each table is divided once a seed: four fifths are searched, with one part switched off at a time, and the champion is
judged on the last fifth. What doesn't earn its keep here, over tables and seeds, should go. Without ``--table`` two
made tables are used, one for each task. Shared bins are measured by themselves: seconds of a fit that bins its rows
and of one that finds them binned.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd

from tests.bench._throughput import make_table
from workbench.budget import Budget
from workbench.contracts import Table
from workbench.data import load
from workbench.events import Events
from workbench.pipelines import Fold, Preparer, family
from workbench.pipelines.conditions import under
from workbench.problem.rows import problem_of
from workbench.search import search
from workbench.search.blend.weighing import Selection
from workbench.search.evaluation.metrics import METRICS, metric_for
from workbench.search.scheduling.row_steps import RowSteps

Off = Callable[[], contextlib.AbstractContextManager[Any]]


def patched(where: str, new: Any, *others: str) -> Off:
    def off() -> contextlib.AbstractContextManager[Any]:
        with contextlib.ExitStack() as stack:
            for one in (where, *others):
                stack.enter_context(mock.patch(one, new))
            return stack.pop_all()

    return off


OFF: dict[str, Off] = {
    "nothing": contextlib.nullcontext,
    "portfolio": patched("workbench.pipelines.spaces.SearchSpace.portfolio", lambda self, task, rows: ()),
    "features": patched("workbench.search.run.blocks_for", lambda prepared, task, classes: ()),
    "ensemble": patched("workbench.search.champion.ending.choose", lambda *args, **options: None),
    "pruning": patched(
        "workbench.search.engine.hopeless", lambda *args, **options: None, "workbench.search.engine.hopeless_at_step"
    ),
    "two workers": patched("workbench.search.run._FEW_ROWS", 0),
    "stacking": patched("workbench.search.blend.ensemble.weighers_for", lambda objective: (Selection(objective),)),
    "linear leaves": patched("workbench.search.run.under", lambda space, held: under(space, set(held) - {"compact"})),
    "row steps": patched("workbench.search.scheduling.row_steps.row_steps", lambda problem, fold, seed: RowSteps()),
}


def halves(path: Path, target: str, seed: int) -> Iterator[Path]:
    """Files of the rows to search on, and of those to judge by."""
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, sep=None, engine="python")
    frame = frame[frame[target].notna()].sample(frac=1.0, random_state=seed)
    cut = len(frame) * 4 // 5
    for part in (frame.iloc[:cut], frame.iloc[cut:]):
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            part.to_parquet(file.name, index=False)
            yield Path(file.name)


def loss(table: Table, rest: Table, seconds: float, seed: int) -> tuple[float, int]:
    """Of the champion on rows that it has not seen, and how many trials there were."""
    with tempfile.TemporaryDirectory() as folder:
        found = search(table, budget=Budget.of(seconds), events=Events(), folder=Path(folder), seed=seed)
    metric, problem = metric_for(table.task, None), problem_of(rest)
    model = found.champion
    said = model.pipeline.predict(problem.frame) if not model.classes else model.pipeline.predict_proba(problem.frame)
    return metric.loss(metric.score(problem.target, np.asarray(said, dtype=np.float64), None)), len(found.trials)


def bins(table: Table) -> str:
    """Seconds of fits on a fold that is binned anew, and on one that is binned already."""
    problem = problem_of(table)
    prepared = Preparer(problem.columns).fit(problem.frame).transform(problem.frame)
    part = np.arange(len(problem)) % 5
    metric = "rmse" if not problem.classes else "log_loss"
    assert metric in METRICS
    fold = Fold(
        prepared, problem.target, None, np.flatnonzero(part), np.flatnonzero(part == 0), problem.fold_task,
        len(problem.classes), metric,
    )  # fmt: skip
    params = {"learning_rate": 0.1, "num_leaves": 15, "rounds": 300}
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(5):
        for anew in (True, False):
            if anew:
                fold.cache.clear()
            began = time.perf_counter()
            family("lightgbm").fit_fold(fold, params, seed=0, threads=1)
            seconds[anew].append(time.perf_counter() - began)
    anew, shared = (float(np.median(seconds[key])) for key in (True, False))
    return f"a fit takes {anew:.3f} s with its own bins and {shared:.3f} s with shared ones ({anew / shared:.2f} times)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", nargs=2, action="append", metavar=("FILE", "TARGET"))
    parser.add_argument("--budget", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--off", nargs="+", default=list(OFF), choices=list(OFF))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for file, target in args.table or made_tables(Path(folder)):
            for seed in args.seeds:
                part, rest = (load(str(path), target=target) for path in halves(Path(file), target, seed))
                if seed == args.seeds[0]:
                    print(f"{Path(file).name}: {bins(part)}")
                losses = {}
                for off in args.off:
                    with OFF[off]():
                        losses[off], trials = loss(part, rest, args.budget, seed)
                    worse = losses[off] / losses[args.off[0]] - 1
                    print(
                        f"{Path(file).name}, seed {seed}, without {off}: loss {losses[off]:.5g} ({worse:+.2%}), "
                        f"{trials} trials",
                        flush=True,
                    )


def made_tables(folder: Path) -> list[tuple[str, str]]:
    found = []
    for task in ("regression", "binary"):
        frame = make_table(8_000, 20, task)
        frame.to_parquet(folder / f"{task}.parquet", index=False)
        found.append((str(folder / f"{task}.parquet"), "y"))
    return found


if __name__ == "__main__":
    main()
