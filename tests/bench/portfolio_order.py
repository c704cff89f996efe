"""Whether starts stand in a good order: ``python -m tests.bench portfolio_order --table FILE TARGET … [--families F]``.

Each start of a family is fitted on one fold of each table. Its regret is what its loss exceeds the best start's by, as
a share of what that one gains over the baseline. A greedy order (the next start is the one that lowers the mean over
tables of the least regret so far by most) is compared with the file's, each table judged by the order that the other
tables give. Without ``--table`` two made tables are used.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench.ablations import made_tables
from workbench.budget import Budget
from workbench.contracts import Table
from workbench.cores import cores
from workbench.data import load
from workbench.pipelines import Fold, Preparer, family, read_space
from workbench.pipelines.conditions import under
from workbench.pipelines.scaled import fit_fold
from workbench.problem.folds import plan_folds
from workbench.problem.rows import problem_of
from workbench.search.evaluation.metrics import metric_for, objective_of
from workbench.search.trials.baseline import baseline_record
from workbench.search.trials.looks import conditions_of

_LONGEST = 60.0
"""Seconds of one fit; one that takes longer is judged by the rounds that it has."""


def losses(table: Table, name: str, seed: int) -> tuple[dict[str, tuple[float, float]], float]:
    """Loss and seconds of each start on the first fold, and the baseline's loss there."""
    problem = problem_of(table)
    metric = objective_of(metric_for(table.task, None))
    plan = plan_folds(problem, seed=seed)
    prepared = Preparer(problem.columns).fit(problem.frame).transform(problem.frame)
    fold = Fold(
        prepared, problem.target, problem.weight, *plan.folds[0], problem.fold_task, len(problem.classes), metric.name,
        problem.groups,
    )  # fmt: skip
    space, found = under(read_space(name), conditions_of(problem, metric)), {}
    for start in space.portfolio(problem.task, len(problem)):
        params = {**space.fixed(problem.task), **start.params}
        began = time.perf_counter()
        said = fit_fold(family(name), fold, params, seed=seed, threads=cores(), budget=Budget.of(_LONGEST)).prediction
        taken = time.perf_counter() - began
        found[start.name] = (metric.loss(metric.score(problem.target[fold.test], said, None)), taken)
    return found, baseline_record(problem, plan.folds[:1], metric, metric).loss


def greedy(regrets: np.ndarray) -> list[int]:
    """Starts in the order in which they lower the mean least regret most; shape (tables, starts), NaN for unsuited."""
    known = np.where(np.isnan(regrets), np.inf, regrets)
    best, order = np.full(len(known), 1.0), list[int]()
    while len(order) < known.shape[1]:
        left = [one for one in range(known.shape[1]) if one not in order]
        order.append(min(left, key=lambda one: (float(np.minimum(best, known[:, one]).mean()), one)))
        best = np.minimum(best, known[:, order[-1]])
    return order


def course(regrets: np.ndarray, order: Sequence[int], most: int) -> np.ndarray:
    """Least regret of one table after 1, 2, … of the starts that suit it, shape (most,)."""
    seen = [regrets[one] for one in order if not np.isnan(regrets[one])]
    best = np.minimum.accumulate(np.array(seen))
    return np.concatenate([best, np.full(most, best[-1])])[:most]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", nargs=2, action="append", metavar=("FILE", "TARGET"))
    parser.add_argument("--families", nargs="+", default=["lightgbm", "random_forest", "linear"])
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables = [load(str(file), target=target) for file, target in args.table or made_tables(Path(folder))]
        for name in args.families:
            _tell(name, [losses(table, name, args.seed) for table in tables])


def _tell(name: str, found: list[tuple[dict[str, tuple[float, float]], float]]) -> None:
    # in the file's order
    names = [start.name for start in read_space(name).starts]
    names = [one for one in names if any(one in starts for starts, _ in found)]
    regrets = np.full((len(found), len(names)), np.nan)
    for row, (starts, baseline) in enumerate(found):
        best = min(loss for loss, _ in starts.values())
        for start, (loss, _) in starts.items():
            regrets[row, names.index(start)] = (loss - best) / max(baseline - best, 1e-12)
    most = min(len(names), 6)
    in_file, chosen = (np.zeros((len(found), most)) for _ in range(2))
    for row in range(len(found)):
        others = greedy(np.delete(regrets, row, axis=0)) if len(found) > 1 else greedy(regrets)
        in_file[row] = course(regrets[row], range(len(names)), most)
        chosen[row] = course(regrets[row], others, most)
    print(f"{name}: mean regret and seconds of each start, in the file's order")
    for place, start in enumerate(names):
        seconds = [starts[start][1] for starts, _ in found if start in starts]
        print(f"  {start:32} {np.nanmean(regrets[:, place]):8.4f} {np.mean(seconds):8.2f} s on {len(seconds)} tables")
    print(f"  greedy order: {', '.join(names[one] for one in greedy(regrets))}")
    for title, table in (("in the file's order", in_file), ("in the order of the other tables", chosen)):
        told = " ".join(f"{one:.4f}" for one in table.mean(axis=0))
        print(f"  least regret after 1 to {most} starts {title}: {told}")
    gain = in_file - chosen
    error = gain.std(axis=0, ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.full(most, np.nan)
    print(
        f"  lower by: {' '.join(f'{m:+.4f} ± {e:.4f}' for m, e in zip(gain.mean(axis=0), error, strict=True))}",
        flush=True,
    )


if __name__ == "__main__":
    main()
