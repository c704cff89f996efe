"""What runs inside a worker process: one fit on one fold at a time, over data that all workers share."""

from __future__ import annotations

import contextlib
import os
import pickle
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

from workbench.atomic import replacing
from workbench.budget import Budget
from workbench.errors import StoreError
from workbench.memory import give_back
from workbench.pipelines import Fold, family
from workbench.pipelines.blend import FittedModel
from workbench.search.fit_all import fit_all
from workbench.search.store import Workspace


@dataclass(frozen=True)
class FoldTask:
    """One fit.

    Attributes:
        workspace: folder of the shared data.
        fold: number of the fold in the workspace.
        seconds: time that the fit may take, ``None`` for no limit.
        keep: file for the fitted model, ``None`` where nobody will use it.
    """

    workspace: str
    fold: int
    family: str
    params: dict[str, Any]
    seed: int
    threads: int
    seconds: float | None
    keep: str | None = None


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


@dataclass(frozen=True)
class WholeTask:
    """One fit on all rows.

    Attributes:
        rounds: boosting rounds, ``None`` for families without or as many as the parameters say.
        keep: file for the fitted model.
    """

    workspace: str
    family: str
    params: dict[str, Any]
    rounds: int | None
    seed: int
    threads: int
    seconds: float | None
    keep: str


_LARGE_BYTES = 50_000_000
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
    seconds = budget.elapsed
    if task.keep is not None:
        # without its models the trial is as good as ever; only a blend will have to fit it anew
        with contextlib.suppress(StoreError):
            _keep(FittedModel(fitted.encoder, fitted.estimator, fold.task, fold.classes), task.keep)
    if fold.prepared.matrix.nbytes > _LARGE_BYTES:
        give_back()
    return FoldResult(fitted.prediction.astype(np.float32), fitted.rounds, fitted.complete, seconds)


def fit_whole(task: WholeTask) -> bool:
    """Fit one model on all rows and keep it in its file; whether it was completed in its time.

    Raises:
        StoreError: the file can't be written.
    """
    workspace = _workspace(task.workspace)
    model, complete = fit_all(
        task.family,
        task.params,
        workspace.prepared,
        workspace.target,
        weight=workspace.weight,
        task=workspace.task,
        classes=workspace.classes,
        rounds=task.rounds,
        seed=task.seed,
        threads=task.threads,
        budget=None if task.seconds is None else Budget.of(task.seconds),
    )
    _keep(model, task.keep)
    return complete


def forget(folder: str) -> None:
    """Let go of a workspace's data; a worker that outlives the search calls this when it ends."""
    _workspaces.pop(folder, None)
    for key in [key for key in _folds if key[0] == folder]:
        _folds.pop(key, None)


def _keep(model: FittedModel, path: str) -> None:
    with replacing(Path(path)) as temporary, temporary.open("wb") as file:
        pickle.dump(model, file, protocol=pickle.HIGHEST_PROTOCOL)


def _workspace(folder: str) -> Workspace:
    if folder not in _workspaces:
        # one search at a time: what was kept for another is let go
        _workspaces.clear()
        _folds.clear()
        _workspaces[folder] = Workspace.open(Path(folder))
    return _workspaces[folder]


def _fold(task: FoldTask) -> Fold:
    workspace = _workspace(task.workspace)
    key = (task.workspace, task.fold)
    if key not in _folds:
        _folds[key] = workspace.fold(task.fold)
    return _folds[key]
