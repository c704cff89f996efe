"""What the processes of ``explain_peers`` share; it needs numpy, pandas and the model's library and nothing of ours.

``python _peer_steps.py FOLDER KIND TREES`` fits the model in an environment of its own and leaves it in the folder.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

CUSTOMER = 0
"""Row of the one customer."""


@dataclass
class Steps:
    """Times steps, and writes what was found out into the folder."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def step(self, name: str, note: str = "") -> Iterator[None]:
        """Time what is inside; where it fails the others go on, but not without their library."""
        began = time.perf_counter()
        try:
            yield
        except ImportError:
            raise
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way, and that is told
            note = f"failed: {type(error).__name__}: {error}".split("\n")[0][:160]
        self.seconds[name] = time.perf_counter() - began
        if note:
            self.notes[name] = note

    def write(self, values: np.ndarray | None, model: Any, frame: pd.DataFrame, library: str) -> None:
        """The end: contributions of all rows, and what the model says, so that all can be compared."""
        np.save(self.folder / "said.npy", model.predict_proba(frame)[:, 1])
        if values is not None:
            np.save(self.folder / "values.npy", np.asarray(values, dtype=np.float64))
        facts = {"seconds": self.seconds, "notes": self.notes, "library": library}
        (self.folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def given(folder: Path) -> tuple[pd.DataFrame, pd.Series, Any]:
    """Encoded rows, target and fitted model; the model after its library, so that no step pays for it."""
    table = np.load(folder / "table.npz", allow_pickle=False)
    frame = pd.DataFrame(table["rows"], columns=[str(name) for name in table["names"]])
    target = pd.Series(table["target"].astype(int), name="target")
    place = folder / "model.pickle"
    return frame, target, pickle.loads(place.read_bytes()) if place.exists() else None


def first_two(values: Any, frame: pd.DataFrame) -> tuple[str, str]:
    """The columns with the largest mean |contribution|."""
    order = np.argsort(-np.abs(np.asarray(values, dtype=float)).mean(axis=0))
    return str(frame.columns[order[0]]), str(frame.columns[order[1]])


def fit(folder: Path, kind: str, trees: int) -> None:
    """The same model everywhere: same rows, parameters and seed."""
    frame, target, _ = given(folder)
    model: Any
    if kind == "lightgbm":
        from lightgbm import LGBMClassifier

        model = LGBMClassifier(n_estimators=trees, num_leaves=31, learning_rate=0.05, random_state=0, verbose=-1)
    else:
        from sklearn.ensemble import RandomForestClassifier

        model = RandomForestClassifier(trees, min_samples_leaf=2, random_state=0, n_jobs=-1)
    model.fit(frame, target)
    (folder / "model.pickle").write_bytes(pickle.dumps(model))


if __name__ == "__main__":
    fit(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
