"""Whether explanations of real tables add up and agree with shap: ``python -m tests.bench explain_tasks [SHARED]``.

For every task of ``SHARED/bench/tasks.toml`` (by default ../shared beside the repository) each of the product's
families is fitted by its pipeline with the first start of its search space, and up to 2,000 rows are explained by
``workbench.explain.explain``. A line for each: additivity as the model sees its columns and in source columns (the
explanation's own checks, relative to the largest output), and how far ``shap.TreeExplainer`` is from our contributions
of derived columns on 50 rows (relative to the largest contribution; "-" where shap can't). "shap off" is how far shap's
own sums are from the model's output, relative to the largest one, up to a constant: where it is large, shap is wrong.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
import time
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.explain.explain_models import champion
from workbench.budget import Budget
from workbench.contracts import Model, Table, Task
from workbench.data import load
from workbench.events import Events
from workbench.explain import explain, explainer_kind, warm_up
from workbench.explain.explainers._base import dense, take
from workbench.explain.prepared import prepare
from workbench.pipelines import FAMILIES, families_for, family, read_space
from workbench.pipelines.conditions import under
from workbench.pipelines.raw_model import RawModel
from workbench.problem.rows import problem_of
from workbench.search.evaluation.metrics import metric_for, objective_of
from workbench.search.trials.looks import conditions_of

SHARED = Path(__file__).resolve().parents[3] / "shared"
SOUND = 1e-3
"""Where shap's own sums are this close to the output, a difference to it is a difference of ours."""


@dataclass(frozen=True)
class Line:
    """One family on one task."""

    task: str
    family: str
    additivity: float
    grouped: float
    passed: bool
    agreement: float | None
    off: float | None


def tables(shared: Path, only: list[str], rows: int) -> Iterator[tuple[str, Table]]:
    """The tasks as tables, read as ``bench/compare.py`` reads them, with so many rows at most."""
    place = shared / "bench" / "compare.py"
    spec = importlib.util.spec_from_file_location("compare", place)
    assert spec is not None and spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    tasks = tomllib.loads((shared / "bench" / "tasks.toml").read_text(encoding="utf-8"))
    for name, task in tasks.items():
        if only and name not in only:
            continue
        frame: pd.DataFrame = compare.load(shared / "data" / task["file"], task)
        if len(frame) > rows:
            frame = frame.sample(rows, random_state=0)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{name}.parquet"
            frame.to_parquet(file, index=False)
            yield name, load(file, target=task["target"], task=Task(task["kind"]))


def fitted(table: Table, name: str) -> Model:
    """A family's model by the first start of its space."""
    problem = problem_of(table)
    metric = objective_of(metric_for(table.task, None))
    space = under(read_space(name), conditions_of(problem, metric))
    start = space.portfolio(table.task, len(problem))[0]
    return champion(table, name, {**space.fixed(table.task), **start.params})


def against_shap(model: Model, table: Table, rows: int) -> tuple[float | None, float | None, str]:
    """Relative difference to shap's values, what shap's own sums miss, and why there is none."""
    import shap

    prepared = prepare(model, table.frame.sample(min(rows, len(table.frame)), random_state=0))
    kind = explainer_kind(prepared.estimator)
    explainer = kind(prepared.estimator, prepared.grouping.owners, kind.reference_from(prepared.matrix, 0))
    chosen = take(prepared.matrix, np.arange(prepared.matrix.shape[0]))
    ours = explainer.contributions(chosen).values
    # the product's own wrappers hold the library's model
    held = ("model_", "booster_") if isinstance(prepared.estimator, RawModel) else ()
    trees = next((getattr(prepared.estimator, name) for name in held if hasattr(prepared.estimator, name)), None)
    try:
        told: Any = shap.TreeExplainer(trees if trees is not None else prepared.estimator).shap_values(
            dense(chosen), check_additivity=False
        )
    except Exception as error:  # noqa: BLE001 - whatever keeps shap from it is told
        return None, None, f"{type(error).__name__}: {error}".split("\n")[0]
    theirs = np.asarray(told, dtype=np.float64).reshape(*ours.shape[:2], -1)
    theirs = theirs[..., -ours.shape[2] :]  # of two classes we tell of the second
    margin = explainer.margin(chosen)
    scale = float(np.abs(ours).max(initial=0.0)) or 1.0
    off = float(np.ptp(margin - theirs.sum(axis=1), axis=0).max()) / (float(np.abs(margin).max()) or 1.0)
    return float(np.abs(ours - theirs).max()) / scale, off, ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--tasks", nargs="+", default=[])
    parser.add_argument("--families", nargs="+", default=None)
    parser.add_argument("--fit-rows", type=int, default=10_000, help="of a table at most")
    parser.add_argument("--rows", type=int, default=2_000, help="that are explained at most")
    parser.add_argument("--agree", type=int, default=50, help="rows that shap explains too")
    args = parser.parse_args()
    warnings.filterwarnings("ignore")
    warm_up()  # the compiled walk, so that no first task waits for it
    print(
        f"{'task':22} {'family':22} {'rows':>6} {'cols':>5} {'adds up':>8} {'grouped':>8} {'to shap':>8} "
        f"{'shap off':>8} {'fit s':>6} {'expl s':>6}  method"
    )
    lines, reasons = list[Line](), dict[str, str]()
    for name, table in tables(args.shared, args.tasks, args.fit_rows):
        for one in args.families or families_for(table.task):
            if family(one).missing:
                reasons[one] = family(one).missing
            elif table.task in FAMILIES[one].tasks:
                lines.append(_measure(name, table, one, args.rows, args.agree, reasons))
    _sum_up(lines, reasons)


def _measure(name: str, table: Table, one: str, rows: int, agree: int, reasons: dict[str, str]) -> Line:
    began = time.perf_counter()
    model = fitted(table, one)
    fitting = time.perf_counter() - began
    began = time.perf_counter()
    found = explain(model, table, budget=Budget.unlimited(), events=Events(), max_rows=rows)
    explaining = time.perf_counter() - began
    checks = {check.name: check for check in found.checks}
    agreement, off, reason = against_shap(model, table, agree)
    if reason:
        reasons[one] = f"shap can't: {reason}"
    line = Line(
        name, one, checks["additivity"].value, checks["additivity in source columns"].value,
        all(check.passed for check in found.checks), agreement, off,
    )  # fmt: skip
    figures = " ".join(
        f"{figure:8.1e}" if figure is not None else f"{'-':>8}"
        for figure in (line.additivity, line.grouped, agreement, off)
    )
    failed = "" if line.passed else "  ! a check failed"
    print(
        f"{name:22} {one:22} {len(found.rows):6,} {found.values.shape[1]:5} {figures} {fitting:6.1f} {explaining:6.2f}"
        f"  {found.method}{failed}",
        flush=True,
    )
    return line


def _sum_up(lines: list[Line], reasons: dict[str, str]) -> None:
    for one, reason in reasons.items():
        print(f"{one}: {reason}")
    if not lines:
        return
    failed = sum(not line.passed for line in lines)
    print(f"{len(lines)} explanations of {len({line.task for line in lines})} tasks, {failed} with a failed check")
    for title, figure in (("additivity", "additivity"), ("additivity in source columns", "grouped")):
        worst = max(lines, key=lambda line: getattr(line, figure))
        print(f"worst {title}: {getattr(worst, figure):.1e} ({worst.task}, {worst.family})")
    for title, chosen in (
        ("where shap adds up", [line for line in lines if line.off is not None and line.off <= SOUND]),
        ("where shap does not add up", [line for line in lines if line.off is not None and line.off > SOUND]),
    ):
        if chosen:
            worst = max(chosen, key=lambda line: line.agreement or 0.0)
            print(
                f"worst agreement {title} ({len(chosen)}): {worst.agreement:.1e} of the largest contribution "
                f"({worst.task}, {worst.family}, shap off by {worst.off:.1e})"
            )


if __name__ == "__main__":
    main()
