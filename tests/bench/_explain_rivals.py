"""One system explains one model in a process of its own: ``python -m tests.bench._explain_rivals JOB.json``.

Used by ``explain_speed``. What happened is appended to a file line by line, so that what was reached before the
process was ended is known. Libraries, model and rows are loaded before the clock starts; reading the model into what
the system works with, or its constructor, is inside the clock.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import joblib
import numpy as np
import psutil

from tests.bench._explain_cases import margin

FIRST, STEP = 16, 4
"""Rows of the first probe, and how many times as many the next one has."""
MEMORY = 0.8
"""Share of the free memory that a process may take."""

Explain: TypeAlias = Callable[[np.ndarray], np.ndarray]
"""Values of rows: (rows, columns), or (rows, columns, columns) of interactions; of the second class."""
Make: TypeAlias = Callable[[Any, np.ndarray], Explain]
"""Takes the model and the background rows; inside the clock."""


@dataclass(frozen=True)
class Job:
    """What to do.

    Attributes:
        system: of ``SYSTEMS``.
        question: ``values``, ``interactions`` or ``interventional``.
        folder: where ``prepare`` left the model.
        out: where lines are appended; values go beside it, with the ending ``.npy``.
        rows: that are explained; at most so many where it is a probe.
        seconds: for a probe, after which no further rows are tried.
        probe: whether to find out how long rows take, by a few calls, instead of explaining so many in one.
        again: whether to explain the same rows a second time.
        path: folder with more libraries; empty for none.
    """

    system: str
    question: str
    folder: str
    out: str
    rows: int
    seconds: float = 0.0
    probe: bool = False
    again: bool = False
    path: str = ""

    def write(self, file: Path) -> None:
        """As a file for the process."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


def _workbench(question: str, threads: int | None = None) -> Make:
    import workbench.treeshap.kernel  # noqa: F401 - with numba
    from workbench.treeshap import interventional_values, shapley_interactions, shapley_values
    from workbench.treeshap.lightgbm_booster import of_booster
    from workbench.treeshap.sklearn_forest import of_forest

    def make(model: Any, background: np.ndarray) -> Explain:
        ensemble = of_forest(model) if hasattr(model, "estimators_") else of_booster(model.booster_)
        if question == "interventional":
            return lambda rows: interventional_values(ensemble, rows, background, threads=threads)[0][..., 0]
        explain = shapley_values if question == "values" else shapley_interactions
        return lambda rows: explain(ensemble, rows, threads=threads)[..., 0]

    return make


def _shap(question: str) -> Make:
    import shap

    def make(model: Any, background: np.ndarray) -> Explain:
        options = {"feature_perturbation": "interventional"} if question == "interventional" else {}
        explainer = shap.TreeExplainer(model, background if options else None, **options)

        def explain(rows: np.ndarray) -> np.ndarray:
            if question == "interactions":
                found = np.asarray(explainer.shap_interaction_values(rows))
            else:  # the check would cost it time
                found = np.asarray(explainer.shap_values(rows, check_additivity=False))
            classes = 4 if question == "interactions" else 3
            return found[..., 1] if found.ndim == classes else found

        return explain

    return make


def _pred_contrib(question: str) -> Make:
    def make(model: Any, background: np.ndarray) -> Explain:
        return lambda rows: np.asarray(model.booster_.predict(rows, pred_contrib=True))[:, :-1]

    return make


def _woodelf(question: str) -> Make:
    import pandas as pd
    from woodelf import WoodelfExplainer

    def frame(rows: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=[f"x{place}" for place in range(rows.shape[1])])

    def make(model: Any, background: np.ndarray) -> Explain:
        explainer = WoodelfExplainer(model, frame(background) if question == "interventional" else None)
        ask = explainer.shap_interaction_values if question == "interactions" else explainer.shap_values
        # of a forest's two classes it explains the first
        sign = -1.0 if hasattr(model, "estimators_") else 1.0
        return lambda rows: sign * np.asarray(ask(frame(rows), verbose=False))

    return make


SYSTEMS: dict[str, Callable[[str], Make]] = {
    "workbench": _workbench,
    "workbench, 1 thread": lambda question: _workbench(question, 1),
    "shap": _shap,
    "pred_contrib": _pred_contrib,
    "woodelf": _woodelf,
}
"""Each imports its library when it is called with the question."""


def run(job: Job) -> None:
    """Do it."""
    import lightgbm  # noqa: F401 - the model needs both, so that no system pays for them
    import pandas as pd  # noqa: F401
    import sklearn.ensemble  # noqa: F401

    folder, out = Path(job.folder), Path(job.out)
    model, rows, background = (
        joblib.load(folder / "model.joblib"), np.load(folder / "rows.npy"), np.load(folder / "background.npy"),
    )  # fmt: skip
    sys.path += [job.path] if job.path else []

    def say(**facts: Any) -> None:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    try:
        began = time.perf_counter()
        make = SYSTEMS[job.system](job.question)
        say(imports=time.perf_counter() - began)
        began = time.perf_counter()
        explain = make(model, background)
        built = time.perf_counter() - began
        say(built=built)
        rows = rows[: job.rows]
        if job.probe:
            values = _probe(explain, rows, job.seconds, say)
        else:
            values = _timed(explain, rows, say, "call")
            if job.again:
                _timed(explain, rows, say, "again")
        np.save(out.with_suffix(".npy"), values)
        # the difference to the output must be the same for all rows: no system is asked for its base
        rest = margin(model, rows[: len(values)]) - values.reshape(len(values), -1).sum(axis=1)
        say(off=float(np.ptp(rest)))
    except Exception as error:  # noqa: BLE001 - a rival may fail in any way, and that is told
        say(error=f"{type(error).__name__}: {error}".split("\n")[0][:200])


def _timed(explain: Explain, rows: np.ndarray, say: Callable[..., None], name: str) -> np.ndarray:
    began = time.perf_counter()
    values = explain(rows)
    say(**{name: time.perf_counter() - began, "rows": len(rows)})
    return values


def _probe(explain: Explain, rows: np.ndarray, seconds: float, say: Callable[..., None]) -> np.ndarray:
    """The values of the first call; each probe is told."""
    began, count = time.perf_counter(), FIRST
    values = _timed(explain, rows[:count], say, "probe")
    if time.perf_counter() - began > seconds:  # does it take its time for each row, or for the call?
        _timed(explain, rows[:1], say, "probe")
        return values
    took = 0.0
    while count < len(rows) and STEP * took < seconds - (time.perf_counter() - began):
        count *= STEP
        before = time.perf_counter()
        _timed(explain, rows[:count], say, "probe")
        took = time.perf_counter() - before
    return values


def main() -> None:
    """Run the job of the file that is named."""
    warnings.filterwarnings("ignore")
    # a system that wants more memory than there is fails by itself, and takes nothing else along
    most = int(MEMORY * psutil.virtual_memory().available)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    run(Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
