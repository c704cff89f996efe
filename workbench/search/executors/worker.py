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

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]

from workbench.atomic import replacing
from workbench.budget import Budget
from workbench.contracts import Task
from workbench.errors import StoreError
from workbench.memory import give_back
from workbench.pipelines import FAMILIES, ExpandedEncoder, Fold, expanded_fold, family
from workbench.pipelines.blend import FittedModel
from workbench.pipelines.scaled import fit_fold as fit_on_scale
from workbench.search.executors.fit_all import fit_all
from workbench.search.task.store import Workspace


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
        prediction: for the fold's test rows; shares as float32, numbers as they are: they may be large.
        rounds: boosting rounds or trees used.
        complete: whether it ended by itself and not at its deadline.
        seconds: wall-clock time of the fit.
        spread: residuals of the test rows on the target's scale, where the model was fitted on one; else none.
        expanding: seconds of ``seconds`` that went to the columns of feature blocks, which later trials on the fold
            find made; 0 where they were made already, or are made anew for each trial.
    """

    prediction: np.ndarray
    rounds: int | None
    complete: bool
    seconds: float
    spread: tuple[float, ...] = ()
    expanding: float = 0.0


@dataclass(frozen=True)
class WholeTask:
    """One fit on all rows.

    Attributes:
        rounds: boosting rounds, ``None`` for families without or as many as the parameters say.
        keep: file for the fitted model.
        spread: residuals of the folds, for a model on a scale of the target.
    """

    workspace: str
    family: str
    params: dict[str, Any]
    rounds: int | None
    seed: int
    threads: int
    seconds: float | None
    keep: str
    spread: tuple[float, ...] = ()


_LARGE_BYTES = 50_000_000
for _kind in FAMILIES.values():
    if _kind.default:
        _kind.load()  # once, in the server that workers are forked from

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
    fold, expansion, expanding = _fold(task), None, 0.0
    family(task.family).load()
    budget = Budget.unlimited() if task.seconds is None else Budget.of(task.seconds)
    limit = budget if budget.limited else None
    names = tuple(column.name for column in fold.prepared.derived)
    if task.params.get("blocks"):
        began, kept = budget.elapsed, fold.cache.setdefault("expanded", {})
        fold, expansion = expanded_fold(fold, str(task.params["blocks"]), task.seed)
        expanding = budget.elapsed - began if kept else 0.0
    fitted = fit_on_scale(family(task.family), fold, task.params, seed=task.seed, threads=task.threads, budget=limit)
    if not np.isfinite(fitted.prediction).all():
        raise ArithmeticError("the model's predictions are not finite")
    seconds = budget.elapsed
    if task.keep is not None:
        # without its models the trial is as good as ever; only a blend will have to fit it anew
        encoder = fitted.encoder
        if expansion is not None:
            encoder = ExpandedEncoder.of_fitted(expansion, encoder, names)
        with contextlib.suppress(StoreError):
            _keep(FittedModel(encoder, fitted.estimator, fold.task, fold.classes, task.family), task.keep)
    spread = tuple(float(f"{one:.5g}") for one in getattr(fitted.estimator, "spread", ()))
    if fold.prepared.matrix.nbytes > _LARGE_BYTES:
        give_back()
    prediction = fitted.prediction if fold.task is Task.REGRESSION else fitted.prediction.astype(np.float32)
    return FoldResult(prediction, fitted.rounds, fitted.complete, seconds, spread, expanding)


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
        facts=workspace.facts,
        task=workspace.task,
        classes=workspace.classes,
        rounds=task.rounds,
        seed=task.seed,
        threads=task.threads,
        budget=None if task.seconds is None else Budget.of(task.seconds),
        spread=task.spread,
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
