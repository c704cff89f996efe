"""What runs inside a worker process: one fit on one fold at a time, over data that all workers share."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

import lightgbm  # noqa: F401 - imported once by the server that workers are forked from
import numpy as np
import sklearn.ensemble
import sklearn.linear_model  # noqa: F401
import threadpoolctl  # type: ignore[import-untyped]

from workbench.budget import Budget
from workbench.pipelines import Fold, family
from workbench.search.store import Workspace


@dataclass(frozen=True)
class FoldTask:
    """One fit.

    Attributes:
        workspace: folder of the shared data.
        fold: number of the fold in the workspace.
        seconds: time that the fit may take, ``None`` for no limit.
    """

    workspace: str
    fold: int
    family: str
    params: dict[str, Any]
    seed: int
    threads: int
    seconds: float | None


@dataclass(frozen=True)
class FoldResult:
    """What one fit gave.

    Attributes:
        prediction: for the fold's test rows, float32.
        rounds: boosting rounds or trees used.
        complete: whether it ended by itself and not at its deadline.
        seconds: wall-clock time of the fit.
    """

    prediction: np.ndarray
    rounds: int | None
    complete: bool
    seconds: float


_folds: dict[tuple[str, int], Fold] = {}
_workspaces: dict[str, Workspace] = {}


def begin(threads: int) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, threads are shared out, and no worker outlives its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpoolctl.threadpool_limits(threads)
    owner = parent_process()
    if owner is not None:
        threading.Thread(target=_die_with, args=(owner,), name="parent-watch", daemon=True).start()


def _die_with(owner: Any) -> None:
    owner.join()
    os._exit(1)


def fit_fold(task: FoldTask) -> FoldResult:
    """Fit one model on one fold; the fold's binned and encoded data stay in memory for the next one."""
    fold = _fold(task)
    budget = Budget.unlimited() if task.seconds is None else Budget.of(task.seconds)
    fitted = family(task.family).fit_fold(
        fold, task.params, seed=task.seed, threads=task.threads, budget=budget if budget.limited else None
    )
    if not np.isfinite(fitted.prediction).all():
        raise ArithmeticError("the model's predictions are not finite")
    return FoldResult(fitted.prediction.astype(np.float32), fitted.rounds, fitted.complete, budget.elapsed)


def _fold(task: FoldTask) -> Fold:
    if task.workspace not in _workspaces:
        # one search at a time: what was kept for another is let go
        _workspaces.clear()
        _folds.clear()
        _workspaces[task.workspace] = Workspace.open(Path(task.workspace))
    key = (task.workspace, task.fold)
    if key not in _folds:
        _folds[key] = _workspaces[task.workspace].fold(task.fold)
    return _folds[key]
