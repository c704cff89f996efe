"""Data that a search shares with its workers: written once, mapped into memory by every process."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pickle
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from workbench.contracts import Task
from workbench.errors import StoreError
from workbench.pipelines import Derived, Fold, Prepared
from workbench.pipelines.blend import FittedModel
from workbench.pipelines.own_families import adopted, take_up
from workbench.pipelines.row_facts import RowFacts
from workbench.pipelines.terms import Terms
from workbench.problem.folds import Division
from workbench.problem.rows import Problem

_PREFIX = "workbench-search-"
_FACTS = tuple(one.name for one in dataclasses.fields(RowFacts))


@dataclass(frozen=True, eq=False)
class Workspace:
    """A temporary folder with the prepared matrix, the target and the folds."""

    folder: Path
    prepared: Prepared
    target: np.ndarray
    facts: RowFacts
    task: Task
    classes: int
    objective: str

    @classmethod
    def create(cls, problem: Problem, prepared: Prepared, objective: str, divisions: list[Division]) -> Self:
        """Write everything that workers need.

        Raises:
            StoreError: the disk is full or temporary files can't be written.
        """
        _sweep()
        folder: Path | None = None
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            np.save(folder / "matrix.npy", prepared.matrix)
            for number, terms in enumerate(prepared.terms):
                terms.save(folder, number)
            np.save(folder / "target.npy", problem.target)
            for name in _FACTS:
                if (values := getattr(problem.facts, name)) is not None:
                    np.save(folder / f"{name}.npy", values)
            for number, (train, test) in enumerate(divisions):
                np.save(folder / f"train-{number}.npy", train)
                np.save(folder / f"test-{number}.npy", test)
            description = {
                "derived": [[one.name, list(one.sources), one.kind, list(one.levels)] for one in prepared.derived],
                "texts": len(prepared.terms),
                "task": problem.fold_task.value,
                "classes": len(problem.classes),
                "objective": objective,
            }
            for name, source in adopted().items():
                (folder / f"{name}.py").write_text(source, encoding="utf-8")
            (folder / "description.json").write_text(json.dumps(description), encoding="utf-8")
        except OSError as error:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)  # a full disk is not left full
            raise StoreError(
                f"Can't write the search's temporary files to {tempfile.gettempdir()}: {error.strerror or error}; "
                "free some space or set TMPDIR."
            ) from error
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The workspace in a folder, mapped into memory; the user's own families of its search are taken up."""
        take_up({path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")})
        description = json.loads((folder / "description.json").read_text(encoding="utf-8"))
        derived = tuple(
            Derived(name, tuple(sources), kind, tuple(levels)) for name, sources, kind, levels in description["derived"]
        )
        terms = tuple(Terms.open(folder, number) for number in range(description["texts"]))
        facts = {name: np.load(path) for name in _FACTS if (path := folder / f"{name}.npy").exists()}
        return cls(
            folder,
            Prepared(np.load(folder / "matrix.npy", mmap_mode="r"), derived, terms),
            np.load(folder / "target.npy"),
            RowFacts(**facts),
            Task(description["task"]),
            description["classes"],
            description["objective"],
        )

    def fold(self, number: int) -> Fold:
        """One division of the rows."""
        return Fold(
            self.prepared,
            self.target,
            self.facts.weight,
            np.load(self.folder / f"train-{number}.npy"),
            np.load(self.folder / f"test-{number}.npy"),
            self.task,
            self.classes,
            self.objective,
            self.facts.groups,
        )

    def model_path(self, trial: int, fold: int | None = None) -> Path:
        """Where a trial's model is kept: of one fold, or of all rows."""
        return self.folder / f"model-{trial}-{'all' if fold is None else fold}.pkl"

    def models(self, trial: int, folds: int) -> tuple[FittedModel, ...]:
        """A trial's models of all folds; none where one of them is not there."""
        paths = [self.model_path(trial, fold) for fold in range(folds)]
        return tuple(read_model(path) for path in paths) if all(path.exists() for path in paths) else ()

    def forget_models(self, trial: int) -> None:
        """Delete what was kept of a trial."""
        for path in self.folder.glob(f"model-{trial}-*.pkl"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder; memory maps that are still open keep their data until they are let go."""
        shutil.rmtree(self.folder, ignore_errors=True)


def read_model(path: Path) -> FittedModel:
    """A model that a worker kept."""
    with path.open("rb") as file:
        model: FittedModel = pickle.load(file)
    return model


def _sweep() -> None:
    """Delete what searches that were killed have left behind."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(ValueError, OSError):
            owner = int(left.name.removeprefix(_PREFIX).split("-")[0])
            if not _alive(owner) and left.stat().st_uid == os.getuid():
                shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
