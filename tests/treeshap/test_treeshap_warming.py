"""The compiled walk is kept on disk; until it is there nobody waits who need not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pytest
from tree_models import COLUMNS, answers, numbers

from workbench.explain.explainers import boosting
from workbench.explain.explainers.boosting import BoostingExplainer
from workbench.treeshap import is_compiled, shapley_values, warm_up, warming
from workbench.treeshap.cache import cache_folder
from workbench.treeshap.sklearn_forest import of_forest
from workbench.treeshap.warming import PROGRAMS


def test_what_was_compiled_once_is_found_by_the_next_process(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    look = "from workbench.treeshap import is_compiled; print(is_compiled())"

    def said() -> str:
        return subprocess.run(
            [sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert said() == "False"
    subprocess.run([sys.executable, "-m", "workbench.treeshap"], env=environment, check=True)
    assert said() == "True"
    assert list(tmp_path.rglob("*.nbc"))


def test_importing_the_package_loads_no_compiler() -> None:
    code = "import sys, workbench.treeshap, workbench.explain; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


ONE_TREE = """
import numpy as np
from sklearn.tree import DecisionTreeRegressor
from workbench.treeshap import is_compiled, shapley_values
from workbench.treeshap.sklearn_forest import of_forest
X = np.arange(8.0).reshape(-1, 1)
tree = DecisionTreeRegressor(max_depth=1).fit(X, X[:, 0] > 3)
print(is_compiled(), shapley_values(of_forest(tree), X[-1:])[0, 0, 0])
"""
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))"
"""No file grows beyond so many bytes, as on a disk that is full."""


@pytest.mark.parametrize("full", [False, True], ids=["no folder", "full disk"])
def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path, full: bool) -> None:
    place = tmp_path / "cache"
    if not full:
        place.write_text("")  # a file where a folder should be
    environment = {**os.environ, "XDG_CACHE_HOME": str(place), "HOME": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    code = FULL + ONE_TREE if full else ONE_TREE
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "0.5"] and not list(tmp_path.rglob("*.nbc"))


def test_what_was_compiled_here_counts_without_a_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(warming, "_found", False)
    assert not is_compiled()
    warming.compile_here()
    assert is_compiled()


def test_the_cache_changes_with_the_code() -> None:
    assert cache_folder().name.startswith("treeshap-") and cache_folder() == cache_folder()
    warm_up()
    assert is_compiled()


@pytest.mark.parametrize("kind", ["regression", "binary", "multiclass"])
def test_lightgbm_explains_itself_until_then(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    X = numbers()
    make = lightgbm.LGBMRegressor if kind == "regression" else lightgbm.LGBMClassifier
    model = make(n_estimators=6, verbose=-1).fit(X, answers(X, kind))
    explainer = BoostingExplainer(model, np.arange(COLUMNS))
    compiled = explainer.contributions(X[:9])
    monkeypatch.setattr(boosting, "is_compiled", lambda: False)
    own = explainer.contributions(X[:9])
    np.testing.assert_allclose(own.values, compiled.values, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(own.base, compiled.base, rtol=1e-9, atol=1e-12)


def test_read_only_rows_are_not_compiled_for_anew() -> None:
    from sklearn.ensemble import RandomForestRegressor

    from workbench.treeshap.kernel import add_values

    X = numbers(gaps=False)
    forest = RandomForestRegressor(3, random_state=0).fit(X, X[:, 0])
    X.flags.writeable = False
    warm_up()
    programs = len(add_values.signatures)
    assert programs == PROGRAMS
    shapley_values(of_forest(forest), X)
    assert len(add_values.signatures) == programs
