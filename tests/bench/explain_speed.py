"""Rows explained per second: ``python -m tests.bench explain_speed [--rows N …] [--seconds S] [--only …]``.

Four models on one made table of 20,000 rows x 30 columns: a random forest without a limit of depth, one of depth 8,
LightGBM, and LightGBM with categories; 300 trees each. Three questions: Shapley values, their interactions, and (for
two of the models) values against 100 background rows. Systems: ``workbench.treeshap``, ``shap.TreeExplainer`` as it is
by default (which hands LightGBM's models to LightGBM), LightGBM's own ``pred_contrib``, and woodelf where it is found:
``pip install --no-deps --target FOLDER woodelf_explainer treelite``, then ``--path FOLDER``.

Each measurement is a process of its own with libraries, model and rows loaded. The clock holds what a user waits for:
the constructor, or reading the model, and the first call. How many rows fit into ``--seconds`` is found in a process
before, by probes of 16, 64, 256, … rows; where 16 take longer, they are the measurement. Where fewer were explained
than asked for, the seconds are extrapolated along a line and marked with "~": more than it would be for a system that
gains by many rows. "second call" is the same rows once more; "cold" is a process without any compiled code on disk.

``differs`` is the largest difference to shap's values on the rows that both explained. ``off`` is how far the sums of a
row's values are from the model's own output, up to a constant: where it is large, the values are wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench._explain_cases import BACKGROUND, CASES, Size, prepare
from tests.bench._explain_rivals import FIRST, SYSTEMS, Job
from workbench.cores import cores
from workbench.treeshap import warm_up

PROBE = 1 / 3
"""Share of the seconds that probes may take."""
QUESTIONS = ("values", "interactions", "interventional")
INTERVENTIONAL = ("forest_8", "lightgbm")


@dataclass(frozen=True)
class Found:
    """What one system took for one count of rows; see the module for ``off`` and ``differs``."""

    case: str
    question: str
    system: str
    asked: int
    rows: int = 0
    seconds: float | None = None
    imports: float | None = None
    built: float | None = None
    call: float | None = None
    again: float | None = None
    off: float | None = None
    differs: float | None = None
    error: str = ""

    @property
    def rate(self) -> float | None:
        """Rows per second."""
        return self.asked / self.seconds if self.seconds else None


class Bench:
    """Runs systems on one prepared model.

    Args:
        case: what it is.
        folder: where it lies.
        seconds: that a call may take, if more than 16 rows are to be explained.
        patience: seconds after which a process is ended.
        path: folder with more libraries.
    """

    def __init__(self, case: str, folder: Path, seconds: float, patience: float, path: str) -> None:
        self.case, self.folder, self.seconds, self.patience, self.path = case, folder, seconds, patience, path
        self._values: dict[tuple[str, str], np.ndarray] = {}
        self._jobs = 0

    def measure(self, system: str, question: str, asked: list[int]) -> list[Found]:
        """As many of the rows as fit, for each count."""
        lines, facts = self._run(system, question, max(asked), probe=True)
        calls = [(line["rows"], line["probe"]) for line in lines if "probe" in line]
        if not calls or "error" in facts:
            error = facts.get("error") or f"{FIRST} rows were not done after {self.patience:.0f} s"
            return [Found(self.case, question, system, rows, error=error) for rows in asked]
        fixed, each = _line(calls)
        done = dict[int, Found]()
        if calls[0][1] > self.seconds:
            # one call of a few rows took too long already: it counts
            done[FIRST] = self._found(system, question, FIRST, {**facts, "call": calls[0][1]})
            if fixed > calls[0][1] / 2 and min(asked) > FIRST:
                more = self._once(system, question, min(asked))
                done |= {more.rows: more} if more.call is not None else {}
        fitting = int(max(0.0, self.seconds - facts["built"] - fixed) / each)
        found = []
        for want in asked:
            fits = min(want, max(FIRST, *done, fitting // FIRST * FIRST))
            if fits not in done:
                done[fits] = self._once(system, question, fits)
            found.append(_for(want, done[fits], [*calls, *[(n, one.call) for n, one in done.items() if one.call]]))
        return found

    def cold(self, system: str, rows: int) -> Found:
        """Values in a process whose cache is empty."""
        with tempfile.TemporaryDirectory() as cache:
            found = self._once(system, "values", rows, env={"XDG_CACHE_HOME": cache})
        return replace(found, system=f"{system}, cold")

    def _once(self, system: str, question: str, rows: int, env: dict[str, str] | None = None) -> Found:
        again = system == "workbench" and env is None
        return self._found(system, question, rows, self._run(system, question, rows, again=again, env=env)[1])

    def _found(self, system: str, question: str, rows: int, facts: dict[str, Any]) -> Found:
        known: dict[str, Any] = {
            name: facts.get(name) for name in ("imports", "built", "call", "again", "off", "differs")
        }
        error = facts.get("error") or f"{rows:,} rows were not done after {self.patience:.0f} s"
        if known["call"] is None:
            return Found(self.case, question, system, rows, rows, error=error)
        return Found(self.case, question, system, rows, rows, seconds=facts["built"] + facts["call"], **known)

    def _run(
        self, system: str, question: str, rows: int, *, probe: bool = False, again: bool = False,
        env: dict[str, str] | None = None,
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
        """The lines that the process has left, and all of them together."""
        self._jobs += 1
        out, file = self.folder / f"{self._jobs}.lines", self.folder / f"{self._jobs}.json"
        seconds = PROBE * self.seconds if probe else 0.0
        Job(system, question, str(self.folder), str(out), rows, seconds, probe, again, self.path).write(file)
        command = [sys.executable, "-m", "tests.bench._explain_rivals", str(file)]
        facts: dict[str, Any] = {}
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=self.patience,
                env={**os.environ, **(env or {})},
            )  # fmt: skip
            if done.returncode:
                facts["error"] = f"exit {done.returncode}: {done.stderr.strip()[-200:]}".replace("\n", " ")
        lines = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
        for line in lines:
            facts.update(line)
        if out.with_suffix(".npy").exists():
            facts["differs"] = self._differs(system, question, np.load(out.with_suffix(".npy")))
        return lines, facts

    def _differs(self, system: str, question: str, values: np.ndarray) -> float | None:
        """To shap's values; those are kept when they come, so shap is measured first."""
        if system == "shap":
            before = self._values.get((self.case, question), values[:0])
            self._values[self.case, question] = values if len(values) > len(before) else before
            return None
        other = self._values.get((self.case, question))
        if other is None:
            return None
        both = min(len(values), len(other))
        return float(np.abs(values[:both] - other[:both]).max())


def _line(calls: list[tuple[int, float]]) -> tuple[float, float]:
    """Seconds that a call takes whatever its rows, and seconds of each row, by the two that had the most rows."""
    ordered = sorted(dict(calls).items())
    many, longer = ordered[-1]
    each = longer / many
    if len(ordered) > 1:
        few, shorter = ordered[-2]
        each = max((longer - shorter) / (many - few), 0.05 * each)
    return max(0.0, longer - each * many), each


def _for(want: int, done: Found, calls: list[tuple[int, float]]) -> Found:
    """Of so many rows, by what was measured of ``done.rows``."""
    if done.call is None or done.built is None or done.rows == want:
        return replace(done, asked=want)
    fixed = min(_line(calls)[0], done.call)
    return replace(done, asked=want, seconds=done.built + fixed + (done.call - fixed) * want / done.rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 2_000, 20_000], help="of the values")
    parser.add_argument("--pairs", type=int, nargs="+", default=[16, 200], help="rows of the interactions")
    parser.add_argument("--against", type=int, nargs="+", default=[200, 2_000], help="rows, against a background")
    parser.add_argument("--seconds", type=float, default=60.0, help="that one call may take, more or less")
    parser.add_argument("--patience", type=float, default=1200.0, help="seconds after which a process is ended")
    parser.add_argument("--only", nargs="+", default=[], choices=[*CASES, *QUESTIONS], metavar="MODEL or QUESTION")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    parser.add_argument("--path", default="", help="folder with more libraries, such as woodelf")
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--size", type=int, default=20_000, help="rows that the models are fitted on")
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    cases = [one for one in CASES if one in args.only] or list(CASES)
    questions = [one for one in QUESTIONS if one in args.only] or list(QUESTIONS)
    counts = {"values": sorted(args.rows), "interactions": sorted(args.pairs), "interventional": sorted(args.against)}
    size = Size(args.size, max(max(counts[question]) for question in questions), args.trees)
    print(f"{cores()} cores; seconds hold reading the model and the first call, imports stand apart", flush=True)
    warm_up()  # once a machine: after that the compiled code is on disk
    found: list[Found] = []
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{prepare(case, size, Path(folder))}", flush=True)
            bench = Bench(case, Path(folder), args.seconds, args.patience, args.path)
            for question in questions:
                if question != "interventional" or case in INTERVENTIONAL:
                    found += _ask(bench, question, args.systems, counts[question])
        if args.json:
            facts = [asdict(one) | {"rate": one.rate} for one in found]
            Path(args.json).write_text(json.dumps({"cores": cores(), "found": facts}, indent=1), encoding="utf-8")


def _ask(bench: Bench, question: str, systems: list[str], asked: list[int]) -> list[Found]:
    ordered = sorted(systems, key=lambda name: name != "shap")
    found: list[Found] = []
    for system in ordered:
        boosted = bench.case.startswith("lightgbm")
        if system == "pred_contrib" and not (boosted and question == "values"):
            continue
        found += bench.measure(system, question, asked)
    if question == "values" and "workbench" in systems:
        found.append(bench.cold("workbench", max(asked)))
    _tell(question, found)
    return found


def _tell(question: str, found: list[Found]) -> None:
    against = f" against {BACKGROUND} background rows" if question == "interventional" else ""
    print(
        f"  {question + against:42} {'asked':>7} {'done':>7} {'seconds':>9} {'rows/s':>10} {'x shap':>8} "
        f"{'differs':>8} {'off':>8} {'imports':>8}"
    )
    for one in sorted(found, key=lambda one: one.asked):
        rival = next((two.rate for two in found if two.system == "shap" and two.asked == one.asked), None)
        _line_of(one, one.system, one.seconds, rival)
        if one.again is not None and one.rows == one.asked:
            _line_of(one, f"{one.system}, second call", one.again, rival)
    sys.stdout.flush()


def _line_of(one: Found, name: str, seconds: float | None, rival: float | None) -> None:
    if seconds is None:
        print(f"  {name:42} {one.asked:7,} cannot: {one.error}")
        return
    rate = one.asked / seconds
    times = f"{rate / rival:8.1f}" if rival else f"{'-':>8}"
    taken = f"{'~' if one.rows < one.asked else ''}{seconds:,.2f}"
    figures = " ".join(f"{figure:8.1e}" if figure is not None else f"{'-':>8}" for figure in (one.differs, one.off))
    print(
        f"  {name:42} {one.asked:7,} {one.rows:7,} {taken:>9} {rate:10,.1f} {times} {figures} {one.imports or 0.0:8.2f}"
    )


if __name__ == "__main__":
    main()
