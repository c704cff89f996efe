"""Families of the user's own: code beside a search space, taken up where its folder is named and nowhere else."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from workbench.contracts import Task
from workbench.errors import InputError
from workbench.pipelines import FAMILIES, chosen_families, family, own_families, read_space
from workbench.pipelines.own_families import adopt, adopted, dump, own_in, take_up

OWN = Path(__file__).parent / "own"
CODE = (OWN / "neighbours.py").read_text(encoding="utf-8")
SPACE = (OWN / "neighbours.toml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = list(FAMILIES)
    yield
    adopt(None)
    assert list(FAMILIES) == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "neighbours.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "neighbours.toml").write_text(SPACE, encoding="utf-8")
    return tmp_path


def test_a_family_is_taken_up_and_let_go(folder: Path) -> None:
    assert adopt(folder) == ("neighbours",)
    assert family("neighbours").title == "Nearest neighbours"
    assert list(FAMILIES)[:5] == ["baseline", "linear", "random_forest", "lightgbm", "clustering"]
    assert chosen_families(Task.REGRESSION, ["neighbours", "linear"]) == ("neighbours", "linear")
    assert read_space("neighbours", folder).starts[0].params == {"neighbours": 7}
    again = family("neighbours")
    adopt(folder)
    assert family("neighbours") is again, "nothing has changed"
    adopt(None)
    with pytest.raises(InputError, match="no model family 'neighbours'"):
        family("neighbours")


def test_what_has_changed_is_taken_up_anew(folder: Path) -> None:
    adopt(folder)
    (folder / "neighbours.py").write_text(CODE.replace("Nearest neighbours", "Near ones"), encoding="utf-8")
    adopt(folder)
    assert family("neighbours").title == "Near ones"


def test_code_without_a_search_space_is_something_else(folder: Path) -> None:
    (folder / "helper.py").write_text("raise SystemExit", encoding="utf-8")
    assert list(own_in(folder)) == ["neighbours"]
    assert adopt(folder) == ("neighbours",)


def test_a_search_space_without_code_is_called_after_no_family(folder: Path) -> None:
    (folder / "neighbours.py").unlink()
    with pytest.raises(InputError, match=r"called after no family.*neighbours\.py beside"):
        read_space("linear", folder)


def test_code_runs_only_where_it_is_asked_for(folder: Path) -> None:
    (folder / "neighbours.py").write_text("raise SystemExit", encoding="utf-8")
    assert read_space("linear", folder).family == "linear"
    assert adopt(None) == ()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("class Broken(:", r"neighbours\.py can't be loaded as a family: SyntaxError: .* \(line 1\)\.$"),
        ("\n\n1 / 0", r"neighbours\.py .*: ZeroDivisionError: division by zero \(line 3\)\.$"),
        ("import nowhere_at_all", r"ModuleNotFoundError: No module named 'nowhere_at_all' \(line 1\)"),
        ("x = 1", r"neighbours\.py holds 0 classes made from workbench\.pipelines\.Family, not one\.$"),
        (CODE + "class Others(Neighbours):\n    pass\n", "holds 2 classes"),
        (CODE.replace("def work", "def works"), "holds 0 classes .*; Neighbours lacks work"),
        (
            CODE.replace('name = "neighbours"', 'name = "near"'),
            "'name' of Neighbours is 'near'; allowed is 'neighbours'",
        ),
        (CODE.replace('title = "Nearest neighbours"', ""), "'title' of Neighbours is None; allowed is a text"),
        (CODE.replace("frozenset({Task.REGRESSION})", "[Task.REGRESSION]"), "'tasks' of Neighbours"),
        (CODE.replace("{Task.REGRESSION}", "{Task.SEGMENTS}"), "'tasks' of Neighbours"),
        (CODE.replace('"sampled"', '"magic"'), "'explainer' of Neighbours is 'magic'; allowed is one of"),
        ("raise SystemExit(3)", r"SystemExit: 3 \(line 1\)"),
    ],
)
def test_code_that_is_no_family_is_told_in_a_sentence(folder: Path, code: str, sentence: str) -> None:
    (folder / "neighbours.py").write_text(code, encoding="utf-8")
    with pytest.raises(InputError, match=sentence):
        adopt(folder)
    assert "neighbours" not in FAMILIES
    assert f"{own_families.PREFIX}neighbours" not in sys.modules


def test_all_of_a_folder_are_taken_up_or_none(folder: Path) -> None:
    (folder / "other.py").write_text("1 / 0", encoding="utf-8")
    (folder / "other.toml").write_text(SPACE.replace("neighbours", "other"), encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.py can't be loaded"):
        adopt(folder)
    assert adopted() == {} and "neighbours" not in FAMILIES


def test_names_of_the_program_are_not_replaced(folder: Path) -> None:
    (folder / "lightgbm.py").write_text(CODE, encoding="utf-8")
    (folder / "lightgbm.toml").write_text(SPACE, encoding="utf-8")
    with pytest.raises(InputError, match=r"lightgbm\.py would replace a family"):
        adopt(folder)


@pytest.mark.parametrize("name", ["Near", "näher", "a-b", "1a"])
def test_names_are_plain(folder: Path, name: str) -> None:
    for kind in ("py", "toml"):
        (folder / f"neighbours.{kind}").rename(folder / f"{name}.{kind}")
    with pytest.raises(InputError, match="can't be a family: its name must be"):
        adopt(folder)


def test_a_model_is_read_where_the_family_is_not(folder: Path, tmp_path: Path) -> None:
    adopt(folder)
    model = family("neighbours").estimator(Task.REGRESSION, {"neighbours": 1}, (), seed=0)
    model.fit(np.array([[0.0], [1.0]]), np.array([3.0, 5.0]))
    kept = tmp_path / "model.pkl"
    with kept.open("wb") as file:
        dump({"model": model}, file)
    script = f"import pickle; print(pickle.load(open({str(kept)!r}, 'rb'))['model'].predict([[0.9]])[0])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == "5.0", done.stderr


def test_a_worker_takes_up_code_without_its_folder(folder: Path) -> None:
    adopt(folder)
    sources = adopted()
    adopt(None)
    take_up(sources)
    model = family("neighbours").estimator(Task.REGRESSION, {"neighbours": 1}, (), seed=0)
    assert pickle.loads(pickle.dumps(model)).neighbours == 1


def test_without_families_of_ones_own_pickles_are_plain() -> None:
    file = io.BytesIO()
    dump([1, 2], file)
    assert pickle.loads(file.getvalue()) == [1, 2]
