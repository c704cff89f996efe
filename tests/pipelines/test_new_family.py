"""A new family is one file and one search space: nothing else of the program is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import workbench
from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines import FAMILIES, chosen_families, families_for, family, packages_of
from workbench.resources import search_spaces

FILE = '''
"""Nearest neighbours: a family that only these tests have."""

from workbench.contracts.table import Task
from workbench.pipelines._base import Family
from workbench.pipelines.encoders import LinearEncoder


class Neighbours(Family):
    """The file of a new family, as short as it can be."""

    name = "neighbours"
    title = "Nearest neighbours"
    tasks = frozenset({Task.BINARY, Task.MULTICLASS, Task.REGRESSION})
    explainer = "sampled"

    def encoder(self, params, names=None):
        return LinearEncoder(names)

    def estimator(self, task, params, derived, *, seed, threads=1, rounds=None):
        from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

        kind = KNeighborsRegressor if task is Task.REGRESSION else KNeighborsClassifier
        return kind(int(params["neighbours"]))

    def fit(self, estimator, matrix, target, *, weight=None, budget=None):
        estimator.fit(matrix, target)
        return True

    def work(self, task, params, rows, columns, classes):
        return 0.01 + 1e-6 * rows * columns
'''
SPACE = """
version = 1
family = "neighbours"
[[parameter]]
name = "neighbours"
type = "int"
low = 1
high = 50
[[start]]
name = "some"
params = { neighbours = 15 }
"""


COMMANDS = """
import contextlib, io, json, sys
from workbench.cli import main
told = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main.run(words)
    if code:
        sys.exit(code)
    told.append(out.getvalue())
print(json.dumps(told))
"""
"""Several command lines in one process: its imports take longer than they do."""


@pytest.fixture
def program(tmp_path):
    """A copy of the program with two more files; a function that gives it command lines and tells what each printed."""
    home = tmp_path / "program"
    source = Path(workbench.__file__).parent
    shutil.copytree(source, home / "workbench", ignore=shutil.ignore_patterns("__pycache__", "search_spaces"))
    shutil.copytree(search_spaces(), home / "search_spaces")
    shutil.copy(Path(__file__).parents[1] / "quick_spaces" / "clustering.toml", home / "search_spaces")
    (home / "workbench" / "pipelines" / "families" / "neighbours.py").write_text(FILE, encoding="utf-8")
    (home / "search_spaces" / "neighbours.toml").write_text(SPACE, encoding="utf-8")

    def run(*commands):
        paths = [str(home), *filter(None, [os.environ.get("PYTHONPATH")])]
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS, json.dumps(commands)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_a_file_and_a_search_space_are_all_that_a_new_family_needs(program, tmp_path):
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"visits": random.normal(size=200), "place": random.choice(["a", "b"], 200)})
    frame["spend"] = np.sin(3 * frame["visits"]) + (frame["place"] == "a") + 5
    frame.to_csv(tmp_path / "table.csv", index=False)
    predicted = tmp_path / "said.csv"
    words = ("run", "table.csv", "--target", "spend", "--seed", "0", "--json", "--quiet")
    (run,) = program((*words, "--trials", "2", "--families", "neighbours", "--name", "mine"))
    _, explained, another = program(
        ("predict", "mine", "table.csv", "-o", str(predicted)),
        ("explain", "mine", "--row", "3", "--json"),
        (*words, "--trials", "3", "--no-report"),
    )
    assert json.loads(run)["search"]["champion"] == "neighbours"
    assert np.corrcoef(pd.read_csv(predicted)["prediction"], frame["spend"])[0, 1] > 0.9
    assert json.loads(explained)
    # nobody who doesn't name it meets it
    assert "neighbours" not in {row["family"] for row in json.loads(another)["search"]["leaderboard"]}


def test_families_stand_in_their_documented_order():
    assert list(FAMILIES) == sorted(FAMILIES, key=lambda name: (FAMILIES[name].place, name))
    assert list(FAMILIES)[:5] == ["baseline", "linear", "random_forest", "lightgbm", "clustering"]
    assert all(type(kind).__module__ == f"workbench.pipelines.families.{name}" for name, kind in FAMILIES.items())


def test_every_search_space_is_a_familys_and_the_other_way_round():
    assert {path.stem for path in search_spaces().glob("*.toml")} == {
        name for name, kind in FAMILIES.items() if kind.searchable
    }


def test_optional_families_are_searched_only_where_they_are_named():
    assert chosen_families(Task.BINARY, None) == ("linear", "random_forest", "lightgbm")
    assert {"hist_gradient_boosting", "ebm", "catboost", "xgboost"} <= set(families_for(Task.BINARY))
    assert chosen_families(Task.BINARY, [" hist_gradient_boosting", "linear", "linear"]) == (
        "hist_gradient_boosting",
        "linear",
    )
    for wanted, words in (
        (["lineer"], "no model family 'lineer'"),
        (["clustering"], "can't be used"),
        ([], "No model"),
    ):
        with pytest.raises(InputError, match=words):
            chosen_families(Task.BINARY, wanted)


def test_a_missing_library_is_a_sentence_that_names_the_extra(monkeypatch):
    monkeypatch.setattr(type(family("catboost")), "library", "no_such_library")
    with pytest.raises(InputError) as caught:
        chosen_families(Task.REGRESSION, ["linear", "catboost"])
    assert str(caught.value) == (
        "The family 'catboost' needs the package catboost: install it with `pip install 'segment-workbench[catboost]'`."
    )
    assert family("linear").missing == ""


def test_a_family_says_which_packages_its_models_need():
    assert packages_of(["linear", "lightgbm", "ebm", "lightgbm", "ensemble"]) == ("lightgbm", "interpret-core")


def test_knowing_the_families_imports_none_of_their_libraries():
    heavy = ("catboost", "interpret", "lightgbm", "shap", "sklearn.ensemble", "xgboost")
    code = f"import sys, workbench.pipelines.registry; print(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
